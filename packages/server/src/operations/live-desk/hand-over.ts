import { HandOver } from '@unlatch/contract'
import { eventOfAttempt, lockAttempt, rebindAttempt } from '../../records/live-desk/attempts.ts'
import { findOperatorById } from '../../records/operators/operators.ts'
import { findPermissions } from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator hands an attempt of his own to another one, with everything that is known of the caller: his shift ends, or the
 * other one can go on where he cannot. Never to the one who vouches for the caller as his manager.
 */
export const handOver = operation({
  name: 'unblock.hand-over',
  permission: 'unblock:release',
  input: HandOver,
  subject: ({ attemptId }) => `unblock:${attemptId}`,
  async run({ tx, now }, { attemptId, operatorId, reason }, actor) {
    const attempt = await lockAttempt(tx, attemptId, now)
    if (attempt.operatorId !== actor.id) throw new Fault('not-found', { detail: 'no such attempt' })
    const other = await findOperatorById(tx, operatorId)
    const mayRelease = (await findPermissions(tx, operatorId)).has('unblock:release')
    if (!other || other.is_disabled === 1 || !mayRelease) throw new Fault('colleague-unfit')
    await rebindAttempt(tx, attempt, operatorId, now)
    return { claim: attempt.connected, event: { ...eventOfAttempt(attempt), from: actor.id, to: operatorId, reason } }
  },
  async release({ agents }, connected) {
    // Its agent shows the holder who asks: it hears that something changed, and asks what.
    if (connected) agents.tell(connected.agent_id, { type: 'nudge', jobId: connected.unblock_id })
    return {}
  },
})
