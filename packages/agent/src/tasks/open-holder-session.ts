import { writeHex } from '@unlatch/card'
import * as gids from '@unlatch/card/gids'
import { CardError } from '@unlatch/card/iso7816'
import * as piv from '@unlatch/card/piv'
import { type HolderSession, Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import type { CardConnection, CardReaders } from './ports.ts'
import { readCard } from './read-card.ts'
import { ReleaseLine } from './release-line.ts'
import { expectTypedPin } from './typed-pin.ts'
import type { ConnectedTools } from './unblock-connected.ts'

/**
 * A holder opens My Smartcard: the card compares the PIN, then proves itself to the server. Overwrites the PIN. The card is reset
 * afterwards, so that nobody finds its PIN verified.
 *
 * @param isSameCard - whether the card in the reader is still the one that its holder was asked about; asked while it is held.
 * @param hasConsent - the holder agreed that a wrong PIN blocks the card.
 * @throws Problem `pin-wrong` with `triesLeft`, where the card tells; `pin-malformed`, `last-try`, `global-pin`, `card-removed`;
 *   what the server says: `card-unknown`, `card-suspended`, `server-unreachable`…
 */
export async function openHolderSession(
  tools: Pick<ConnectedTools, 'server' | 'keySha256' | 'now'> & { readonly readers: CardReaders },
  reader: string,
  isSameCard: () => Promise<boolean>,
  pin: Uint8Array,
  hasConsent: boolean,
): Promise<HolderSession> {
  let connection: CardConnection | undefined
  const over = new AbortController()
  try {
    const held = await tools.readers.connect(reader)
    connection = held
    if (!(await isSameCard())) throw new Problem('card-removed')
    const reading = await readCard(held)
    expectTypedPin(reading, pin, hasConsent)
    await (reading.family === 'gids' ? gids.verifyPin(held, pin) : piv.verifyPin(held, pin))
    const { server, keySha256, now } = tools
    const cardUuid = writeHex(reading.cardUuid)
    const whenLost = async () => asProblem(await held.whenEnded) as Problem
    const wish = { server, keySha256, now, cardUuid, reader, whenLost, signal: over.signal }
    const line = await ReleaseLine.open(held, wish)
    const { sessionId, proof } = await line.insist(() =>
      server.openHolderSession({ cardUuid, reader, jobKey: line.jobKey }),
    )
    const octets = proof && (await line.openProof(sessionId, proof))
    return await line.insist(() => server.proveHolderSession({ sessionId, ...(octets && { proof: writeHex(octets) }) }))
  } catch (error) {
    if (error instanceof CardError && error.code === 'reference-blocked') {
      throw new Problem('pin-wrong', { facts: { triesLeft: 0 }, cause: error })
    }
    throw asProblem(error)
  } finally {
    pin.fill(0)
    over.abort()
    await connection?.disconnect()
  }
}
