import { randomUUID } from 'node:crypto'
import { type CaughtKind, Problem, type ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { Actor } from '../actors.ts'
import type { ConfiguredAgent } from '../agents/agents.ts'
import { idOfConfigured } from '../agents/views.ts'
import { getCard } from '../cards/cards.ts'

/** Incidents that the server caught, at agents and operators. */
export type CaughtIncident = Tables['caught_incidents']

/** Of the record that tells it. */
interface RecordOf {
  readonly id: string
  readonly at: Date
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'>
}

/** What an operation caught. Who did it is who performs the operation; whose card it is, the card's row says. */
export interface Caught {
  readonly kind: CaughtKind
  readonly cardId: string
  readonly otherCardId?: string
  readonly otherOperatorId?: string
  readonly otherAgentId?: string
  /** What a card's maker numbered it with. */
  readonly hardwareNumber?: string
  readonly generation?: string
}

/**
 * Puts an incident on the list, or counts it where the same is open already: of one kind, about one card and its holder, by one
 * operator or agent, or the same two. So nobody can flood the list by repeating himself. Called by the corridor, in the
 * transaction of the record.
 */
export async function noteCaught(
  tx: Tx,
  caught: Caught,
  { record, configured }: { record: RecordOf; configured: readonly ConfiguredAgent[] },
): Promise<void> {
  const { actor } = record
  const at = record.at.toISOString()
  const { kind, cardId, otherCardId = null, otherOperatorId = null, otherAgentId = null } = caught
  const card = await getCard(tx, cardId)
  const personId = card.is_unheld === 1 ? null : card.person_id
  const idOf = (one: Actor['kind']) => (actor.kind === one && actor.id !== '' ? actor.id : null)
  const [operatorId, agentId] = [idOf('operator'), idOf('agent')]
  const about = [
    cardId,
    personId,
    otherCardId,
    writePair(operatorId, otherOperatorId),
    writePair(agentId, otherAgentId),
  ]
  const last = {
    last_at: at,
    last_record: record.id,
    operator_id: operatorId,
    other_operator_id: otherOperatorId,
    agent_id: agentId,
    agent_name: agentId === null ? null : actor.name,
    other_agent_id: otherAgentId,
    other_agent_name: await findAgentName(tx, otherAgentId, configured),
  }
  const row: CaughtIncident = {
    id: randomUUID(),
    kind,
    state: 'open',
    open_key: [kind, ...about].join('|'),
    opened_at: at,
    occurrences: 1,
    card_id: cardId,
    other_card_id: otherCardId,
    person_id: personId,
    first_record: record.id,
    ...last,
    closed_at: null,
    closed_by: null,
    note: null,
  }
  await tx
    .insertInto('caught_incidents')
    .values(row)
    .onConflict((c) =>
      c.column('open_key').doUpdateSet((e) => ({ ...last, occurrences: e('caught_incidents.occurrences', '+', 1) })),
    )
    .execute()
}

/** Two that meet are the same two, whichever of them comes second. */
const writePair = (...ids: readonly (string | null)[]): string =>
  ids
    .filter((id) => id !== null)
    .sort()
    .join('+')

async function findAgentName(
  tx: Tx,
  id: string | null,
  configured: readonly ConfiguredAgent[],
): Promise<string | null> {
  if (id === null) return null
  const row = await tx.selectFrom('agents').select('name').where('id', '=', id).executeTakeFirst()
  return row?.name ?? configured.find((agent) => idOfConfigured(agent) === id)?.name ?? id
}

/** One, held until the transaction ends. @throws Problem `not-found`. */
export async function lockCaught(tx: Tx, id: string): Promise<CaughtIncident> {
  const row = await tx.selectFrom('caught_incidents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such incident' })
  return row
}

/** Why an operator cannot close it; undefined when he may. */
export function findCaughtObstacle(
  incident: Pick<CaughtIncident, 'state' | 'operator_id' | 'other_operator_id'>,
  actor: Pick<Actor, 'id' | 'permissions'>,
): ProblemCode | undefined {
  if (incident.state !== 'open') return 'incident-over'
  if (!actor.permissions.has('incident:handle')) return 'not-permitted'
  return [incident.operator_id, incident.other_operator_id].includes(actor.id) ? 'incident-own' : undefined
}

/** From here on the same is a new one. */
export async function closeCaughtRow(
  tx: Tx,
  id: string,
  { at, by, note }: { at: Date; by: string; note: string },
): Promise<void> {
  const closing = { state: 'closed', open_key: null, closed_at: at.toISOString(), closed_by: by, note }
  await tx.updateTable('caught_incidents').set(closing).where('id', '=', id).execute()
}

/** What was caught about a card, the latest: the incidents, and the records that tell the first and the last time. */
export async function listCaughtOf(
  db: Db,
  cardId: string,
  most: number,
): Promise<Pick<CaughtIncident, 'id' | 'first_record' | 'last_record'>[]> {
  return db
    .selectFrom('caught_incidents')
    .select(['id', 'first_record', 'last_record'])
    .where('card_id', '=', cardId)
    .orderBy('opened_at', 'desc')
    .limit(most)
    .execute()
}
