import { createHash, X509Certificate } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { CardError } from '@unlatch/card/iso7816'
import * as piv from '@unlatch/card/piv'
import { Problem, SignedByCard, writeSignedOctets, writeStatement } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { type CardConnection, type CardReaders, ReaderError } from './ports.ts'

/**
 * An operator card signs a statement with its key 9A.
 *
 * Rules: the key that signs here may open logons elsewhere. So this computer makes the octets itself, from a statement that it
 * could read and that its holder was shown; no digest, text or octets of a server are ever signed. The PIN is used once.
 *
 * @see [security.md, The operator's signature]
 */

/** What came of it: certificate (DER) and signature, in hexadecimal. */
export interface CardSignature {
  readonly certificate: string
  readonly signature: string
}

/**
 * The statement that a server asks to have signed.
 *
 * @throws Problem `statement-refused` when it is none, or says more or less than ours do.
 */
export function readStatement(asked: unknown): SignedByCard {
  const parsed = SignedByCard.safeParse(asked)
  if (!parsed.success) throw new Problem('statement-refused')
  return parsed.data
}

/**
 * Tries of the card's PIN that are left; undefined when the card does not tell. Touches no counter.
 *
 * @throws Problem `card-not-supported` when it holds no certificate in 9A that we can use; `no-card`, `reader-in-use`…
 */
export async function readSigner(readers: CardReaders, reader: string): Promise<number | undefined> {
  return withCard(readers, reader, async (connection) => {
    const tries = await piv.readPinTries(connection)
    algorithmOf(await piv.readAuthenticationCertificate(connection))
    return triesOf(tries)
  })
}

/**
 * Signs. Overwrites the PIN.
 *
 * @param hasConsent - the holder agreed that a wrong PIN blocks the card.
 * @throws Problem `pin-wrong` with `triesLeft`; `last-try`, `pin-malformed`: nothing has happened; `card-removed`:
 *   pulled, nothing was signed; `card-not-supported`.
 */
export async function signStatement(
  readers: CardReaders,
  reader: string,
  statement: SignedByCard,
  pin: Uint8Array,
  hasConsent: boolean,
): Promise<CardSignature> {
  try {
    if (!isPin(pin)) throw new Problem('pin-malformed')
    return await withCard(readers, reader, async (connection) => {
      const left = triesOf(await piv.readPinTries(connection))
      if (left === 0) throw new Problem('pin-wrong', { facts: { triesLeft: 0 } })
      if (left === 1 && !hasConsent) throw new Problem('last-try')
      const certificate = await piv.readAuthenticationCertificate(connection)
      const algorithm = algorithmOf(certificate)
      await piv.verifyPin(connection, pin)
      const signature = await piv.signWithAuthenticationKey(connection, algorithm, digestOf(statement))
      return { certificate: writeHex(certificate), signature: writeHex(signature) }
    })
  } finally {
    pin.fill(0)
  }
}

/** Held for one thing; the card is reset afterwards, so that nobody finds its PIN verified. */
async function withCard<T>(
  readers: CardReaders,
  reader: string,
  work: (connection: CardConnection) => Promise<T>,
): Promise<T> {
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    await piv.select(connection)
    return await work(connection)
  } catch (error) {
    const isBlocked = error instanceof CardError && error.code === 'reference-blocked'
    if (isBlocked) throw new Problem('pin-wrong', { facts: { triesLeft: 0 }, cause: error })
    if (error instanceof CardError && error.code === 'security-status')
      throw new Problem('card-not-supported', { cause: error })
    // Torn while signing: whatever the card did, nobody has the signature.
    if (error instanceof ReaderError && error.code === 'torn') throw new Problem('card-removed', { cause: error })
    throw asProblem(error)
  } finally {
    await connection?.disconnect()
  }
}

function digestOf(statement: SignedByCard): Uint8Array {
  const inner = createHash('sha256').update(writeStatement(statement)).digest()
  return createHash('sha256').update(writeSignedOctets(inner)).digest()
}

/** @throws Problem `card-not-supported` for another key than P-256 or RSA with 2048 bits. */
function algorithmOf(certificate: Uint8Array): piv.SigningAlgorithm {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = new X509Certificate(certificate).publicKey
    if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'p256'
    if (type === 'rsa' && details?.modulusLength === 2048) return 'rsa2048'
  } catch (cause) {
    throw new Problem('card-not-supported', { cause })
  }
  throw new Problem('card-not-supported')
}

function triesOf(tries: piv.Tries): number | undefined {
  if (tries.state === 'blocked') return 0
  return tries.state === 'left' ? tries.retriesLeft : undefined
}

const isPin = (pin: Uint8Array) =>
  pin.length >= 6 && pin.length <= 8 && pin.every((octet) => octet >= 0x30 && octet <= 0x39)
