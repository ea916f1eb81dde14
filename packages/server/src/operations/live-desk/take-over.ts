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
    return { result: {}, event: { ...eventOfAttempt(attempt), from: attempt.operatorId, to: actor.id } }
  },
})
