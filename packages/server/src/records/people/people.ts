import { Problem } from '@unlatch/contract'
import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { noteAddressChanges } from './address-changes.ts'

/** A person who holds cards. */
export type Person = Selectable<Tables['people']>

/** What is on record about a person, as somebody may change it. */
export type Contact = Pick<
  Person,
  'name' | 'user_name' | 'department' | 'email' | 'phone' | 'manager' | 'second_email' | 'is_sensitive' | 'language'
>

/** A person as they are added: their time of adding, and what has no default. */
export type NewPerson = Insertable<Tables['people']>

/** @throws Problem `not-found`. */
export async function getPerson(db: Db | Tx, id: string): Promise<Person> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such person' })
  return row
}

/** @throws Problem `not-found`. */
export async function getPersonByUserName(db: Db | Tx, userName: string): Promise<Person> {
  const row = await db.selectFrom('people').selectAll().where('user_name', '=', userName).executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: `nobody has the user name ${userName}` })
  return row
}

/** Adds a person and the words by which he is found. */
export const insertPerson = (tx: Tx, person: NewPerson): Promise<void> => insertPeople(tx, [person])

/** Adds some hundred people at once, all with the same columns, and the words by which they are found. */
export async function insertPeople(tx: Tx, people: readonly NewPerson[]): Promise<void> {
  if (people.length === 0) return
  const rows = people.map((person) => ({
    ...person,
    sort_name: foldWord(person.name),
    changed_at: person.created_at,
  }))
  await tx.insertInto('people').values(rows).execute()
  const words = people.flatMap((person) =>
    [...new Set(searchWordsOf(person))].filter(Boolean).map((word) => ({ word, person_id: person.id })),
  )
  await tx.insertInto('search_words').values(words).execute()
}

/**
 * A person whom nobody else changes until the transaction ends.
 *
 * @throws Problem `not-found`.
 */
export async function lockPerson(tx: Tx, id: string): Promise<Person> {
  const row = await tx.selectFrom('people').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such person' })
  return row
}

/** What of a person and where they come from is written anew. */
export type PersonChange = Partial<Contact & Pick<Person, 'directory_id' | 'directory_entry' | 'directory_dn'>>

/** Writes what changed; they are found by their new words, and no longer by the old ones. */
export async function updatePerson(tx: Tx, before: Person, change: PersonChange, at: Date): Promise<void> {
  const after = { ...before, ...change }
  await tx
    .updateTable('people')
    .set({ ...change, sort_name: foldWord(after.name), revision: before.revision + 1, changed_at: at.toISOString() })
    .where('id', '=', before.id)
    .execute()
  await noteAddressChanges(tx, before, after, at)
  const words = searchWordsOf(after)
  const gone = searchWordsOf(before).filter((word) => !words.includes(word))
  if (gone.length > 0) {
    const cards = await tx.selectFrom('cards').select('printed_serial').where('person_id', '=', before.id).execute()
    const serials = cards.map(({ printed_serial }) => foldWord(printed_serial))
    const forgotten = gone.filter((word) => !serials.includes(word))
    if (forgotten.length > 0) {
      await tx.deleteFrom('search_words').where('person_id', '=', before.id).where('word', 'in', forgotten).execute()
    }
  }
  await addSearchWords(tx, before.id, words)
}

/** What stands about somebody who never had a card. */
const OF_A_PERSON = ['search_words', 'person_identities', 'person_passkeys', 'person_invitations'] as const

/** Takes a person off the record. They never had a card: what names a holder names nobody who was removed. */
export async function deletePerson(tx: Tx, person: Person): Promise<void> {
  for (const table of OF_A_PERSON) await tx.deleteFrom(table).where('person_id', '=', person.id).execute()
  await tx.deleteFrom('people').where('id', '=', person.id).execute()
}

/** What differs, as the audit log says it: what stood there, and what stands there now. */
export function differencesOf(before: Contact, after: Contact): Record<string, { from: string; to: string }> {
  const changed = CONTACT_FIELDS.filter((field) => before[field] !== after[field])
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: after[field] }]))
}

const CONTACT_FIELDS = [
  'name',
  'user_name',
  'department',
  'email',
  'phone',
  'manager',
  'second_email',
  'language',
] as const satisfies readonly (keyof Contact)[]

/** A card became theirs. */
export async function noteHolder(tx: Tx, personId: string): Promise<void> {
  await tx.updateTable('people').set({ has_card: 1, had_card: 1 }).where('id', '=', personId).execute()
}

/** A card went to somebody else, or back to stock: perhaps it was the only one. */
export async function noteFormerHolder(tx: Tx, personId: string): Promise<void> {
  const held = tx.selectFrom('cards').select('id').where('person_id', '=', personId).where('is_unheld', '=', 0)
  const other = await held.limit(1).executeTakeFirst()
  if (!other) await tx.updateTable('people').set({ has_card: 0 }).where('id', '=', personId).execute()
}

/** Makes a person findable by these words as well (a card's printed serial, say). */
export async function addSearchWords(tx: Tx, personId: string, words: readonly string[]): Promise<void> {
  const rows = [...new Set(words.map(foldWord))].filter(Boolean).map((word) => ({ word, person_id: personId }))
  // A serial of accents and blanks alone: by that nobody is found.
  if (rows.length === 0) return
  await tx
    .insertInto('search_words')
    .values(rows)
    .onConflict((c) => c.doNothing())
    .execute()
}

/** A card goes to somebody else: the word finds its new holder, and no longer the old one. */
export async function moveSearchWord(tx: Tx, move: { from: string; to: string; word: string }): Promise<void> {
  await removeSearchWord(tx, move.from, move.word)
  await addSearchWords(tx, move.to, [move.word])
}

/** A person is not found by this word any more, unless it is a word of theirs. */
export async function removeSearchWord(tx: Tx, personId: string, word: string): Promise<void> {
  const person = await getPerson(tx, personId)
  if (searchWordsOf(person).includes(foldWord(word))) return
  await tx.deleteFrom('search_words').where('person_id', '=', personId).where('word', '=', foldWord(word)).execute()
}

/** The name in its order, and from each later word on: `Ana María Núñez` is found by any of the three; and the user name. */
export function searchWordsOf({ name, user_name }: Pick<Person, 'name' | 'user_name'>): string[] {
  const parts = name.split(/\s+/)
  const lastFirst = [parts.at(-1), ...parts.slice(0, -1)].join(' ')
  return [...parts.map((_, i) => parts.slice(i).join(' ')), lastFirst, user_name].map(foldWord)
}

/** Lower case, no accents, single blanks, no commas: how words are stored and looked for. */
export function foldWord(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[\s,]+/g, ' ')
    .trim()
}

/** Greater than any character in a folded word: the end of a prefix range. */
export const PREFIX_END = '\u{10ffff}'

/**
 * The first people in the order of their words. A short prefix fits half a large directory: only as many words are read as
 * it takes, and a person has only some that begin alike.
 */
export async function findPersonIds(db: Db, prefix: string, count: number): Promise<string[]> {
  const ids = new Set<string>()
  // No id is empty: this comes just before whatever begins with the prefix.
  let last = { word: prefix, person_id: '' }
  for (;;) {
    const page = await db
      .selectFrom('search_words')
      .select(['word', 'person_id'])
      .where((e) => e(e.refTuple('word', 'person_id'), '>', e.tuple(last.word, last.person_id)))
      .where('word', '<', prefix + PREFIX_END)
      .orderBy('word')
      .orderBy('person_id')
      .limit(count * 2)
      .execute()
    for (const { person_id } of page) {
      ids.add(person_id)
      if (ids.size === count) return [...ids]
    }
    last = page.at(-1) ?? last
    if (page.length < count * 2) return [...ids]
  }
}
