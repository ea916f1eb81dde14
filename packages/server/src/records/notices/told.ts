import type { NoticeAnswer, NoticeKind, NoticeProcedure, NoticeTold, ReportState } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Card } from '../cards/cards.ts'
import { findIncidentOfDelivery, findReportOf } from '../incidents/incidents.ts'
import { findOperatorById } from '../operators/operators.ts'
import { getPerson } from '../people/people.ts'
import type { NoticeDeliveryRow } from './notice-deliveries.ts'
import type { Notice } from './notices.ts'

/** How far a report is, in a holder's words. */
export const reportStateOf = (state: string | undefined): ReportState =>
  state === undefined ? 'none' : state === 'delivered' ? 'reported' : state === 'failed' ? 'failed' : 'waiting'

/** A notice as the page behind its link shows it. */
export async function readTold(
  db: Db | Tx,
  notice: Notice,
  card: Card,
  delivery: NoticeDeliveryRow,
): Promise<NoticeTold> {
  const person = await getPerson(db, notice.person_id)
  const operator = notice.operator_id === null ? undefined : await findOperatorById(db, notice.operator_id)
  const incident = delivery.answer === 'not-me' ? await findIncidentOfDelivery(db, card.id, delivery.id) : undefined
  const report = incident && (await findReportOf(db, incident.id))
  return {
    kind: notice.kind as NoticeKind,
    procedure: notice.procedure as NoticeProcedure | null,
    cardState: notice.card_state,
    at: notice.at,
    releasedAt: notice.released_at,
    operatorName: operator?.name ?? '',
    holderName: person.name,
    cardLabel: card.label,
    printedSerial: card.printed_serial,
    words: notice.words ?? '',
    answer: delivery.answer as NoticeAnswer | null,
    answeredAt: delivery.answered_at,
    isSuspended: card.state === 'suspended',
    report: { state: reportStateOf(report?.state), to: report?.connectionName ?? '' },
  }
}
