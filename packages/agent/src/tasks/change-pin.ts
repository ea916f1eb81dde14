import * as gids from '@unlatch/card/gids'
import { CardError } from '@unlatch/card/iso7816'
import * as piv from '@unlatch/card/piv'
import { type PinPolicy, Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { checkNewPin } from './new-pin.ts'
import { type CardConnection, type CardReaders, ReaderError } from './ports.ts'
import { type CardReading, readCard } from './read-card.ts'
import { expectTypedPin } from './typed-pin.ts'

/**
 * A holder exchanges a PIN that works for one that only he knows: the one that the card came with, at first. What a person can
 * get wrong never reaches the card: form of the current PIN, rules of the new one, the last try without a word about it.
 *
 * Overwrites both PINs.
 *
 * @param isSameCard - whether the card in the reader is still the one that its holder was asked about; asked while it is held.
 * @param hasConsent - the holder agreed that a wrong current PIN blocks the card.
 * @throws Problem `pin-wrong` with `triesLeft`, where the card tells; `pin-policy` with `rules`; `pin-malformed`, `last-try`,
 *   `pin-refused-by-card`, `card-removed`: nothing has happened; `outcome-unknown`: torn, one of the two PINs works.
 */
export async function changePin(
  tools: { readers: CardReaders; policy: PinPolicy },
  reader: string,
  isSameCard: () => Promise<boolean>,
  pins: { current: Uint8Array; replacement: Uint8Array },
  hasConsent: boolean,
): Promise<void> {
  const { current, replacement } = pins
  let connection: CardConnection | undefined
  let isSent = false
  try {
    await checkNewPin(tools.policy, replacement)
    connection = await tools.readers.connect(reader)
    if (!(await isSameCard())) throw new Problem('card-removed')
    const reading = await readCard(connection)
    expectTypedPin(reading, current, hasConsent)
    isSent = true
    await change(connection, reading, current, replacement)
  } catch (error) {
    if (isSent && error instanceof ReaderError) throw new Problem('outcome-unknown', { cause: error })
    if (error instanceof CardError && error.code === 'reference-blocked') {
      throw new Problem('pin-wrong', { facts: { triesLeft: 0 }, cause: error })
    }
    throw asProblem(error)
  } finally {
    current.fill(0)
    replacement.fill(0)
    await connection?.disconnect()
  }
}

async function change(
  connection: CardConnection,
  { family }: CardReading,
  current: Uint8Array,
  replacement: Uint8Array,
): Promise<void> {
  if (family === 'gids') {
    // A GIDS card splits old and new by the length of the PIN that it has: only a proven one is split where it should be.
    await gids.verifyPin(connection, current)
    return gids.changePin(connection, current, replacement)
  }
  const [old, padded] = [piv.padReferenceData(current), piv.padReferenceData(replacement)]
  try {
    await piv.changeReferenceData(connection, piv.REFERENCE.applicationPin, old, padded)
  } finally {
    old.fill(0)
    padded.fill(0)
  }
}
