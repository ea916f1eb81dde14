import { DropUnblock } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { endConnected, isWaiting, lockConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { operation } from '../operation.ts'

/**
 * The agent ends it before the card saw anything of it: the holder declined, the card went away. What was released meanwhile
 * stays exposed.
 */
export const dropUnblock = operation({
  name: 'unblock.drop',
  permission: 'agent:report',
  input: DropUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, problem }, actor) {
    const { connected, card } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const event = { unblockId, cardId: card.id, problem, state: connected.state }
    const isReleased = connected.state === 'authorised'
    if (!isWaiting(connected) && !isReleased) return { result: {}, event: { ...event, what: 'known' } }
    if (isReleased) await closeUnused(tx, unblockId, now)
    await endConnected(tx, unblockId, problem, now)
    return { result: {}, event: { ...event, what: 'dropped' } }
  },
})

/** The agent says that the card saw nothing of it: the PUK stays exposed, and a try that may be lost stays counted. */
async function closeUnused(tx: Tx, unblockId: string, now: Date): Promise<void> {
  await tx
    .updateTable('releases')
    .set({ outcome: 'unknown', outcome_by: 'report', outcome_at: now.toISOString() })
    .where('unblock_id', '=', unblockId)
    .where('outcome', '=', 'released')
    .execute()
}
