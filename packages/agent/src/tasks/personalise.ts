import { readHex, writeHex } from '@unlatch/card'
import { readCommand, send, writeResponse } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { select } from '@unlatch/card/piv'
import { deriveAttemptKeys, writeRehearsal } from '@unlatch/card/unblock'
import { type PersonalisationRound, Problem, type RegisterCard } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import { computeSecret } from './offline-secret.ts'
import type { CardConnection, CardReaders, Configuration, ServerClient } from './ports.ts'

/** No honest personalisation takes longer. */
const MOST_ROUNDS = 40

/**
 * Registers the card in a reader and relays its personalisation: the server builds each command, this station sends it and
 * returns what the card said.
 *
 * @returns the card's id.
 * @throws Problem `personalisation-refused` and what the server or the reader names.
 */
export async function personalise(
  tools: { readers: CardReaders; server: ServerClient; configuration: Configuration },
  reader: string,
  wish: RegisterCard,
): Promise<string> {
  const { readers, server, configuration } = tools
  if (wish.family === 'piv' && configuration.unblockKeys.length === 0) throw new Problem('configuration-missing')
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    let round = await server.registerCard(wish)
    for (let turn = 0; !round.isDone; turn++) {
      if (turn > MOST_ROUNDS) throw new Problem('personalisation-refused', { facts: { why: 'it does not end' } })
      const answers = round.rehearsal
        ? await rehearse(connection, round.rehearsal, configuration)
        : await relay(connection, round.commands)
      round = await server.personaliseCard({ cardId: round.cardId, round: round.round, answers })
    }
    return round.cardId
  } catch (error) {
    throw asProblem(error)
  } finally {
    await connection?.disconnect()
  }
}

async function relay(connection: CardConnection, commands: readonly string[]): Promise<string[]> {
  const answers: string[] = []
  for (const command of commands) {
    const { data, sw } = await send(connection, readCommand(readHex(command)))
    answers.push(writeHex(writeResponse(sw, data)))
  }
  return answers
}

/** Proves twice, across a reset and without a PIN, that key 9E agrees. Empty when the card does not do it. */
async function rehearse(
  connection: CardConnection,
  { cardUuid, nonce, variant }: NonNullable<PersonalisationRound['rehearsal']>,
  { unblockKeys: [unblockKey] }: Configuration,
): Promise<string[]> {
  if (!unblockKey) throw new Problem('configuration-missing')
  const proofs: string[] = []
  try {
    for (let time = 0; time < 2; time++) {
      await connection.reset()
      await select(connection)
      const z = await computeSecret(connection, variant, unblockKey)
      const keys = deriveAttemptKeys(nodeCrypto, z, readHex(nonce), variant, readHex(cardUuid))
      proofs.push(writeHex(writeRehearsal(nodeCrypto, keys)))
    }
    return proofs
  } catch (error) {
    const problem = asProblem(error)
    if (problem instanceof Problem && error instanceof Error && error.name === 'CardError') return []
    throw error
  }
}
