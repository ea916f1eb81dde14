import {
  CARD_MOVES,
  CAUGHT_KINDS,
  type CardEvent,
  type CardEventName,
  type CardHistory,
  MOVE_REASONS,
} from '@unlatch/contract'
import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import type { AuditEvent } from '../audit/audit-event.ts'
import { listCaughtOf } from '../incidents/caught.ts'
import { type Card, getCard } from './cards.ts'

/**
 * What the log tells about a card, the newest first, in so far as a page may tell it: what happened, when, by whom, and why.
 * Fields are taken over by name, one by one: whatever else a record holds stays in it.
 */

/** Events on a page. */
const PAGE = 20
/** Records that are read at once: rounds and attempts that say nothing by themselves are among them. */
const READ = 100
/** Calls and deliveries of a card that are looked for, the latest. */
const LATEST = 200

interface LogRecord {
  readonly id: string
  readonly at: string
  readonly actor: { readonly kind: string; readonly name: string }
  readonly operation: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly subject: string
  readonly event: AuditEvent
}

/** @throws Problem `card-unknown`. */
export async function readCardHistory(db: Db, cardId: string, before: number | undefined): Promise<CardHistory> {
  const card = await getCard(db, cardId)
  const caught = await listCaughtOf(db, cardId, LATEST)
  const subjects = [...(await listSubjects(db, card)), ...caught.map(({ id }) => `incident:${id}`)]
  const records = caught.flatMap(({ first_record, last_record }) => [first_record, last_record])
  const events: CardEvent[] = []
  let last = before ?? Number.MAX_SAFE_INTEGER
  for (;;) {
    const rows = await readRecords(db, card, { subjects, records }, last)
    for (const { seq, record } of rows) {
      last = Number(seq)
      const event = eventOf(JSON.parse(record) as LogRecord, cardId)
      if (event) events.push(event)
      if (events.length === PAGE) return { events, next: last }
    }
    if (rows.length < READ) return { events, next: null }
  }
}

/** When a card was issued last; null when it never was. */
export async function findIssuedAt(db: Db, cardId: string): Promise<string | null> {
  const row = await db
    .selectFrom('audit')
    .select('at')
    .where('subject', '=', subjectOf(cardId))
    .where('record', 'like', '%"step":"done"%')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

const subjectOf = (cardId: string) => `card:${cardId}`

/** What records about this card are filed under; its new card's record says that this one was revoked. */
async function listSubjects(db: Db, card: Card): Promise<string[]> {
  const idsOf = (table: 'unblocks' | 'deliveries', order: 'opened_at' | 'created_at') =>
    db
      .selectFrom(table)
      .select('id')
      .where('card_id', '=', card.id)
      .orderBy(sql.ref(order), 'desc')
      .limit(LATEST)
      .execute()
  const unblocks = await idsOf('unblocks', 'opened_at')
  const deliveries = await idsOf('deliveries', 'created_at')
  const incidents = await db.selectFrom('incidents').select('id').where('card_id', '=', card.id).execute()
  const answered = await db
    .selectFrom('notices')
    .innerJoin('notice_deliveries', 'notice_deliveries.notice_id', 'notices.id')
    .select('notice_deliveries.token_hash')
    .where('notices.card_id', '=', card.id)
    .where('notice_deliveries.answer', 'is not', null)
    .orderBy('notices.at', 'desc')
    .limit(LATEST)
    .execute()
  const replacing = await db.selectFrom('cards').select('id').where('replaces_card_id', '=', card.id).execute()
  return [
    subjectOf(card.id),
    `printed-serial:${card.printed_serial}`,
    `card-uuid:${card.card_uuid}`,
    ...unblocks.map(({ id }) => `unblock:${id}`),
    ...deliveries.map(({ id }) => `delivery:${id}`),
    ...incidents.map(({ id }) => `incident:${id}`),
    ...answered.map(({ token_hash }) => `notice-link:${token_hash}`),
    ...replacing.map(({ id }) => subjectOf(id)),
  ]
}

/** Sorted by a sum: by the column itself PostgreSQL would rather read the log from its end. */
async function readRecords(
  db: Db,
  card: Card,
  { subjects, records }: { subjects: readonly string[]; records: readonly string[] },
  before: number,
) {
  const newest = () =>
    db.selectFrom('audit').select(['seq', 'record']).where('seq', '<', before).orderBy(sql`seq + 0`, 'desc').limit(READ)
  const about = await newest().where('subject', 'in', subjects).execute()
  const reports = `puc-report:${card.card_uuid}`
  const reported = await newest().where('subject', '>=', `${reports}/`).where('subject', '<', `${reports}0`).execute()
  const together =
    card.template_id === null
      ? []
      : await newest()
          .where('subject', '=', `template:${card.template_id}`)
          .where('record', 'like', `%"${card.id}"%`)
          .execute()
  // What was caught while something else was done is filed under that.
  const caught = records.length === 0 ? [] : await newest().where('id', 'in', records).execute()
  const all = new Map([...about, ...reported, ...together, ...caught].map((row) => [Number(row.seq), row]))
  return [...all.values()].sort((a, b) => Number(b.seq) - Number(a.seq)).slice(0, READ)
}

/** What an operation is called on the page; undefined for a round or an attempt that says nothing by itself. */
function nameOf({ operation, outcome, event }: LogRecord, cardId: string): CardEventName | undefined {
  if (event.incident !== undefined) return 'incident-caught'
  const isDone = outcome === 'done'
  switch (operation) {
    case 'card.register':
      return event.cardId === cardId ? 'registered' : undefined
    case 'card.reissue':
      return 'reissued'
    case 'card.order-issuance':
      return 'issuance-ordered'
    case 'card.issue':
      return 'issuance-begun'
    case 'card.personalise':
      return isDone && event.step !== 'done' ? undefined : 'issued'
    case 'card.move':
      return 'moved'
    case 'card.move-to-version':
    case 'card.move-all-to-version':
      return 'version-moved'
    case 'card.approve-try':
      return 'try-approved'
    case 'card.touch':
      return 'contacted'
    case 'puk.rotate':
      return isDone && event.what !== 'done' && event.what !== 'exchanged' ? undefined : 'puc-replaced'
    case 'unblock.open':
      return 'call-opened'
    case 'unblock.check-challenge':
    case 'unblock.write-offline-statement':
    case 'unblock.ready':
    case 'unblock.write-statement':
    case 'unblock.collect':
    case 'self-service.prove':
    case 'self-service.begin-logon':
      return undefined
    case 'holder.open':
      return 'holder-session'
    case 'self-service.open':
      return 'self-service-begun'
    case 'self-service.end-logon':
    case 'self-service.answer':
    case 'self-service.answer-one-time-password':
      return 'self-service-shown'
    case 'self-service.release':
      return isDone && event.what === 'known' ? undefined : 'self-service-released'
    case 'unblock.ask':
      return 'unblock-asked'
    case 'unblock.authorise':
      return 'unblock-authorised'
    case 'unblock.drop':
    case 'unblock.cancel':
      return 'unblock-ended'
    case 'unblock.release-cryptogram':
      return 'cryptogram'
    case 'unblock.confirm':
    case 'unblock.close-open-outcome':
    case 'unblock.report':
    case 'unblock.report-connected':
      return 'outcome'
    case 'unblock.report-puc':
      return 'puc-used'
    case 'delivery.begin':
      return isDone && event.what !== 'failed' ? undefined : 'puc-delivery'
    case 'delivery.end':
      return 'puc-delivery'
    case 'delivery.retry':
      return 'puc-sent-again'
    case 'notice.read':
      return undefined
    case 'notice.answer':
      if (!isDone || event.what === 'answered-before') return undefined
      return event.answer === 'me' ? 'said-me' : 'said-not-me'
    case 'incident.close':
      return isDone && event.from !== event.to ? 'incident-lifted' : 'incident-closed'
    case 'incident.close-caught':
      return 'incident-closed'
    case 'self-service.give-codes':
      return 'unblock-codes-given'
    case 'puc.reveal':
      return 'puc-read'
    default:
      return 'other'
  }
}

function eventOf(record: LogRecord, cardId: string): CardEvent | undefined {
  const { id, at, actor, event, outcome } = record
  // Of the card that takes its place, this alone is about it.
  const isSuperseded = event.superseded === cardId
  if (!isSuperseded && isAboutAnother(record, cardId)) return undefined
  const what = isSuperseded ? 'superseded' : nameOf(record, cardId)
  if (what === undefined) return undefined
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const move = CARD_MOVES.find((one) => what === 'moved' && one === event.move)
  const reason = MOVE_REASONS.find((one) => what === 'moved' && one === event.reason)
  const note =
    what === 'moved'
      ? text(event.note)
      : what === 'puc-read'
        ? text(event.reason)
        : what.startsWith('incident-')
          ? (text(event.note) ?? text(event.reason))
          : undefined
  const result = resultOf(what, event)
  const isReleased = outcome === 'done' && (what === 'cryptogram' || what === 'unblock-authorised')
  return {
    id,
    at,
    what,
    problem: outcome === 'done' ? null : (text(event.problem) ?? 'internal'),
    by: { kind: actor.kind as CardEvent['by']['kind'], name: actor.name },
    ...(move !== undefined && { move }),
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
    ...(result !== undefined && { result }),
    ...(isReleased && { unblockId: record.subject.replace(/^unblock:/, '') }),
  }
}

const isAboutAnother = ({ subject, event: { cardId } }: LogRecord, own: string) =>
  (typeof cardId === 'string' && cardId !== own) || (subject.startsWith('card:') && subject !== subjectOf(own))

function resultOf(what: CardEventName, event: AuditEvent): string | undefined {
  const told = {
    'incident-caught': kindOf(event),
    outcome: event.outcome ?? event.told,
    'puc-used': event.told,
    'puc-delivery': event.state,
    'version-moved': event.version,
  }
  const value = told[what as keyof typeof told]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Records of before incidents were listed say it in words of their own. */
function kindOf({ incident }: AuditEvent): string | undefined {
  return CAUGHT_KINDS.find((kind) => kind === (incident as { kind?: unknown } | undefined)?.kind)
}
