import { readHex, writeHex } from '@unlatch/card'
import { readCommand, send, writeResponse } from '@unlatch/card/iso7816'
import { Problem, type RegisterCard } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import type { CardConnection, CardReaders, Configuration, ServerClient } from './ports.ts'
import { rehearse } from './rehearse.ts'

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
