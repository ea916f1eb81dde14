import { type Directories, type DirectoryFound, PERSON_FIELDS } from '@unlatch/contract'
import * as z from 'zod/mini'
import { listConnections } from '../connections/connections.ts'
import { view } from '../view.ts'
import { compareEntries } from './entries.ts'

/** The directories that people can be searched in. */
export const directories = view({
  name: 'directories.list',
  permission: 'person:write',
  query: z.object({}),
  async read({ db }): Promise<Directories> {
    const connections = await listConnections(db)
    const tested = connections.filter(({ details, testedAt }) => details.kind === 'directory' && testedAt !== null)
    return { directories: tested.map(({ id, name }) => ({ id, name })) }
  },
})

const person = z.object(
  Object.fromEntries(PERSON_FIELDS.map((field) => [field, z.string()])) as Record<
    (typeof PERSON_FIELDS)[number],
    z.ZodMiniString
  >,
)

/** An entry as the adapter read it. */
export const EntryInput = z.object({ key: z.string(), dn: z.string(), person })

/** Entries that a search found, beside the people who are here. */
export const directoryMatches = view({
  name: 'directories.matches',
  permission: 'person:write',
  query: z.object({ connectionId: z.string(), entries: z.array(EntryInput) }),
  read: ({ db }, { connectionId, entries }): Promise<DirectoryFound['entries']> =>
    compareEntries(db, connectionId, entries),
})
