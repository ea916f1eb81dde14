import { randomUUID } from 'node:crypto'
import { AnswerNotice, type NoticeTold, ReadNotice } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Tx } from '../../db/open.ts'
import { applyMove } from '../../records/cards/apply-move.ts'
import { type Card, getCard, lockCard } from '../../records/cards/cards.ts'
import { findNextState } from '../../records/cards/moves.ts'
import { findConnection } from '../../records/connections/connections.ts'
import { readDeskSettings } from '../../records/desk/desk-settings.ts'
import { insertIncident, insertReport } from '../../records/incidents/incidents.ts'
import {
  findByToken,
  hashToken,
  lockNoticeDelivery,
  type NoticeDeliveryRow,
  noteAnswer,
} from '../../records/notices/notice-deliveries.ts'
import { findLinkObstacle, findNotice, lockNotice, type Notice } from '../../records/notices/notices.ts'
import { readTold } from '../../records/notices/told.ts'
import { deletePersonPasskey, listPersonPasskeys } from '../../records/person-passkeys/person-passkeys.ts'
import { deleteOneTimePassword, listOneTimePasswords } from '../../records/self-service/one-time-passwords.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { endVerificationsOf } from '../../records/verifications/verifications.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/**
 * Somebody follows the link of a notice: what happened, and what was answered by this link. Nothing changes by that, however
 * often a mail scanner does it. `address`: where he is.
 *
 * @throws Problem `notice-link-refused`, `notice-link-over`, `sign-in-throttled`.
 */
export const readNotice = operation({
  name: 'notice.read',
  permission: 'anybody',
  input: z.extend(ReadNotice, { address: z.string() }),
  subject: ({ token }) => `notice-link:${hashToken(token)}`,
  async run(context, { token, address }) {
    const { tx, now } = context
    const delivery = await expectDelivery(context, token, address)
    const notice = await lockNotice(tx, delivery.notice_id)
    const card = await getCard(tx, notice.card_id)
    expectGood(notice, card, now)
    return { result: await readTold(tx, notice, card, delivery), event: aboutOf(notice, delivery) }
  },
})

/**
 * The holder says whether it was them; once for each link. "Not me" suspends the card here, ends what is open about it, opens an
 * incident, and whoever stops the card elsewhere is told.
 *
 * @throws Problem as `readNotice`.
 */
export const answerNotice = operation({
  name: 'notice.answer',
  permission: 'anybody',
  input: z.extend(AnswerNotice, { address: z.string() }),
  subject: ({ token }) => `notice-link:${hashToken(token)}`,
  async run(context, { token, answer, address }) {
    const { tx, now } = context
    const found = await expectDelivery(context, token, address)
    const told = await findNotice(tx, found.notice_id)
    const card = await lockCard(tx, told?.card_id ?? '')
    const notice = await lockNotice(tx, found.notice_id)
    const delivery = await lockNoticeDelivery(tx, found.id)
    expectGood(notice, card, now)
    const about = { ...aboutOf(notice, delivery), answer }
    // What was answered stays: the second press, and another page, only show it.
    if (delivery.answer !== null) {
      const result = await readTold(tx, notice, card, delivery)
      return { result, event: { ...about, what: 'answered-before', answered: delivery.answer } }
    }
    await noteAnswer(tx, delivery.id, answer, now)
    const opened = answer === 'not-me' ? await openIncident(tx, notice, card, delivery, now) : {}
    const answered = { ...delivery, answer, answered_at: now.toISOString() }
    const result: NoticeTold = await readTold(tx, notice, await getCard(tx, card.id), answered)
    return { result, event: { ...about, ...opened } }
  },
})

/** @throws Fault `notice-link-refused`, counted by where it came from. */
async function expectDelivery({ tx, now }: RunContext, token: string, address: string): Promise<NoticeDeliveryRow> {
  const delivery = await findByToken(tx, token)
  const isRight = delivery !== undefined
  const survives = await countAttempt(tx, { kind: 'notice-link', by: address, isRight }, now)
  if (survives || !delivery) throw new Fault('notice-link-refused', survives ? { survives } : {})
  return delivery
}

/** @throws Fault `notice-link-over`; what was answered stays readable as long as the link. */
function expectGood(notice: Notice, card: Card, now: Date): void {
  const obstacle = findLinkObstacle(notice, card, now)
  if (obstacle) throw new Fault(obstacle)
}

const aboutOf = (notice: Notice, delivery: NoticeDeliveryRow) => ({
  noticeId: notice.id,
  deliveryId: delivery.id,
  cardId: notice.card_id,
  personId: notice.person_id,
})

async function openIncident(tx: Tx, notice: Notice, card: Card, delivery: NoticeDeliveryRow, now: Date) {
  const incidentId = randomUUID()
  // By the table of moves as any suspension; its reason is nobody's to choose.
  const state = findNextState(card.state, 'suspend', 'compromised')
  await insertIncident(tx, {
    id: incidentId,
    opened_at: now.toISOString(),
    notice_id: notice.id,
    delivery_id: delivery.id,
    card_id: card.id,
    person_id: notice.person_id,
    operator_id: notice.operator_id,
    suspended_from: state ? card.state : null,
  })
  await endVerificationsOf(tx, card.id, now)
  if (state) await applyMove(tx, card, state, now)
  const passkeys = notice.kind === 'passkey-added' ? await removeAdded(tx, notice) : []
  if (notice.kind === 'one-time-password-added') await removeConfirmed(tx, notice)
  const reportId = await queueReport(tx, incidentId, now)
  return { incidentId, reason: 'not-me', from: card.state, to: state ?? card.state, reportId, passkeys }
}

/** A passkey that its holder did not add proves nobody. It was added when the notice says. */
async function removeAdded(tx: Tx, { person_id: personId, at }: Notice): Promise<string[]> {
  const added = (await listPersonPasskeys(tx, personId)).filter(({ created_at }) => created_at === at)
  for (const { id } of added) await deletePersonPasskey(tx, personId, id)
  return added.map(({ id }) => id)
}

/** Nor does a one-time password. It was confirmed when the notice says. */
async function removeConfirmed(tx: Tx, { person_id: personId, at }: Notice): Promise<void> {
  const confirmed = (await listOneTimePasswords(tx, personId)).filter(({ confirmed_at }) => confirmed_at === at)
  for (const { id } of confirmed) await deleteOneTimePassword(tx, personId, id)
}

/** Whoever stops cards elsewhere is told, where somebody is chosen. */
async function queueReport(tx: Tx, incidentId: string, now: Date): Promise<string | null> {
  const { revocationConnectionId } = (await readDeskSettings(tx)).settings
  const connection = revocationConnectionId === null ? undefined : await findConnection(tx, revocationConnectionId)
  if (!connection || connection.isRemoved) return null
  const id = randomUUID()
  const at = now.toISOString()
  await insertReport(tx, {
    id,
    incident_id: incidentId,
    connection_id: connection.id,
    state: 'queued',
    attempts: 0,
    next_at: at,
    problem: null,
    detail: null,
    created_at: at,
    delivered_at: null,
  })
  return id
}
