import { type Deed, type Deeds, Problem } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import type { AuditEvent } from '../audit/audit-event.ts'
import { dayAround } from './incidents.ts'

/** What an operator did in the day around a notice, out of the log, the newest first. */

/** Deeds on a page. */
const PAGE = 50

interface LogRecord {
  readonly id: string
  readonly operation: string
  readonly outcome: Deed['outcome']
  readonly event: AuditEvent
}

/** @throws Problem `input-invalid`: `after` is none of ours. */
export async function readDeeds(
  db: Db,
  of: { readonly operatorId: string; readonly at: string },
  after: string | undefined,
): Promise<Deeds> {
  const { from, to } = dayAround(of.at)
  const [at, seq] = after === undefined ? [to, Number.MAX_SAFE_INTEGER] : readPlace(after)
  const rows = await db
    .selectFrom('audit')
    .select(['seq', 'at', 'record'])
    .where('actor_id', '=', of.operatorId)
    .where('at', '>=', from)
    .where((e) => e(e.refTuple('at', 'seq'), '<', e.tuple(at, seq)))
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(PAGE + 1)
    .execute()
  const page = rows.slice(0, PAGE).map((row) => ({ ...row, told: JSON.parse(row.record) as LogRecord }))
  const cards = await cardsOf(
    db,
    page.flatMap(({ told }) => cardIdOf(told) ?? []),
  )
  const last = page.at(-1)
  return {
    from,
    to,
    deeds: page.map(({ at: when, told }) => {
      const card = cards.get(cardIdOf(told) ?? '')
      const { problem } = told.event
      return {
        id: told.id,
        at: when,
        operation: told.operation,
        outcome: told.outcome,
        problem: typeof problem === 'string' ? problem : null,
        cardId: card?.id ?? null,
        printedSerial: card?.printed_serial ?? null,
        personName: card?.name ?? null,
      }
    }),
    next: last && rows.length > PAGE ? `${last.at} ${last.seq}` : null,
  }
}

const cardIdOf = ({ event: { cardId } }: LogRecord): string | undefined =>
  typeof cardId === 'string' ? cardId : undefined

async function cardsOf(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, { id: string; printed_serial: string; name: string }>()
  const rows = await db
    .selectFrom('cards')
    .innerJoin('people', 'people.id', 'cards.person_id')
    .select(['cards.id', 'cards.printed_serial', 'people.name'])
    .where('cards.id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** @throws Problem `input-invalid`. */
function readPlace(after: string): [string, number] {
  const [, at, seq] = /^(\S{1,40}) (\d{1,15})$/.exec(after) ?? []
  if (at === undefined) throw new Problem('input-invalid', { detail: 'after: not where a page ended' })
  return [at, Number(seq)]
}
