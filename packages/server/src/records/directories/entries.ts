import type { DirectoryFound, EntryFault, PersonField } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { DirectoryEntry } from '../../ports/directory.ts'
import { COLUMN_OF } from '../imports/compare.ts'
import type { Person } from '../people/people.ts'

/** Entries of a directory beside the people who are here. */

/** Who an entry is here: the one who was taken from it, else whoever has its user name. */
export async function findHere(
  db: Db | Tx,
  connectionId: string,
  entries: readonly DirectoryEntry[],
): Promise<Map<string, Person>> {
  if (entries.length === 0) return new Map()
  const keys = entries.map(({ key }) => key)
  const names = entries.map(({ person }) => person.userName)
  const read = (column: 'directory_entry' | 'user_name', values: readonly string[]) => {
    const query = db.selectFrom('people').selectAll().where(column, 'in', values)
    return (db.isTransaction ? query.forUpdate() : query).execute()
  }
  const byEntry = (await read('directory_entry', keys)).filter((row) => row.directory_id === connectionId)
  const byName = await read('user_name', names)
  return new Map(
    entries.flatMap(({ key, person }) => {
      const here =
        byEntry.find((row) => row.directory_entry === key) ?? byName.find((row) => row.user_name === person.userName)
      return here ? [[key, here] as const] : []
    }),
  )
}

/** What the directory says otherwise. What it does not say at all stays. */
export function changesOf(entry: DirectoryEntry, person: Person): { field: PersonField; from: string; to: string }[] {
  return (Object.entries(entry.person) as [PersonField, string][])
    .filter(([, to]) => to !== '')
    .map(([field, to]) => ({ field, from: person[COLUMN_OF[field]], to }))
    .filter(({ from, to }) => from !== to)
}

const LONGEST = {
  name: 200,
  userName: 200,
  department: 200,
  email: 320,
  phone: 60,
  manager: 200,
  language: 200,
} as const

/** Why an entry cannot be a person here; null when it can. */
export function findEntryFault({ person, dn }: DirectoryEntry): EntryFault | null {
  if (person.name === '' || person.userName === '') return 'missing'
  if (/\s/.test(person.userName)) return 'blank'
  const fields = Object.entries(LONGEST) as [PersonField, number][]
  return fields.some(([field, most]) => person[field].length > most) || dn.length > 2000 ? 'too-long' : null
}

/** Entries as an operator sees them. */
export async function compareEntries(
  db: Db,
  connectionId: string,
  entries: readonly DirectoryEntry[],
): Promise<DirectoryFound['entries']> {
  const here = await findHere(db, connectionId, entries)
  const counts = new Map<string, number>()
  for (const { person } of entries) counts.set(person.userName, (counts.get(person.userName) ?? 0) + 1)
  const short = (text: string) => text.slice(0, 1000).toWellFormed()
  return entries.map((entry) => {
    const { key, dn, person } = entry
    const known = here.get(key)
    const isTwice = (counts.get(person.userName) ?? 0) > 1 && known?.directory_entry !== key
    return {
      key,
      dn: dn.slice(0, 2000).toWellFormed(),
      name: short(person.name),
      userName: short(person.userName),
      department: short(person.department),
      email: short(person.email),
      phone: short(person.phone),
      manager: short(person.manager),
      language: short(person.language),
      fault: findEntryFault(entry) ?? (isTwice ? ('twice' as const) : null),
      here: known ? { personId: known.id, name: known.name, changes: changesOf(entry, known) } : null,
    }
  })
}
