import { timingSafeEqual } from 'node:crypto'
import { AnswerWay, type VerificationWay } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { ANSWER_MS, CODE_TRIES } from '../../records/verifications/tickets.ts'
import { listWays, lockVerification, updateWay } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'
import { macOf } from './begin-way.ts'

/** The caller says back the word or the code; wrong ones are counted, and after five the way has failed. */
export const answerWay = operation({
  name: 'verification.answer-way',
  permission: 'unblock:release',
  input: AnswerWay,
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run({ tx, keys, now }, { verificationId, wayId, said }, actor) {
    const verification = await lockVerification(tx, verificationId, actor.id, now)
    const way = (await listWays(tx, verificationId)).find(({ id }) => id === wayId)
    if (!way || way.code_mac === null) throw new Fault('not-found')
    const about = { verificationId, wayId, cardId: verification.card_id, personId: verification.person_id }
    const event = { ...about, way: way.way as VerificationWay }
    if (way.state === 'met') return { result: {}, event: { ...event, what: 'again' } }
    const isLate = Date.parse(way.asked_at) + ANSWER_MS <= now.getTime()
    if (way.state === 'failed' || isLate) throw new Fault('verification-failed')
    if (!isSame(way.code_mac, await macOf(keys, wayId, said))) {
      const tries = way.tries + 1
      const survives = (after: Tx) =>
        updateWay(after, wayId, { tries, state: tries >= CODE_TRIES ? 'failed' : 'asked' })
      throw new Fault('verification-code-wrong', { facts: { triesLeft: CODE_TRIES - tries }, survives })
    }
    await updateWay(tx, wayId, { state: 'met', met_at: now.toISOString() })
    return { result: {}, event: { ...event, what: 'met' } }
  },
})

const isSame = (a: string, b: string) => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
