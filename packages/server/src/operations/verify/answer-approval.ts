import { AnswerApproval } from '@unlatch/contract'
import { sharesBrowser } from '../../records/sessions/sessions.ts'
import { ANSWER_MS } from '../../records/verifications/tickets.ts'
import { findVerification, lockWay, updateWay } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * A person's manager says whether it is that person who asks for help. Whoever asked cannot be the one who answers.
 */
export const answerApproval = operation({
  name: 'verification.answer-approval',
  permission: 'verification:confirm',
  input: AnswerApproval,
  subject: ({ wayId }) => `verification-way:${wayId}`,
  async run({ tx, now }, { wayId, answer }, actor) {
    const way = await lockWay(tx, wayId)
    if (way?.approver_id !== actor.id) throw new Fault('not-found')
    const verification = await findVerification(tx, way.verification_id)
    if (!verification) throw new Error('a way without its verification')
    if (verification.operator_id === actor.id) throw new Fault('approval-own')
    if (await sharesBrowser(tx, actor, { by: verification.operator_id, browser: way.asked_browser })) {
      const about = { cardId: verification.card_id, otherOperatorId: verification.operator_id }
      throw new Fault('approval-own', { caught: { kind: 'answer-by-second-account', ...about } })
    }
    const isLate = Date.parse(way.asked_at) + ANSWER_MS <= now.getTime()
    if (way.state !== 'asked' || isLate || verification.ended_at !== null) throw new Fault('approval-over')
    const met = answer === 'confirm' ? { state: 'met', met_at: now.toISOString() } : { state: 'failed' }
    await updateWay(tx, wayId, met)
    const about = { verificationId: verification.id, wayId, cardId: verification.card_id }
    return { result: {}, event: { ...about, personId: verification.person_id, way: 'manager', answer } }
  },
})
