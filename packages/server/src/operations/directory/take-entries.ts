import { randomUUID } from 'node:crypto'
import type { EntryFault, TakenFromDirectory } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import type { DirectoryEntry } from '../../ports/directory.ts'
import { changesOf, findEntryFault, findHere } from '../../records/directories/entries.ts'
import { EntryInput } from '../../records/directories/views.ts'
import { COLUMN_OF } from '../../records/imports/compare.ts'
import { insertPerson, type Person, type PersonChange, updatePerson } from '../../records/people/people.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/**
 * Entries of a directory become people here, or change those who are here already: by the entry that they were taken from,
 * else by user name. From then on they are known by the entry, whatever it is renamed to.
 *
 * @throws Problem `name-taken` when an entry has the user name of somebody else by now.
 */
export const takeEntries = operation({
  name: 'directory.take',
  permission: 'person:write',
  input: z.object({
    connectionId: z.string().check(z.maxLength(64)),
    entries: z.array(EntryInput).check(z.maxLength(50)),
  }),
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run(context, { connectionId, entries }) {
    const here = await findHere(context.tx, connectionId, entries)
    const result: TakenFromDirectory = { added: [], changed: [], refused: [] }
    const added: { personId: string; entry: string; userName: string }[] = []
    const changed: { personId: string; entry: string; changes: ReturnType<typeof changesOf> }[] = []
    for (const entry of entries) {
      const fault = findEntryFault(entry) ?? findTwin(entry, entries)
      if (fault) {
        result.refused.push({ name: entry.person.name.slice(0, 1000), fault })
        continue
      }
      const person = here.get(entry.key)
      try {
        if (person) {
          changed.push({
            personId: person.id,
            entry: entry.key,
            changes: await change(context, connectionId, entry, person),
          })
          result.changed.push(person.id)
        } else {
          const personId = await add(context, connectionId, entry)
          added.push({ personId, entry: entry.key, userName: entry.person.userName })
          result.added.push(personId)
        }
      } catch (error) {
        if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
        throw error
      }
    }
    return { result, event: { connectionId, added, changed } }
  },
})

/** Of two entries with one user name nobody knows which is meant. */
const findTwin = (entry: DirectoryEntry, entries: readonly DirectoryEntry[]): EntryFault | null =>
  entries.some(({ key, person }) => key !== entry.key && person.userName === entry.person.userName) ? 'twice' : null

const originOf = (connectionId: string, { key, dn }: DirectoryEntry) => ({
  directory_id: connectionId,
  directory_entry: key,
  directory_dn: dn,
})

async function add({ tx, now }: RunContext, connectionId: string, entry: DirectoryEntry): Promise<string> {
  const id = randomUUID()
  const { userName, ...rest } = entry.person
  const origin = { ...originOf(connectionId, entry), source: 'directory', created_at: now.toISOString() }
  await insertPerson(tx, { id, ...rest, user_name: userName, ...origin })
  return id
}

async function change({ tx, now }: RunContext, connectionId: string, entry: DirectoryEntry, person: Person) {
  const changes = changesOf(entry, person)
  const columns: PersonChange = Object.fromEntries(changes.map(({ field, to }) => [COLUMN_OF[field], to]))
  await updatePerson(tx, person, { ...columns, ...originOf(connectionId, entry) }, now)
  return changes
}
