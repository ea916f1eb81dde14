import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openIdentity } from './identity.ts'

let path: string

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-identity-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  path = join(folder, 'agent', 'agent-key.pem')
})

test('made once, the same for ever after', () => {
  const { publicKeyHex } = openIdentity(path)
  expect(publicKeyHex).toMatch(/^[0-9A-F]{64}$/)
  expect(openIdentity(path).publicKeyHex).toBe(publicKeyHex)
})

test('the key is its owner’s alone', () => {
  openIdentity(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
})

test('what it signs verifies under the key that it tells, and nothing else does', () => {
  const identity = openIdentity(path)
  const x = Buffer.from(identity.publicKeyHex, 'hex').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const signature = identity.sign('ä message')
  expect(verify(null, Buffer.from('ä message'), key, signature)).toBe(true)
  expect(verify(null, Buffer.from('a message'), key, signature)).toBe(false)
})

test('a key file that is spoiled is refused, never replaced', () => {
  openIdentity(path)
  writeFileSync(path, 'nothing')
  expect(() => openIdentity(path)).toThrow()
  expect(readFileSync(path, 'utf8')).toBe('nothing')
})
