import { createPublicKey } from 'node:crypto'
import { concat, type Octets, readHex } from '@unlatch/card'
import { readAll, writeTlv } from '@unlatch/card/iso7816'
import type { VirtualCard } from '../virtual-card.ts'
import { authenticate } from './personalise-piv.ts'
import { runCommand } from './run-command.ts'

const KEY_PAIR_IDS = { p256: 0x11, rsa2048: 0x07 } as const

/**
 * Gives a PIV card that still has the factory's key 9B a key pair in 9A and the certificate that is issued for it, so that it
 * signs once its PIN was verified.
 *
 * @param issue - makes the certificate, DER, for a public key (SubjectPublicKeyInfo, DER).
 * @throws CardError when the card refuses.
 * @see [SP 800-73-5 pt 2, 3.3.1 and 3.3.2]; [SP 800-73-5 pt 1, table 11]
 */
export async function giveAuthenticationKey(
  card: VirtualCard,
  algorithm: keyof typeof KEY_PAIR_IDS,
  issue: (publicKey: Octets) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const run = (name: string, ins: number, p1: number, p2: number, data: Octets) =>
    runCommand(card, name, { cla: 0, ins, p1, p2, data })
  const begin = () => {
    run('SELECT', 0xa4, 0x04, 0x00, readHex('A00000030800001000'))
    authenticate(card)
  }
  begin()
  const template = writeTlv(0xac, writeTlv(0x80, Uint8Array.of(KEY_PAIR_IDS[algorithm])))
  const certificate = await issue(readPublicKey(run('GENERATE ASYMMETRIC KEY PAIR', 0x47, 0x00, 0x9a, template)))
  // Whoever issued took time: the card may have been used since.
  begin()
  const object = concat(writeTlv(0x70, certificate), writeTlv(0x71, Uint8Array.of(0)), writeTlv(0xfe))
  run('PUT DATA', 0xdb, 0x3f, 0xff, concat(writeTlv(0x5c, readHex('5FC105')), writeTlv(0x53, object)))
  card.reset()
  return certificate
}

function readPublicKey(answer: Octets): Octets {
  const base64url = (octets: Uint8Array) => Buffer.from(octets).toString('base64url')
  const key = readAll(answer, (cursor) =>
    cursor.enter(0x7f49, (inside) => {
      const point = inside.readIf(0x86)
      if (!point) return { kty: 'RSA', n: base64url(inside.read(0x81)), e: base64url(inside.read(0x82)) }
      return { kty: 'EC', crv: 'P-256', x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) }
    }),
  )
  return new Uint8Array(createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'der' }))
}
