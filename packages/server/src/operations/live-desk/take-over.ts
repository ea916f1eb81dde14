import { TakeOver } from '@unlatch/contract'
import { eventOfAttempt, lockAttempt, rebindAttempt } from '../../records/live-desk/attempts.ts'
import { operation } from '../operation.ts'

/** A supervisor goes on with another operator's attempt. */
export const takeOver = operation({
  name: 'unblock.take-over',
  permission: 'unblock:supervise',
  input: TakeOver,
  subject: ({ attemptId }) => `unblock:${attemptId}`,
  async run({ tx, now }, { attemptId }, actor) {
    const attempt = await lockAttempt(tx, attemptId, now)
    await rebindAttempt(tx, attempt, actor.id, now)
    return { claim: attempt.connected, event: { ...eventOfAttempt(attempt), from: attempt.operatorId, to: actor.id } }
  },
  async release({ agents }, connected) {
    // Its agent shows the holder who asks: it hears that something changed, and asks what.
    if (connected) agents.tell(connected.agent_id, { type: 'nudge', jobId: connected.unblock_id })
    return {}
  },
})
