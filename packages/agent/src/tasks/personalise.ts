import { readHex, writeHex } from '@unlatch/card'
import { readCommand, send, writeResponse } from '@unlatch/card/iso7816'
import { type IssueCard, Problem, type RegisterCard } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import type { CardConnection, CardReaders, Configuration, ServerClient } from './ports.ts'
import { rehearse } from './rehearse.ts'
import { seeCard } from './see-card.ts'

/** No honest personalisation takes longer. */
const MOST_ROUNDS = 40

/** What a station works with. */
export interface StationTools {
  readonly readers: CardReaders
  readonly server: ServerClient
  readonly configuration: Configuration
}

/** What a station says beside the card's id. */
export type IssueWish = Pick<IssueCard, 'currentSecrets' | 'isFreshCard' | 'factoryAdminKey'>

/**
 * Issues a registered card, or goes on where an earlier run was torn: the server builds each command, this station sends it
 * and returns what the card said.
 *
 * @throws Problem `personalisation-refused`, `card-key-unknown`, `card-identity-conflict` and what the server or the reader
 *   names.
 */
export async function issueCard(
  { readers, server, configuration }: StationTools,
  reader: string,
  cardId: string,
  wish: IssueWish = {},
): Promise<void> {
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    const { cardUuid, hardwareNumber } = await seeCard(connection)
    let round = await server.issueCard({ cardId, seen: { cardUuid, hardwareNumber }, ...wish })
    for (let turn = 0; !round.isDone; turn++) {
      if (turn > MOST_ROUNDS) throw new Problem('personalisation-refused', { facts: { why: 'it does not end' } })
      const answers = round.rehearsal
        ? await rehearse(connection, round.rehearsal, configuration)
        : await relay(connection, round.commands)
      round = await server.personaliseCard({ cardId, round: round.round, answers })
    }
  } catch (error) {
    throw asProblem(error)
  } finally {
    await connection?.disconnect()
  }
}

/** Register and Issue in one go; returns the card's id. Errors as `issueCard`. */
export async function personalise(tools: StationTools, reader: string, wish: RegisterCard): Promise<string> {
  if (wish.family === 'piv' && tools.configuration.unblockKeys.length === 0) throw new Problem('configuration-missing')
  const { cardId } = await tools.server.registerCard(wish)
  await issueCard(tools, reader, cardId)
  return cardId
}

async function relay(connection: CardConnection, commands: readonly string[]): Promise<string[]> {
  const answers: string[] = []
  for (const command of commands) {
    const { data, sw } = await send(connection, readCommand(readHex(command)))
    answers.push(writeHex(writeResponse(sw, data)))
  }
  return answers
}

/**
 * Which application a card has and what its maker numbered it with, for Register: a card from the factory has no identifier
 * yet.
 *
 * @throws Problem `card-of-issuer` for a Common Access Card, `card-not-supported` for a card with neither application.
 */
export async function lookAtCard(
  readers: CardReaders,
  reader: string,
): Promise<{ family: 'piv' | 'gids'; hardwareNumber: string | null }> {
  let connection: CardConnection | undefined
  try {
    connection = await readers.connect(reader)
    const { recognised, hardwareNumber } = await seeCard(connection)
    if (recognised.family === 'cac') throw new Problem('card-of-issuer')
    if (recognised.application === undefined) throw new Problem('card-not-supported')
    return { family: recognised.application, hardwareNumber }
  } catch (error) {
    throw asProblem(error)
  } finally {
    await connection?.disconnect()
  }
}
