import { Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { type Card, findStateObstacle, getCard, lockCard } from '../cards/cards.ts'
import { lockPerson, type Person } from '../people/people.ts'

/** A holder who looks after himself: he knows the PIN of a card that works, and it proved itself at this agent. */
type HolderSessionRow = Tables['holder_sessions']

/** So long a session is good. */
const SESSION_MS = 15 * 60_000

/** The session of a card: the one that it had before is over, and gone. */
export async function insertHolderSession(
  tx: Tx,
  row: Pick<HolderSessionRow, 'id' | 'agent_id' | 'state'>,
  card: Card,
  now: Date,
): Promise<void> {
  await tx.deleteFrom('holder_sessions').where('card_id', '=', card.id).execute()
  const times = { opened_at: now.toISOString(), until: new Date(now.getTime() + SESSION_MS).toISOString() }
  await tx
    .insertInto('holder_sessions')
    .values({ ...row, ...times, card_id: card.id, person_id: card.person_id })
    .execute()
}

export async function setHolderSessionState(tx: Tx, id: string, state: 'open' | 'ended'): Promise<void> {
  await tx.updateTable('holder_sessions').set({ state }).where('id', '=', id).execute()
}

/**
 * A session of this agent, and its card, which works and is still of the same person.
 *
 * @throws Problem `holder-session-over`; `card-suspended`, `card-revoked`… for a card that was moved since.
 */
export async function getHolderSession(
  db: Db | Tx,
  id: string,
  { agentId, now, states = ['open'] }: { agentId: string; now: Date; states?: readonly string[] },
): Promise<{ session: HolderSessionRow; card: Card }> {
  const session = await db.selectFrom('holder_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  const isGood = session?.agent_id === agentId && states.includes(session.state) && session.until > now.toISOString()
  if (!session || !isGood) throw new Problem('holder-session-over')
  const card = await getCard(db, session.card_id)
  const obstacle = findStateObstacle(card.state)
  if (obstacle) throw new Problem(obstacle)
  if (card.person_id !== session.person_id || card.is_unheld === 1) throw new Problem('holder-session-over')
  return { session, card }
}

/** The same with card and person held until the transaction ends. */
export async function lockHolderSession(
  tx: Tx,
  id: string,
  by: Parameters<typeof getHolderSession>[2],
): Promise<{ session: HolderSessionRow; card: Card; person: Person }> {
  const found = await tx.selectFrom('holder_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw new Problem('holder-session-over')
  await lockCard(tx, found.card_id)
  const person = await lockPerson(tx, found.person_id)
  return { ...(await getHolderSession(tx, id, by)), person }
}
