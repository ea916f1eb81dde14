import { type AddressKind, isProblemCode, type NoticeKind, type NoticeProcedure } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { OpenConnection } from '../../ports/delivery.ts'
import { getCard } from '../../records/cards/cards.ts'
import type { Connection } from '../../records/connections/connections.ts'
import { findMessageConnection } from '../../records/desk/desk-settings.ts'
import { mediumOf } from '../../records/notices/addresses.ts'
import {
  findNoticeDelivery,
  lockNoticeDelivery,
  type NoticeDeliveryRow,
  tokenOf,
} from '../../records/notices/notice-deliveries.ts'
import { findLinkObstacle, findNotice, lockNotice, type Notice, updateNotice } from '../../records/notices/notices.ts'
import { findOperatorById } from '../../records/operators/operators.ts'
import { beginAttemptOf, endAttemptOf, isDue } from '../../records/outbox/attempts.ts'
import { getPerson } from '../../records/people/people.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** One attempt to tell a holder, ready to leave. */
export interface NoticeAttempt {
  readonly deliveryId: string
  readonly number: number
  readonly connection: OpenConnection
  readonly to: { readonly name: string; readonly address: string; readonly language: string }
  readonly told: {
    readonly kind: NoticeKind
    readonly procedure: NoticeProcedure | null
    readonly cardState: string | null
    readonly at: string
    readonly operatorName: string
    readonly cardLabel: string
    readonly printedSerial: string
    readonly words: string
  }
  /** What stands behind the `#` of the link; undefined where the link is no longer good. */
  readonly token: string | undefined
}

type Claim = Omit<NoticeAttempt, 'connection' | 'token'> & {
  readonly connection: Connection
  readonly hasLink: boolean
}

const id = () => z.string().check(z.maxLength(64))

/** Begins an attempt that is due; the token of its link is derived once that is on record. Nothing where nothing is due. */
export const beginNoticeDelivery = operation({
  name: 'notice.begin-delivery',
  permission: 'delivery:carry-out',
  input: z.object({ deliveryId: id() }),
  subject: ({ deliveryId }) => `notice-delivery:${deliveryId}`,
  async run({ tx, now }, { deliveryId }): Promise<Ran<Claim, NoticeAttempt | null>> {
    const found = await findNoticeDelivery(tx, deliveryId)
    if (!found) throw new Fault('not-found')
    const notice = await lockNotice(tx, found.notice_id)
    const delivery = await lockNoticeDelivery(tx, deliveryId)
    const about = { deliveryId, noticeId: notice.id, cardId: notice.card_id, personId: notice.person_id }
    if (!isDue(delivery, now)) return { result: null, event: { ...about, what: 'not-due' } }
    const medium = mediumOf(delivery.address_kind as AddressKind)
    const connection = await findMessageConnection(tx, medium)
    if (!connection) {
      const problem = medium === 'mail' ? 'no-mail-connection' : 'no-text-connection'
      await beginAttemptOf(tx, 'notice_deliveries', delivery, now)
      const tried = { ...delivery, attempts: delivery.attempts + 1 }
      await endAttemptOf(tx, 'notice_deliveries', tried, { problem, detail: '', isFinal: false }, now)
      return { result: null, event: { ...about, what: 'failed', problem } }
    }
    const number = await beginAttemptOf(tx, 'notice_deliveries', delivery, now)
    const card = await getCard(tx, notice.card_id)
    const person = await getPerson(tx, notice.person_id)
    const operator = notice.operator_id === null ? undefined : await findOperatorById(tx, notice.operator_id)
    const claim: Claim = {
      deliveryId,
      number,
      connection,
      to: { name: person.name, address: delivery.address, language: person.language },
      told: toldOf(notice, { cardLabel: card.label, printedSerial: card.printed_serial, by: operator?.name ?? '' }),
      hasLink: findLinkObstacle(notice, card, now) === undefined,
    }
    return { claim, event: { ...about, what: 'attempt', number, connectionId: connection.id, to: delivery.address } }
  },
  async release({ keys }, { connection, hasLink, ...rest }: Claim): Promise<NoticeAttempt> {
    const { id: connectionId, details, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(connectionId, sealedSecret)
    const token = hasLink ? await tokenOf(keys, rest.deliveryId) : undefined
    return { ...rest, connection: { details, secret }, token }
  },
})

const toldOf = (
  notice: Notice,
  { by, ...card }: { cardLabel: string; printedSerial: string; by: string },
): NoticeAttempt['told'] => ({
  kind: notice.kind as NoticeKind,
  procedure: notice.procedure as NoticeProcedure | null,
  cardState: notice.card_state,
  at: notice.at,
  operatorName: by,
  words: notice.words ?? '',
  ...card,
})

/** How an attempt ended. One that was given up meanwhile changes nothing. */
export const endNoticeDelivery = operation({
  name: 'notice.end-delivery',
  permission: 'delivery:carry-out',
  input: z.object({
    deliveryId: id(),
    number: z.number(),
    problem: z.nullable(z.string().check(z.refine(isProblemCode))),
    detail: z.string(),
    isFinal: z.boolean(),
  }),
  subject: ({ deliveryId }) => `notice-delivery:${deliveryId}`,
  async run({ tx, now }, { deliveryId, number, problem, detail, isFinal }) {
    const delivery = await lockNoticeDelivery(tx, deliveryId)
    const notice = await findNotice(tx, delivery.notice_id)
    const isCurrent = delivery.state === 'sending' && delivery.attempts === number
    const end = problem !== null && isProblemCode(problem) ? { problem, detail, isFinal } : { problem: null }
    const state = isCurrent ? await endAttemptOf(tx, 'notice_deliveries', delivery, end, now) : delivery.state
    if (isCurrent && problem === null && notice?.delivered_at === null)
      await updateNotice(tx, notice.id, { delivered_at: now.toISOString() })
    return { result: {}, event: { ...aboutOf(delivery, notice), number, problem, state } }
  },
})

const aboutOf = (delivery: NoticeDeliveryRow, notice: Notice | undefined) => ({
  deliveryId: delivery.id,
  noticeId: delivery.notice_id,
  cardId: notice?.card_id ?? null,
})
