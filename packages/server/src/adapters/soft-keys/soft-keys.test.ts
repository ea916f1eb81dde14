import { createCipheriv, createDecipheriv } from 'node:crypto'
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveWrapKey, writeWrapContext } from '@unlatch/card/unblock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeKeyService } from '../../ports/key-service.contract.ts'
import { Journal } from './journal.ts'
import { type KeyProtection, openKeyStore } from './key-store.ts'
import { openSoftKeys } from './soft-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const clock = { now: () => new Date('2026-11-23T09:00:00Z') }
const open = (protection: KeyProtection, releasesPerHour = 100) =>
  openSoftKeys({ folder, protection, clock, releasesPerHour })

describeKeyService('software', (releasesPerHour) => open({ keyFile: join(folder, 'unlock.key') }, releasesPerHour))

describe('key store', () => {
  const path = () => join(folder, 'keys.json')

  it('opens again with the same passphrase to the same keys, and with no other', async () => {
    const first = await openKeyStore(path(), { passphrase: 'correct horse' })
    const again = await openKeyStore(path(), { passphrase: 'correct horse' })
    expect(again).toEqual(first)
    await expect(openKeyStore(path(), { passphrase: 'wrong horse' })).rejects.toMatchObject({ code: 'locked' })
    await expect(openKeyStore(path(), { keyFile: join(folder, 'unlock.key') })).rejects.toMatchObject({
      code: 'locked',
    })
  })

  it('is readable by its owner alone, and holds no key in clear', async () => {
    const { master, unblockKeys } = await openKeyStore(path(), { keyFile: join(folder, 'unlock.key') })
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'unlock.key')).mode & 0o777).toBe(0o600)
    const text = readFileSync(path(), 'utf8')
    for (const secret of [master, ...unblockKeys]) {
      for (const form of ['base64', 'hex', 'latin1'] as const) expect(text).not.toContain(secret.toString(form))
    }
  })

  it('a key file that others may read, of another length, or absent is refused', async () => {
    const keyFile = join(folder, 'unlock.key')
    await openKeyStore(path(), { keyFile })
    chmodSync(keyFile, 0o640)
    await expect(openKeyStore(path(), { keyFile })).rejects.toMatchObject({ code: 'locked', message: /chmod 600/ })
    chmodSync(keyFile, 0o600)
    writeFileSync(keyFile, 'short')
    await expect(openKeyStore(path(), { keyFile })).rejects.toMatchObject({ code: 'locked' })
    rmSync(keyFile)
    await expect(openKeyStore(path(), { keyFile })).rejects.toMatchObject({ code: 'locked' })
  })

  it('a damaged or changed file is refused, never replaced', async () => {
    const keyFile = join(folder, 'unlock.key')
    await openKeyStore(path(), { keyFile })
    const good = readFileSync(path(), 'utf8')
    const stored = JSON.parse(good)
    const sealed = Buffer.from(stored.sealed, 'base64')
    sealed[5] = (sealed[5] as number) ^ 1
    for (const bad of [
      '',
      '{',
      JSON.stringify({ ...stored, sealed: sealed.toString('base64') }),
      '{"format":"other"}',
    ]) {
      writeFileSync(path(), bad)
      await expect(openKeyStore(path(), { keyFile })).rejects.toMatchObject({ code: 'locked' })
      expect(readFileSync(path(), 'utf8')).toBe(bad)
    }
  })
})

describe('journal', () => {
  it('has the intent on the disk before the command leaves, without the secret', async () => {
    const keys = await open({ keyFile: join(folder, 'unlock.key') })
    const cardUuid = nodeCrypto.random(16)
    const permit = { station: 's', recordId: 'r', cardUuid }
    const to = { epoch: 0, counter: 7 }
    const command = await keys.keyCommand(permit, { kind: 'piv-change-puk', from: 'factory', to })
    const [line = ''] = readFileSync(join(folder, 'journal.jsonl'), 'utf8').split('\n')
    expect(JSON.parse(line)).toMatchObject({ purpose: 'unlatch/puk/v1', epoch: 0, counter: 7 })
    expect(line).not.toContain(Buffer.from(command.slice(-8)).toString('latin1'))
    await keys.close()
  })

  it('drops a last line that a crash cut short, and goes on', () => {
    const path = join(folder, 'journal.jsonl')
    const entry = { cardUuid: new Uint8Array(16), purpose: 'p', generation: { epoch: 0, counter: 1 }, at: new Date(0) }
    const first = new Journal(path)
    first.append(entry)
    first.close()
    appendFileSync(path, '{"at":"1970')
    const second = new Journal(path)
    second.append({ ...entry, generation: { epoch: 0, counter: 2 } })
    second.close()
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).counter)).toEqual([1, 2])
  })
})

describe('[piv-unblock/v1, Derived secrets] wrap key', () => {
  it('an imported secret is IV, ciphertext and tag under the wrap key, bound to card, label and generation 0.0', async () => {
    const keyFile = join(folder, 'unlock.key')
    const keys = await open({ keyFile })
    const cardUuid = nodeCrypto.random(16)
    const octets = Uint8Array.from(Buffer.from('73915204'))
    const sealed = await keys.importSecret({ station: 's', recordId: 'r', cardUuid }, { kind: 'piv-puk', octets }, [])
    await keys.close()
    const { master } = await openKeyStore(join(folder, 'keys.json'), { keyFile })
    const blob = Buffer.from(sealed, 'base64')
    expect(blob).toHaveLength(12 + 8 + 16)
    const decipher = createDecipheriv('aes-256-gcm', deriveWrapKey(nodeCrypto, master), blob.subarray(0, 12))
    const [label, zero] = [Buffer.from('unlatch/puk/v1'), Buffer.of(0)]
    decipher.setAAD(Buffer.concat([Buffer.from('unlatch/wrap/v1'), zero, cardUuid, label, zero, Buffer.alloc(4)]))
    decipher.setAuthTag(blob.subarray(-16))
    expect(Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]).toString()).toBe('73915204')
  })

  it('of one fixed IV is the known answer', () => {
    const cardUuid = Buffer.from('30313233343536378898A0A1A2A3A4A5', 'hex')
    const context = writeWrapContext(cardUuid, 'unlatch/puk/v1', { epoch: 0, counter: 0 })
    expect(Buffer.from(context).toString('hex')).toBe(
      '756e6c617463682f777261702f76310030313233343536378898a0a1a2a3a4a5756e6c617463682f70756b2f76310000000000',
    )
    const key = Buffer.from('050e66a30195268c316952657799b061b5630089caa9cfa371a34397ead07720', 'hex')
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12)).setAAD(context)
    const sealed = Buffer.concat([cipher.update('73915204'), cipher.final(), cipher.getAuthTag()])
    expect(sealed.toString('hex')).toBe('afe82292dfb9499670aa4139fa2f116446f5d3de26994d74')
  })
})
