import { CARD_HOLDINGS, PEOPLE_SORTS, type PeopleListed, type PeopleSort, Problem } from '@unlatch/contract'
import { type ExpressionBuilder, type Selectable, sql } from 'kysely'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { findPersonIds, foldWord } from './people.ts'

/**
 * The list of people, page by page. What is offered is what an index answers, however many people there are:
 *
 * - without a filter: by name (the rule), by user name, by department and name, newest first;
 * - by department, by with or without a card, or both: by name;
 * - by a search: any filters and any sort, among the first people that it finds.
 */
export const PeopleFilter = z.object({
  search: z.optional(z.string().check(z.maxLength(100))),
  department: z.optional(z.string().check(z.maxLength(200))),
  cards: z.optional(z.enum(CARD_HOLDINGS)),
})
export type PeopleFilter = z.infer<typeof PeopleFilter>

export const PeopleWish = z.object({
  ...PeopleFilter.shape,
  sort: z.optional(z.enum(PEOPLE_SORTS)),
  after: z.optional(z.string().check(z.maxLength(2000))),
  limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(200)), 50),
})
export type PeopleWish = z.infer<typeof PeopleWish>

type Row = Pick<
  Selectable<Tables['people']>,
  | 'id'
  | 'name'
  | 'user_name'
  | 'department'
  | 'email'
  | 'phone'
  | 'manager'
  | 'language'
  | 'created_at'
  | 'sort_name'
  | 'has_card'
>

const COLUMNS = [
  'id',
  'name',
  'user_name',
  'department',
  'email',
  'phone',
  'manager',
  'language',
  'created_at',
  'sort_name',
  'has_card',
] as const satisfies readonly (keyof Row)[]

/** A search looks at so many people; an export by a search at more, and says when these are not all. */
const MOST_FOUND = 200
const MOST_EXPORTED_BY_SEARCH = 50_000
const EXPORTED_AT_ONCE = 500

type Key = 'sort_name' | 'user_name' | 'department' | 'created_at' | 'id'

/** What each order compares, and what comes before everybody: a time begins with a digit. */
const ORDERS = {
  name: { keys: ['sort_name', 'id'], start: ['', ''], isDown: false },
  userName: { keys: ['user_name'], start: [''], isDown: false },
  department: { keys: ['department', 'sort_name', 'id'], start: ['', '', ''], isDown: false },
  newest: { keys: ['created_at', 'id'], start: ['~', ''], isDown: true },
} as const satisfies Record<PeopleSort, { keys: readonly Key[]; start: readonly string[]; isDown: boolean }>

/** @throws Problem `input-invalid`: such a list is not offered, or `after` is none of ours. */
export async function listPeople(db: Db, wish: PeopleWish): Promise<PeopleListed> {
  const { sort = 'name', after, limit } = wish
  const { keys } = ORDERS[sort]
  const place = after === undefined ? ORDERS[sort].start : readCursor(after, keys.length)
  const prefix = foldWord(wish.search ?? '')
  const { rows, isCut } =
    prefix === ''
      ? { rows: await readInOrder(db, wish, sort, place, limit + 1), isCut: false }
      : await searchInOrder(db, prefix, wish, sort, place)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const counts = await countCards(
    db,
    page.map(({ id }) => id),
  )
  return {
    people: page.map((row) => ({
      id: row.id,
      name: row.name,
      userName: row.user_name,
      department: row.department,
      email: row.email,
      cards: counts.get(row.id) ?? 0,
      createdAt: row.created_at,
    })),
    next: last && rows.length > limit ? writeCursor(keys.map((key) => last[key])) : null,
    isCut,
  }
}

/** Everybody whom a filter fits, as the file of an export has them: some hundred at a time. */
export async function* exportPeople(db: Db, filter: PeopleFilter): AsyncGenerator<Row[]> {
  const prefix = foldWord(filter.search ?? '')
  if (prefix !== '') {
    const ids = await findPersonIds(db, prefix, MOST_EXPORTED_BY_SEARCH + 1)
    if (ids.length > MOST_EXPORTED_BY_SEARCH) throw new Problem('too-large', { detail: 'the search finds too many' })
    for (let from = 0; from < ids.length; from += EXPORTED_AT_ONCE) {
      const rows = await readPeople(db, ids.slice(from, from + EXPORTED_AT_ONCE))
      yield rows.filter((row) => fits(row, filter)).sort(compareBy('name'))
    }
    return
  }
  let place: readonly string[] = ORDERS.name.start
  for (;;) {
    const rows = await readInOrder(db, filter, 'name', place, EXPORTED_AT_ONCE)
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < EXPORTED_AT_ONCE) return
    place = ORDERS.name.keys.map((key) => last[key])
  }
}

async function readInOrder(
  db: Db,
  { department, cards }: PeopleFilter,
  sort: PeopleSort,
  place: readonly string[],
  count: number,
): Promise<Row[]> {
  if (sort !== 'name' && (department !== undefined || cards !== undefined)) {
    throw new Problem('input-invalid', { detail: 'this sort is offered with no filter, or with a search' })
  }
  const { keys, isDown } = ORDERS[sort]
  const direction = isDown ? 'desc' : 'asc'
  let query = db
    .selectFrom('people')
    .select([...COLUMNS])
    .where((e) => isBeyond(e, keys, place, isDown))
  if (department !== undefined) query = query.where('department', '=', department)
  if (cards !== undefined) query = query.where('has_card', '=', cards === 'with' ? 1 : 0)
  for (const key of keys) query = query.orderBy(key, direction)
  return query.limit(count).execute()
}

/** The comparison of whole rows that an index of these columns answers. */
function isBeyond(
  e: ExpressionBuilder<Tables, 'people'>,
  keys: readonly Key[],
  place: readonly string[],
  isDown: boolean,
) {
  const columns = sql.join(keys.map((key) => e.ref(key)))
  const values = sql.join(place.map((value) => e.val(value)))
  return isDown ? sql<boolean>`(${columns}) < (${values})` : sql<boolean>`(${columns}) > (${values})`
}

async function searchInOrder(
  db: Db,
  prefix: string,
  filter: PeopleFilter,
  sort: PeopleSort,
  place: readonly string[],
): Promise<{ rows: Row[]; isCut: boolean }> {
  const ids = await findPersonIds(db, prefix, MOST_FOUND + 1)
  const rows = await readPeople(db, ids.slice(0, MOST_FOUND))
  const { keys, isDown } = ORDERS[sort]
  const isAfter = (row: Row) => {
    const difference = compare(
      keys.map((key) => row[key]),
      place,
    )
    return isDown ? difference < 0 : difference > 0
  }
  const fitting = rows.filter((row) => fits(row, filter) && isAfter(row)).sort(compareBy(sort))
  return { rows: fitting, isCut: ids.length > MOST_FOUND }
}

const readPeople = (db: Db, ids: readonly string[]): Promise<Row[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('people')
        .select([...COLUMNS])
        .where('id', 'in', ids)
        .execute()

const fits = (row: Row, { department, cards }: PeopleFilter): boolean =>
  (department === undefined || row.department === department) &&
  (cards === undefined || (row.has_card === 1) === (cards === 'with'))

const compareBy = (sort: PeopleSort) => (a: Row, b: Row) => {
  const { keys, isDown } = ORDERS[sort]
  const difference = compare(
    keys.map((key) => a[key]),
    keys.map((key) => b[key]),
  )
  return isDown ? -difference : difference
}

function compare(place: readonly string[], other: readonly string[]): number {
  for (const [i, part] of place.entries()) {
    const against = other[i] ?? ''
    if (part !== against) return part < against ? -1 : 1
  }
  return 0
}

async function countCards(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('cards')
    .select('person_id')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('person_id', 'in', ids)
    .groupBy('person_id')
    .execute()
  return new Map(rows.map(({ person_id, count }) => [person_id, Number(count)]))
}

/** One department after the other: each is found by the index, however many people are in it. */
export async function listDepartments(db: Db, most: number): Promise<string[]> {
  const found: string[] = []
  while (found.length < most) {
    const next = await db
      .selectFrom('people')
      .select('department')
      .where('department', '>', found.at(-1) ?? '')
      .orderBy('department')
      .limit(1)
      .executeTakeFirst()
    if (!next) break
    found.push(next.department)
  }
  return found
}

const writeCursor = (place: readonly string[]): string => Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws Problem `input-invalid`. */
function readCursor(text: string, length: number): readonly string[] {
  const place = parse(Buffer.from(text, 'base64url').toString())
  if (!Array.isArray(place) || place.length !== length || !place.every(isPart)) {
    throw new Problem('input-invalid', { detail: 'after: not where a page ended' })
  }
  return place
}

/** As `readInput` wants texts: PostgreSQL takes no other. */
const isPart = (part: unknown): boolean => typeof part === 'string' && part.isWellFormed() && !part.includes('\0')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
