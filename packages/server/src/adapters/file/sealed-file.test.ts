import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openExportFolder } from '../export-folder/export-folder.ts'
import { messageOf } from '../message.fixture.ts'
import { fileCarrier } from './sealed-file.ts'

/** What a printing house gets, it alone can read. */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unlatch-files-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const send = (publicKey: string) =>
  fileCarrier(openExportFolder(root)).send(
    { details: { kind: 'file', file: { folder: 'printing-house', publicKey } }, secret: null },
    messageOf(),
  )

it.each([
  ['ECDH-ES+A256KW', 'P-256'],
  ['RSA-OAEP-256', 'RSA of 2048 bits'],
])('a JWE by %s, for a key of %s', async (alg) => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  await send(JSON.stringify({ ...(await exportJWK(publicKey)), kid: 'house-1' }))
  const jwe = readFileSync(join(root, 'printing-house', `${messageOf().id}.jwe`), 'utf8')
  expect(jwe).not.toContain('4711')
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey)
  expect(protectedHeader).toMatchObject({ alg, enc: 'A256GCM', kid: 'house-1' })
  expect(JSON.parse(Buffer.from(plaintext).toString())).toMatchObject({
    type: 'puc.print',
    id: messageOf().id,
    puc: '47110815',
    to: { name: 'Åsa Öberg' },
  })
})

it('a key that is none, or that is private, is told, and nothing is written', async () => {
  const { privateKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true })
  for (const key of ['not json', '{"kty":"EC"}', JSON.stringify(await exportJWK(privateKey))]) {
    await expect(send(key)).rejects.toMatchObject({ code: 'delivery-refused', isFinal: true })
  }
  expect(() => readFileSync(join(root, 'printing-house', `${messageOf().id}.jwe`))).toThrow('ENOENT')
})

it('a folder that cannot be written is told', async () => {
  const { publicKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true })
  rmSync(root, { recursive: true })
  const exports = openExportFolder('/dev/null/nowhere')
  const file = { folder: 'x', publicKey: JSON.stringify(await exportJWK(publicKey)) }
  await expect(
    fileCarrier(exports).send({ details: { kind: 'file', file }, secret: null }, messageOf()),
  ).rejects.toMatchObject({ code: 'delivery-unreachable', isFinal: false })
})
