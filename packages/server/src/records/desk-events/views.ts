import { type DeskNumbers, LIMIT_PROBLEMS, NUMBER_DAYS, UNBLOCK_PROCEDURES } from '@unlatch/contract'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { view } from '../view.ts'

const DAY_MS = 24 * 3_600_000
const NumbersWish = z.object({
  days: z.pipe(
    z._default(z.enum(NUMBER_DAYS.map(String) as ['7', '30']), '7'),
    z.transform((days) => Number(days)),
  ),
})

/** The desk in numbers, of the last days. */
export const deskNumbers = view({
  name: 'desk.numbers',
  permission: 'desk:watch',
  query: NumbersWish,
  read: ({ db, now }, { days }): Promise<DeskNumbers> => countDesk(db, days, now),
})

/** The same numbers as a file: a row for each day and what was counted. */
export const deskNumbersFile = view({
  name: 'desk.numbers-file',
  permission: 'desk:watch',
  query: NumbersWish,
  async read({ db, now }, { days }): Promise<AsyncIterable<string>> {
    const numbers = await countDesk(db, days, now)
    const rows = [
      ['day', ...UNBLOCK_PROCEDURES, 'refused'],
      ...numbers.days.map((day) => [day.day, ...UNBLOCK_PROCEDURES.map((name) => day[name]), day.refused]),
      [],
      ['median seconds', 'procedure'],
      ...Object.entries(numbers.medianSeconds).map(([name, seconds]) => [seconds ?? '', name]),
      [],
      ['refusals', 'problem'],
      ...numbers.refusals.map(({ problem, count }) => [count, problem]),
    ]
    return (async function* () {
      yield stringify(rows)
    })()
  },
})

async function countDesk(db: Db, days: number, now: Date): Promise<DeskNumbers> {
  const names = Array.from({ length: days }, (_, ago) => dayOf(new Date(now.getTime() - (days - 1 - ago) * DAY_MS)))
  const since = `${names[0]}T`
  const unblocked = await countByDay(db, 'unblocked', since)
  const refused = await countByDay(db, 'refused', since)
  const countOf = (rows: readonly Counted[], day: string, name?: string) =>
    rows
      .filter((row) => row.day === day && (name === undefined || row.name === name))
      .reduce((sum, row) => sum + row.count, 0)
  const reasons = new Map<string, number>()
  for (const { name, count } of refused) reasons.set(name, (reasons.get(name) ?? 0) + count)
  const refusals = [...reasons]
    .map(([problem, count]) => ({ problem, count }))
    .sort((a, b) => b.count - a.count || (a.problem < b.problem ? -1 : 1))
  return {
    days: names.map((day) => ({
      day,
      telephone: countOf(unblocked, day, 'telephone'),
      station: countOf(unblocked, day, 'station'),
      remote: countOf(unblocked, day, 'remote'),
      puc: countOf(unblocked, day, 'puc'),
      'self-service': countOf(unblocked, day, 'self-service'),
      refused: countOf(refused, day),
    })),
    medianSeconds: {
      telephone: await findMedian(db, 'telephone', since),
      station: await findMedian(db, 'station', since),
      remote: await findMedian(db, 'remote', since),
      'self-service': await findMedian(db, 'self-service', since),
    },
    refusals,
    limits: refusals.filter(({ problem }) => LIMIT_PROBLEMS.includes(problem)),
  }
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

interface Counted {
  readonly day: string
  readonly name: string
  readonly count: number
}

async function countByDay(db: Db, kind: 'unblocked' | 'refused', since: string): Promise<Counted[]> {
  const day = sql<string>`substr(at, 1, 10)`
  const rows = await db
    .selectFrom('desk_events')
    .select((e) => [day.as('day'), 'name', e.fn.countAll<number>().as('count')])
    .where('kind', '=', kind)
    .where('at', '>=', since)
    .groupBy([day, 'name'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

async function findMedian(db: Db, name: string, since: string): Promise<number | null> {
  const measured = db
    .selectFrom('desk_events')
    .where('kind', '=', 'unblocked')
    .where('at', '>=', since)
    .where('name', '=', name)
    .where('seconds', 'is not', null)
  const { count } = await measured.select((e) => e.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  if (Number(count) === 0) return null
  const middle = await measured
    .select('seconds')
    .orderBy('seconds')
    .offset(Math.floor((Number(count) - 1) / 2))
    .limit(1)
    .executeTakeFirst()
  return middle?.seconds ?? null
}
