import { readHex, writeHex } from '@unlatch/card'
import { readCommand, send, writeResponse } from '@unlatch/card/iso7816'
import { Problem, type RotationRound } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { type CardConnection, type CardReaders, type Configuration, ReaderError, type ServerClient } from './ports.ts'
import { readCard } from './read-card.ts'
import { rehearse } from './rehearse.ts'
import { findHardwareNumber } from './see-card.ts'

/** No honest rotation takes more rounds, torn ones included. */
const MOST_ROUNDS = 12

/**
 * A card's contact with the server: it proves itself, and its PUK is exchanged where somebody outside may know it; at a station,
 * and at the computer that unblocked this card. What is torn here is taken up at the next contact: the record names both PUKs
 * before the command leaves. A GIDS card proves its admin key, at a station alone.
 *
 * @param hasConsent - at a station: the holder agrees to one try on a secret that is not sure, which a supervisor approved.
 * @returns how it ended.
 * @throws Problem `rehearsal-failed`, `admin-key-refused`, `try-not-approved` (nothing was spent), `card-unknown`, `card-identity-conflict`, `card-in-two-places`, `station-only`, and what
 *   the reader names.
 */
export async function contactCard(
  tools: { readers: CardReaders; server: ServerClient; configuration: Configuration },
  reader: string,
  hasConsent = false,
): Promise<NonNullable<RotationRound['end']>> {
  const { readers, server, configuration } = tools
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    const reading = await readCard(connection)
    const hardwareNumber = await findHardwareNumber(connection)
    let round = await server.touchCard({ cardUuid: writeHex(reading.cardUuid), hardwareNumber, hasConsent })
    for (let turn = 0; turn < MOST_ROUNDS; turn++) {
      if (round.end !== null) return round.end
      const { cardId, attempt } = round
      if (round.rehearsal) {
        const proofs = await rehearse(connection, round.rehearsal, configuration)
        round = await server.rotatePuk({ cardId, attempt, proofs })
      } else {
        const answer = await relay(connection, round.command ?? '')
        round = await server.rotatePuk({ cardId, attempt, answer })
      }
    }
    throw new Problem('card-fault', { detail: 'the rotation does not end' })
  } catch (error) {
    throw error instanceof ReaderError ? asProblem(error) : error
  } finally {
    await connection?.disconnect()
  }
}

async function relay(connection: CardConnection, command: string): Promise<string> {
  const { data, sw } = await send(connection, readCommand(readHex(command)))
  return writeHex(writeResponse(sw, data))
}
