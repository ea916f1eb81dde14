import { ascii, type BlockCipher, concat, KEY_LENGTH, type Octets, readHex } from '@unlatch/card'
import { readAll, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import type { VirtualCard } from '../virtual-card.ts'
import { runCommand } from './run-command.ts'

/** What a PIV card that comes from the factory is given at issuance; what is absent stays as it is. */
export interface PivPersonalisation {
  /** 16 bytes, for the CHUID. */
  readonly cardUuid: Uint8Array
  /** 8 digits. */
  readonly puk?: string
  /** 6 to 8 digits. */
  readonly pin?: string
  /** Key 9B; only cards with Yubico's SET MANAGEMENT KEY take one. */
  readonly managementKey?: { readonly cipher: BlockCipher; readonly key: Uint8Array }
  /** The key pair to make in slot 9E; none when absent. */
  readonly nineE?: 'p256' | 'rsa2048'
  /** Expiry in the CHUID, YYYYMMDD. */
  readonly expiry?: string
}

/** What issuance learnt: the public key of slot 9E. */
export type PersonalisedPiv = {
  readonly nineE?:
    | { readonly algorithm: 'p256'; readonly point: Octets }
    | { readonly algorithm: 'rsa2048'; readonly modulus: Octets; readonly exponent: Octets }
}

/** [SP 800-78-5, Table 10] */
const CIPHER_IDS = { '3des': 0x03, aes128: 0x08, aes192: 0x0a, aes256: 0x0c } as const
const KEY_PAIR_IDS = { p256: 0x11, rsa2048: 0x07 } as const
const CIPHERS = ['3des', 'aes128', 'aes192', 'aes256'] as const satisfies readonly BlockCipher[]

const FACTORY_PIN = '123456'
const FACTORY_PUK = '12345678'
/** FASC-N of an issuer outside the United States' government: agency and system 9999. [SP 800-73-5 pt 1, 3.1.2] */
const FASC_N = readHex('D4E739DA739CED39CE739D836858210842108421C84210C3EB')

/**
 * Issues a PIV card from the factory: key pair in 9E, CHUID, PUK, PIN and key 9B, in this order.
 *
 * @throws CardError when the card refuses.
 */
export function personalisePiv(card: VirtualCard, wishes: PivPersonalisation): PersonalisedPiv {
  const run = (name: string, ins: number, p1: number, p2: number, data?: Octets) =>
    runCommand(card, name, { cla: 0, ins, p1, p2, ...(data && { data }) })

  run('SELECT', 0xa4, 0x04, 0x00, readHex('A00000030800001000'))
  authenticate(card)
  const template = wishes.nineE && writeTlv(0xac, writeTlv(0x80, Uint8Array.of(KEY_PAIR_IDS[wishes.nineE])))
  const publicKey = template && run('GENERATE ASYMMETRIC KEY PAIR', 0x47, 0x00, 0x9e, template)
  const chuid = writeChuid(wishes.cardUuid, wishes.expiry ?? '20351231')
  run('PUT DATA', 0xdb, 0x3f, 0xff, concat(writeTlv(0x5c, readHex('5FC102')), writeTlv(0x53, chuid)))
  if (wishes.puk) run('CHANGE REFERENCE DATA', 0x24, 0x00, 0x81, concat(ascii(FACTORY_PUK), ascii(wishes.puk)))
  if (wishes.pin) run('CHANGE REFERENCE DATA', 0x24, 0x00, 0x80, concat(pad(FACTORY_PIN), pad(wishes.pin)))
  if (wishes.managementKey) {
    const { cipher, key } = wishes.managementKey
    run('SET MANAGEMENT KEY', 0xff, 0xff, 0xff, concat(Uint8Array.of(CIPHER_IDS[cipher]), writeTlv(0x9b, key)))
  }
  return publicKey && wishes.nineE ? { nineE: readPublicKey(wishes.nineE, publicKey) } : {}
}

const pad = (pin: string) => concat(ascii(pin), new Uint8Array(8 - pin.length).fill(0xff))

/** Single authentication with the factory's key 9B, in whichever cipher the card has it. */
export function authenticate(card: VirtualCard): void {
  const { cipher, challenge } = getChallenge(card)
  const key = readHex('0102030405060708'.repeat(4)).subarray(0, KEY_LENGTH[cipher])
  const response = writeTlv(0x7c, writeTlv(0x82, nodeCrypto.encryptBlocks(cipher, key, challenge)))
  runCommand(card, 'GENERAL AUTHENTICATE', { cla: 0, ins: 0x87, p1: CIPHER_IDS[cipher], p2: 0x9b, data: response })
}

function getChallenge(card: VirtualCard): { cipher: BlockCipher; challenge: Octets } {
  const refusals: unknown[] = []
  for (const cipher of CIPHERS) {
    const command = { cla: 0, ins: 0x87, p1: CIPHER_IDS[cipher], p2: 0x9b, data: writeTlv(0x7c, writeTlv(0x81)) }
    try {
      const answer = runCommand(card, 'GENERAL AUTHENTICATE', command)
      return { cipher, challenge: readAll(answer, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81))) }
    } catch (refusal) {
      refusals.push(refusal)
    }
  }
  throw refusals[0]
}

/** CHUID without a signature. [SP 800-73-5 pt 1, 3.1.2] */
function writeChuid(cardUuid: Uint8Array, expiry: string): Octets {
  return concat(
    writeTlv(0x30, FASC_N),
    writeTlv(0x34, cardUuid),
    writeTlv(0x35, ascii(expiry)),
    writeTlv(0x3e),
    writeTlv(0xfe),
  )
}

function readPublicKey(algorithm: 'p256' | 'rsa2048', answer: Octets): NonNullable<PersonalisedPiv['nineE']> {
  return readAll(answer, (cursor) =>
    cursor.enter(0x7f49, (key) =>
      algorithm === 'p256'
        ? { algorithm, point: key.read(0x86) }
        : { algorithm, modulus: key.read(0x81), exponent: key.read(0x82) },
    ),
  )
}
