import { randomUUID } from 'node:crypto'
import { AskFourEyes, BreakGlass, type VerifiedProcedure } from '@unlatch/contract'
import type { Actor } from '../../records/actors.ts'
import { raiseAlert } from '../../records/alerts/alerts.ts'
import { getCard } from '../../records/cards/cards.ts'
import { ACTIONS_OF, APPROVAL_MS, insertApproval, listFourEyesReasons } from '../../records/four-eyes/approvals.ts'
import { getPerson } from '../../records/people/people.ts'
import { findBrowser } from '../../records/sessions/sessions.ts'
import { lockVerification } from '../../records/verifications/verifications.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/** An operator asks a second one to approve what he is about to release. */
export const askFourEyes = operation({
  name: 'four-eyes.ask',
  permission: 'unblock:release',
  input: AskFourEyes,
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run(context, { verificationId, note }, actor) {
    const { tx } = context
    const { row, card, person } = await writeRequest(context, { verificationId, note, actor })
    await insertApproval(tx, row)
    const about = { approvalId: row.id, verificationId, cardId: card.id, personId: person.id }
    return { result: { id: row.id }, event: { ...about, reasons: JSON.parse(row.reasons), note } }
  },
})

/**
 * Nobody can be asked, and it cannot wait: the operator releases alone, with a reason. It is an incident, and everybody whom
 * the desk names is told.
 */
export const breakGlass = operation({
  name: 'four-eyes.break-glass',
  permission: 'unblock:break-glass',
  input: BreakGlass,
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run(context, { verificationId, reason }, actor) {
    const { tx, now } = context
    const { row, card, person } = await writeRequest(context, { verificationId, note: reason, actor })
    const answered = { state: 'approved', answered_by: actor.id, answered_at: now.toISOString(), is_break_glass: 1 }
    await insertApproval(tx, { ...row, ...answered })
    const facts = { operator: actor.name, person: person.name, card: card.label, reason, at: now.toISOString() }
    const told = await raiseAlert(tx, 'glass-broken', facts, now)
    const about = { approvalId: row.id, verificationId, cardId: card.id, personId: person.id }
    return {
      result: { id: row.id, told },
      event: { ...about, reasons: JSON.parse(row.reasons), reason, told },
      caught: { kind: 'glass-broken', cardId: card.id },
    }
  },
})

async function writeRequest(
  { tx, now }: RunContext,
  { verificationId, note, actor }: { verificationId: string; note: string; actor: Actor },
) {
  const verification = await lockVerification(tx, verificationId, actor.id, now)
  const card = await getCard(tx, verification.card_id)
  const person = await getPerson(tx, verification.person_id)
  const actions = ACTIONS_OF[verification.procedure as VerifiedProcedure]
  const listed = await Promise.all(actions.map((action) => listFourEyesReasons(tx, card, action, now)))
  const reasons = [...new Set(listed.flat())]
  if (reasons.length === 0) throw new Fault('second-operator-not-needed')
  const row = {
    id: randomUUID(),
    verification_id: verificationId,
    card_id: card.id,
    person_id: person.id,
    asked_by: actor.id,
    reasons: JSON.stringify(reasons),
    note,
    state: 'asked',
    asked_at: now.toISOString(),
    expires_at: new Date(now.getTime() + APPROVAL_MS).toISOString(),
    answered_by: null,
    answered_at: null,
    is_break_glass: 0,
    statement: null,
    signature: null,
    asked_browser: await findBrowser(tx, actor),
  }
  return { row, card, person }
}
