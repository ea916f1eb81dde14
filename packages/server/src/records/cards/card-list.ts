import type { CardFinding, CardSort, CardsFound } from '@unlatch/contract'
import { Problem } from '@unlatch/contract'
import { sql } from 'kysely'
import type { Db } from '../../db/open.ts'
import { findPersonIds, foldWord, PREFIX_END, searchWordsOf } from '../people/people.ts'
import { listCardsWith, readCardRows } from './found-cards.ts'

/**
 * The list of cards, page by page. What is offered is what an index answers, however many cards there are:
 *
 * - without a filter: `newest` (the rule), `oldest`, `serial`;
 * - by one of state, family and template: `newest`, `oldest`;
 * - by a finding: in an order of its own, and with no other filter;
 * - by a search: any filters and any sort, among the cards of the first people that it finds, and those that nobody holds and
 *   whose printed serial begins like it.
 */
export interface ListWish {
  readonly state?: string | undefined
  readonly family?: string | undefined
  readonly templateId?: string | undefined
  readonly finding?: CardFinding | undefined
  readonly search?: string | undefined
  readonly sort?: CardSort | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** A search looks at so many people and cards. */
const MOST_PEOPLE = 200
const MOST_CARDS = 2000
/** Cards that are read at once for a file. */
const FILE_PAGE = 500
/** Cards with a finding that are looked at for one page: those that are registered again are among them. */
const LOOKED_AT = 500

/** A place in an order: what is sorted by, and the card. */
type Place = readonly [key: string, id: string]

/** Before the first card: a time begins with a digit. */
const START = { newest: ['~', ''], oldest: ['', ''], serial: ['', ''] } as const satisfies Record<CardSort, Place>

/** @throws Problem `input-invalid`: such a list is not offered, or `after` is none of ours. */
export async function listCards(db: Db, wish: ListWish, now: Date): Promise<CardsFound> {
  const prefix = foldWord(wish.search ?? '')
  if (prefix !== '') return searchCards(db, prefix, wish, now)
  const { state, family, templateId, finding, sort } = wish
  const filters = [state, family, templateId, finding].filter((filter) => filter !== undefined).length
  const isOrdered = finding === undefined ? filters === 0 || sort !== 'serial' : sort === undefined
  if (filters > 1 || !isOrdered) {
    throw new Problem('input-invalid', { detail: 'these filters and this sort are offered with a search alone' })
  }
  return finding ? listByFinding(db, finding, wish, now) : listInOrder(db, wish, now)
}

async function listInOrder(
  db: Db,
  { state, family, templateId, sort = 'newest', after, limit }: ListWish,
  now: Date,
): Promise<CardsFound> {
  const [key, id] = after === undefined ? START[sort] : readCursor(after)
  const column = sort === 'serial' ? 'printed_serial' : 'created_at'
  const direction = sort === 'newest' ? 'desc' : 'asc'
  let query = db
    .selectFrom('cards')
    .select(['id', `${column} as key`])
    .where((e) => e(e.refTuple(column, 'id'), sort === 'newest' ? '<' : '>', e.tuple(key, id)))
  if (state !== undefined) query = query.where('state', '=', state)
  if (family !== undefined) query = query.where('family', '=', family)
  if (templateId !== undefined) query = query.where('template_id', '=', templateId)
  const found = await query
    .orderBy(column, direction)
    .orderBy('id', direction)
    .limit(limit + 1)
    .execute()
  return pageOf(db, found, limit, now)
}

/** The first of these cards, and where the next ones begin. */
async function pageOf(db: Db, found: readonly { id: string; key: string }[], limit: number, now: Date) {
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const cards = await readCardRows(
    db,
    page.map(({ id }) => id),
    now,
  )
  return { cards, next: last && found.length > limit ? writeCursor([last.key, last.id]) : null, isCut: false }
}

async function listByFinding(db: Db, finding: CardFinding, { after, limit }: ListWish, now: Date): Promise<CardsFound> {
  const [, from] = after === undefined ? START.oldest : readCursor(after)
  const { ids, last } = await listCardsWith(db, finding, { after: from, lookAt: LOOKED_AT, now })
  const end = ids.length > limit ? (ids[limit - 1] ?? null) : last
  const cards = await readCardRows(db, ids.slice(0, limit), now)
  return { cards, next: end === null ? null : writeCursor(['', end]), isCut: false }
}

/** Whoever is found by a name shows all cards, and otherwise those whose printed serial is looked for. */
async function searchCards(db: Db, prefix: string, wish: ListWish, now: Date): Promise<CardsFound> {
  const { state, family, templateId, finding, sort = 'newest', after, limit } = wish
  const found = await findPersonIds(db, prefix, MOST_PEOPLE + 1)
  const personIds = found.slice(0, MOST_PEOPLE)
  const people =
    personIds.length === 0
      ? []
      : await db.selectFrom('people').select(['id', 'name', 'user_name']).where('id', 'in', personIds).execute()
  const named = new Set(
    people.filter((person) => searchWordsOf(person).some((word) => word.startsWith(prefix))).map(({ id }) => id),
  )
  // Filters are applied here: in this statement's condition they would have SQLite read all cards of a state.
  const held =
    personIds.length === 0
      ? []
      : await searchable(db)
          .where('person_id', 'in', personIds)
          .where('is_unheld', '=', 0)
          .limit(MOST_CARDS + 1)
          .execute()
  const bySerial = await listUnheld(db, wish.search ?? '')
  const cards = [...held, ...bySerial]
  const fitting = cards
    .filter(
      (card) => (card.is_unheld === 0 && named.has(card.person_id)) || foldWord(card.printed_serial).startsWith(prefix),
    )
    .filter((card) => state === undefined || card.state === state)
    .filter((card) => family === undefined || card.family === family)
    .filter((card) => templateId === undefined || card.template_id === templateId)
    .map((card) => ({ id: card.id, key: sort === 'serial' ? card.printed_serial : card.created_at }))
  const having = finding ? await keepWith(db, finding, fitting, now) : fitting
  const place = after === undefined ? START[sort] : readCursor(after)
  const isAfter = ({ key, id }: { key: string; id: string }) => compare([key, id], place) * signOf(sort) > 0
  const ordered = having.filter(isAfter).sort((a, b) => compare([a.key, a.id], [b.key, b.id]) * signOf(sort))
  const isCut = found.length > MOST_PEOPLE || held.length > MOST_CARDS || bySerial.length >= MOST_CARDS
  return { ...(await pageOf(db, ordered, limit, now)), isCut }
}

const searchable = (db: Db) =>
  db
    .selectFrom('cards')
    .select(['id', 'person_id', 'is_unheld', 'printed_serial', 'state', 'family', 'template_id', 'created_at'])

/** Cards without a holder by what is printed on them: no person is found by that. As it was typed, and in capitals. */
async function listUnheld(db: Db, search: string) {
  const typed = search.trim()
  const found = await Promise.all(
    [...new Set([typed, typed.toUpperCase(), typed.toLowerCase()])].map((prefix) =>
      searchable(db)
        .where('printed_serial', '>=', prefix)
        .where('printed_serial', '<', prefix + PREFIX_END)
        // As the index has it that holds such cards alone (migration 0011).
        .where(sql<boolean>`is_unheld = 1`)
        .limit(MOST_CARDS)
        .execute(),
    ),
  )
  return found.flat()
}

/** All pages of a list, one after the other, for a file. */
export async function readAllPages(
  db: Db,
  wish: Omit<ListWish, 'after' | 'limit'>,
  now: Date,
): Promise<AsyncIterable<CardsFound['cards']>> {
  const first = await listCards(db, { ...wish, limit: FILE_PAGE }, now)
  return (async function* () {
    let page = first
    for (;;) {
      yield page.cards
      if (page.next === null) return
      page = await listCards(db, { ...wish, after: page.next, limit: FILE_PAGE }, now)
    }
  })()
}

async function keepWith<Card extends { id: string }>(
  db: Db,
  finding: CardFinding,
  cards: readonly Card[],
  now: Date,
): Promise<Card[]> {
  const rows = await readCardRows(
    db,
    cards.map(({ id }) => id),
    now,
  )
  const having = new Set(rows.filter(({ findings }) => findings.includes(finding)).map(({ id }) => id))
  return cards.filter(({ id }) => having.has(id))
}

const signOf = (sort: CardSort) => (sort === 'newest' ? -1 : 1)

function compare([key, id]: Place, [otherKey, otherId]: Place): number {
  if (key !== otherKey) return key < otherKey ? -1 : 1
  return id === otherId ? 0 : id < otherId ? -1 : 1
}

const writeCursor = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws Problem `input-invalid`. */
function readCursor(text: string): Place {
  const place = parse(Buffer.from(text, 'base64url').toString())
  if (!Array.isArray(place) || place.length !== 2 || !place.every(isPart)) {
    throw new Problem('input-invalid', { detail: 'after: not where a page ended' })
  }
  return place as unknown as Place
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
