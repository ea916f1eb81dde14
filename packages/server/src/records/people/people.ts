import { Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** A person who holds cards. */
export type Person = Tables['people']

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
export async function insertPerson(tx: Tx, person: Person): Promise<void> {
  await tx.insertInto('people').values(person).execute()
  await addSearchWords(tx, person.id, searchWordsOf(person))
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
