import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seal } from './seal.ts'

/** Opens as the agent does, with Node's own primitives. */
function open(agent: ReturnType<typeof createECDH>, sealed: Awaited<ReturnType<typeof seal>>, context: string): string {
  const shared = agent.computeSecret(Buffer.from(sealed.point, 'base64'))
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'unlatch/loopback/v1', 32))
  const octets = Buffer.from(sealed.ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'))
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(octets.subarray(-16))
  return Buffer.concat([decipher.update(octets.subarray(0, -16)), decipher.final()]).toString('latin1')
}

describe('a secret sealed for the agent', () => {
  const agent = createECDH('prime256v1')
  agent.generateKeys()
  const sealKey = agent.getPublicKey('base64', 'uncompressed')

  it('is opened by the holder of the key', async () => {
    const sealed = await seal(sealKey, 'attempt-1', 'new-pin', new TextEncoder().encode('60718293'))
    expect(open(agent, sealed, 'attempt-1/new-pin')).toBe('60718293')
    expect(Buffer.from(sealed.point, 'base64')).toHaveLength(65)
    expect(Buffer.from(sealed.iv, 'base64')).toHaveLength(12)
  })

  it('does not open for another attempt or another field', async () => {
    const sealed = await seal(sealKey, 'attempt-1', 'cryptogram', new TextEncoder().encode('286326548675'))
    expect(() => open(agent, sealed, 'attempt-2/cryptogram')).toThrow()
    expect(() => open(agent, sealed, 'attempt-1/new-pin')).toThrow()
  })

  it('overwrites the octets that it was given, and never seals twice alike', async () => {
    const secret = new TextEncoder().encode('60718293')
    const first = await seal(sealKey, 'attempt-1', 'new-pin', secret)
    expect([...secret]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    const second = await seal(sealKey, 'attempt-1', 'new-pin', new TextEncoder().encode('60718293'))
    expect(second.ciphertext).not.toBe(first.ciphertext)
    expect(second.point).not.toBe(first.point)
  })
})
