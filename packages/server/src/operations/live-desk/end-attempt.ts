import { EndAttempt } from '@unlatch/contract'
import { endConnected, isWaiting } from '../../records/connected-unblocks/connected-unblocks.ts'
import { closeAttempt, eventOfAttempt, lockAttempt } from '../../records/live-desk/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An attempt is ended: its operator's own, or anybody's by a supervisor. Not while nobody knows what became of a cryptogram,
 * and not while a card is at work.
 */
export const endAttempt = operation({
  name: 'unblock.end',
  permission: 'unblock:release',
  input: EndAttempt,
  subject: ({ attemptId }) => `unblock:${attemptId}`,
  async run({ tx, now }, { attemptId }, actor) {
    const attempt = await lockAttempt(tx, attemptId, now)
    const { connected, lastRelease, operatorId } = attempt
    const isTheirs = operatorId === actor.id || actor.permissions.has('unblock:supervise')
    if (!isTheirs) throw new Fault('not-found', { detail: 'no such attempt' })
    if (connected && !isWaiting(connected)) throw new Fault('attempt-busy')
    if (!connected && lastRelease?.outcome === 'released') throw new Fault('outcome-outstanding')
    if (connected) await endConnected(tx, connected.unblock_id, 'attempt-cancelled', now)
    await closeAttempt(tx, attempt, now)
    const event = { ...eventOfAttempt(attempt), operatorId }
    return { claim: connected && { agentId: connected.agent_id, jobId: connected.unblock_id }, event }
  },
  async release({ agents }, asked) {
    if (asked) agents.tell(asked.agentId, { type: 'cancel', jobId: asked.jobId })
    return {}
  },
})
