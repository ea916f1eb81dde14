import * as z from 'zod/mini'
import { endConnected, isWaiting, lockConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { Fault, operation } from '../operation.ts'

/** The operator wants it no more. */
export const cancelUnblock = operation({
  name: 'unblock.cancel',
  permission: 'unblock:release',
  input: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId }, actor) {
    const { connected, card } = await lockConnected(tx, unblockId, { operatorId: actor.id })
    if (!isWaiting(connected)) throw new Fault('attempt-closed')
    await endConnected(tx, unblockId, 'attempt-cancelled', now)
    return { claim: { agentId: connected.agent_id, unblockId }, event: { unblockId, cardId: card.id } }
  },
  async release({ agents }, { agentId, unblockId }) {
    agents.tell(agentId, { type: 'cancel', jobId: unblockId })
    return {}
  },
})
