import {
  type ConnectedReader,
  type ConnectedReaders,
  type ConnectedState,
  type ConnectedUnblock,
  Problem,
  type ProblemCode,
  type ReaderCard,
  UNBLOCK_PROTOCOL,
  type UnblockProgress,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import type { Agents, OnlineAgent } from '../../ports/agents.ts'
import type { Actor } from '../actors.ts'
import type { Card } from '../cards/cards.ts'
import { view } from '../view.ts'
import { type ConnectedRow, findConnected } from './connected-unblocks.ts'
import { asOperator, judgeCard } from './judge-card.ts'

/** Readers of all agents that are connected now, with the cards in them: what can be unblocked, and why the others cannot. */
export const connectedReaders = (agents: Agents) =>
  view({
    name: 'readers.connected',
    permission: 'unblock:release',
    query: z.object({}),
    async read({ db }, _, actor): Promise<ConnectedReaders> {
      const online = agents.online()
      const seen = online.flatMap(({ readers }) => readers.flatMap(({ card }) => card?.cardUuid ?? []))
      const cards =
        seen.length === 0 ? [] : await db.selectFrom('cards').selectAll().where('card_uuid', 'in', seen).execute()
      const people = await readNames(db, cards)
      const readers: ConnectedReader[] = []
      for (const agent of online) {
        for (const { name, card: sight } of agent.readers) {
          const card = cards.find(({ card_uuid }) => card_uuid === sight?.cardUuid)
          readers.push({
            agentId: agent.id,
            agentName: agent.name,
            isStation: agent.isStation,
            reader: name,
            kind: sight?.kind ?? null,
            isBlocked: sight?.isBlocked ?? null,
            card: card
              ? {
                  id: card.id,
                  personId: card.person_id,
                  // A card of the stock has no holder, whatever it had before.
                  personName: card.is_unheld === 1 ? '' : (people.get(card.person_id) ?? ''),
                  label: card.label,
                  printedSerial: card.printed_serial,
                  state: card.state as NonNullable<ConnectedReader['card']>['state'],
                }
              : null,
            obstacle: await findObstacle(db, agent, sight, card, actor),
          })
        }
      }
      return { readers }
    },
  })

async function readNames(db: Db, cards: readonly Card[]): Promise<Map<string, string>> {
  if (cards.length === 0) return new Map()
  const ids = [...new Set(cards.map(({ person_id }) => person_id))]
  const rows = await db.selectFrom('people').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function findObstacle(
  db: Db,
  agent: OnlineAgent,
  sight: ReaderCard | null,
  card: Card | undefined,
  actor: Actor,
): Promise<ProblemCode | null> {
  if (!sight) return 'no-card'
  if (!card) return sight.family === 'unknown' ? 'card-not-supported' : 'card-unknown'
  const judged = await judgeCard(db, card, { ...asOperator(actor), isStation: agent.isStation })
  if ('obstacle' in judged) return judged.obstacle
  if (sight.isBlocked === false) return 'card-not-blocked'
  return agent.protocol < UNBLOCK_PROTOCOL ? 'agent-too-old' : null
}

/** How a connected unblock stands, for the operator whose it is. */
export const connectedUnblock = view({
  name: 'unblocks.connected',
  permission: 'unblock:release',
  query: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { unblockId }, actor): Promise<ConnectedUnblock> {
    const connected = await findConnected(db, unblockId)
    const unblock = await db.selectFrom('unblocks').selectAll().where('id', '=', unblockId).executeTakeFirst()
    if (!connected || unblock?.operator_id !== actor.id) throw new Problem('not-found', { detail: 'no such unblock' })
    return {
      id: unblockId,
      cardId: connected.card_id,
      personId: unblock.person_id,
      agentName: connected.agent_name,
      reader: connected.reader,
      isRemote: connected.is_remote === 1,
      code: connected.code,
      state: stateOf(connected, unblock.closed_at),
      problem: connected.problem,
      triesLeft: connected.tries_left,
      openedAt: connected.opened_at,
    }
  },
})

/** Whatever else closed the unblock (the card was suspended, say) ended this too. */
function stateOf({ state }: ConnectedRow, closedAt: string | null): ConnectedState {
  const isOpen = state === 'asked' || state === 'ready' || state === 'authorised'
  return isOpen && closedAt !== null ? 'ended' : (state as ConnectedState)
}

/** Whether the operator has signed and who he is, for the agent that waits with the card: no record, since it asks often. */
export const connectedProgress = view({
  name: 'unblocks.progress',
  permission: 'agent:report',
  query: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { unblockId }, actor): Promise<UnblockProgress> {
    const connected = await findConnected(db, unblockId)
    if (!connected || connected.agent_id !== actor.id) throw new Problem('not-found', { detail: 'no such unblock' })
    const unblock = await db
      .selectFrom('unblocks')
      .leftJoin('operators', 'operators.id', 'unblocks.operator_id')
      .select(['unblocks.closed_at', 'operators.name'])
      .where('unblocks.id', '=', unblockId)
      .executeTakeFirstOrThrow()
    return { state: stateOf(connected, unblock.closed_at), operatorName: unblock.name ?? '' }
  },
})
