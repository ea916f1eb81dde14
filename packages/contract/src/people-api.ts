import * as z from 'zod/mini'
import { AddPerson } from './api.ts'

/** What crosses the wire about people: the list of them, changes, and where they come from. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))
const revision = () => z.number().check(z.int(), z.minimum(1))

// --- the list of people --------------------------------------------------------------------------------------------

/** By name, by user name, by department and then name, or the newest first. */
export const PEOPLE_SORTS = ['name', 'userName', 'department', 'newest'] as const
export type PeopleSort = (typeof PEOPLE_SORTS)[number]

/** Somebody with a card on record, in whatever state; and somebody without one. */
export const CARD_HOLDINGS = ['with', 'without'] as const
export type CardHolding = (typeof CARD_HOLDINGS)[number]

export const PersonRow = z.object({
  id: id(),
  name: text(200),
  userName: text(200),
  department: text(200),
  email: text(320),
  /** Cards on record, in whatever state. */
  cards: z.number(),
  createdAt: time(),
})
export type PersonRow = z.infer<typeof PersonRow>

export const PeopleListed = z.object({
  people: z.array(PersonRow),
  /** What the next page is asked with (`after`); null: this is the last one. */
  next: z.nullable(text(2000)),
  /** A search found more people than are looked at: a longer one finds the rest. */
  isCut: z.boolean(),
})
export type PeopleListed = z.infer<typeof PeopleListed>

/** The departments that people are in, the first of them; `isMore`: there are others. */
export const Departments = z.object({ departments: z.array(text(200)), isMore: z.boolean() })
export type Departments = z.infer<typeof Departments>

// --- one person ----------------------------------------------------------------------------------------------------

/** What is on record about a person, as it is to be; `revision` is what was changed: another change in between is told. */
export const ChangePerson = z.object({ personId: id(), revision: revision(), ...AddPerson.shape })
export type ChangePerson = z.infer<typeof ChangePerson>

export const PersonChanged = z.object({ revision: revision() })

export const RemovePerson = z.object({ personId: id() })

// --- files of people -----------------------------------------------------------------------------------------------

/** Octets of a file of people, at most. */
export const LARGEST_IMPORT = 20 * 1024 * 1024

/** What a column can be. Given name and surname make the name where no column is the name itself. */
export const IMPORT_FIELDS = [
  'name',
  'givenName',
  'surname',
  'userName',
  'department',
  'email',
  'phone',
  'manager',
  'language',
] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]

export const IMPORT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type ImportEncoding = (typeof IMPORT_ENCODINGS)[number]

export const IMPORT_DELIMITERS = [',', ';', '\t'] as const
export type ImportDelimiter = (typeof IMPORT_DELIMITERS)[number]

/** How a file is read. */
export const ImportReading = z.object({
  encoding: z.enum(IMPORT_ENCODINGS),
  delimiter: z.enum(IMPORT_DELIMITERS),
  /** What each column is; null: it is not read. */
  mapping: z.array(z.nullable(z.enum(IMPORT_FIELDS))).check(z.maxLength(200)),
  /** An empty cell takes away what is on record; otherwise it says nothing. */
  clearsEmpty: z.boolean(),
})
export type ImportReading = z.infer<typeof ImportReading>

/** Reads a file another way; without a mapping the columns are told from their names anew. */
export const RereadImport = z.object({
  importId: id(),
  ...ImportReading.shape,
  mapping: z.optional(ImportReading.shape.mapping),
})
export type RereadImport = z.infer<typeof RereadImport>

export const ImportAdded = z.object({ id: id() })

/** Begins to write; `revision` and `comparedAt` are of the preview that was looked at. */
export const StartImport = z.object({ importId: id(), revision: revision(), comparedAt: time() })

/** Ends an import: one that was not begun, or one that is under way, whose batches so far stay. */
export const StopImport = z.object({ importId: id() })

export const IMPORT_STATES = ['preview', 'running', 'done', 'stopped'] as const
export type ImportState = (typeof IMPORT_STATES)[number]

export const ImportView = z.object({
  id: id(),
  fileName: text(200),
  sha256: text(64),
  operatorName: text(200),
  state: z.enum(IMPORT_STATES),
  createdAt: time(),
  startedAt: z.nullable(time()),
  endedAt: z.nullable(time()),
  /** The server's clock, for a rate. */
  now: time(),
  revision: z.number(),
  reading: ImportReading,
  /** Names of the columns, and the first rows as they stand there; empty when nothing is kept of the file any more. */
  header: z.array(text(200)),
  samples: z.array(z.array(text(200))),
  /** What is missing before anybody can be imported: fields without a column. */
  missing: z.array(z.enum(['name', 'userName'])),
  /** Rows; and of those that were gone through, what became of them. Null until it began. */
  progress: z.nullable(
    z.object({
      total: z.number(),
      done: z.number(),
      added: z.number(),
      changed: z.number(),
      unchanged: z.number(),
      wrong: z.number(),
      /** Somebody changed these people after the preview: they were left as they are. */
      leftAlone: z.number(),
    }),
  ),
})
export type ImportView = z.infer<typeof ImportView>

export const ImportsFound = z.object({
  imports: z.array(
    z.object({
      id: id(),
      fileName: text(200),
      operatorName: text(200),
      state: z.enum(IMPORT_STATES),
      createdAt: time(),
    }),
  ),
})
export type ImportsFound = z.infer<typeof ImportsFound>

export const ROW_KINDS = ['new', 'changed', 'unchanged', 'wrong'] as const
export type RowKind = (typeof ROW_KINDS)[number]

/**
 * Why a row is wrong: a field that must be there is empty; too long; a user name with a blank; no e-mail address; signs that
 * are no text, as a wrong encoding makes them; the same user name on another line; more cells than columns; a quotation mark
 * that is not closed.
 */
export const ROW_FAULTS = ['missing', 'too-long', 'blank', 'no-address', 'no-text', 'twice', 'cells', 'quotes'] as const
export type RowFault = (typeof ROW_FAULTS)[number]

/** What is on record about a person, by the names of the wire. */
export const PERSON_FIELDS = ['name', 'userName', 'department', 'email', 'phone', 'manager', 'language'] as const
export type PersonField = (typeof PERSON_FIELDS)[number]

export const ImportRow = z.object({
  /** Line of the file where the row begins. */
  line: z.number(),
  kind: z.enum(ROW_KINDS),
  name: text(1000),
  userName: text(1000),
  changes: z.array(z.object({ field: z.enum(PERSON_FIELDS), from: text(1000), to: text(1000) })),
  faults: z.array(
    z.object({
      field: z.nullable(z.enum(PERSON_FIELDS)),
      fault: z.enum(ROW_FAULTS),
      otherLine: z.nullable(z.number()),
    }),
  ),
})
export type ImportRow = z.infer<typeof ImportRow>

export const ImportRows = z.object({
  counts: z.object({ new: z.number(), changed: z.number(), unchanged: z.number(), wrong: z.number() }),
  /** When the rows were compared with what is on record. */
  comparedAt: time(),
  revision: z.number(),
  rows: z.array(ImportRow),
  /** Line to ask after for the next page; null: this is the last one. */
  next: z.nullable(z.number()),
})
export type ImportRows = z.infer<typeof ImportRows>

// --- directories ---------------------------------------------------------------------------------------------------

/** Directories that people can be searched in: connections that were tested. */
export const Directories = z.object({ directories: z.array(z.object({ id: id(), name: text(100) })) })
export type Directories = z.infer<typeof Directories>

export const SearchDirectory = z.object({
  connectionId: id(),
  search: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
})

/** Why an entry cannot be taken over: no name or user name, something longer than it may be, a user name with a blank. */
export const ENTRY_FAULTS = ['missing', 'too-long', 'blank', 'twice'] as const
export type EntryFault = (typeof ENTRY_FAULTS)[number]

export const DirectoryFound = z.object({
  entries: z.array(
    z.object({
      /** What the directory knows the entry by for ever. */
      key: text(2100),
      dn: text(2000),
      name: text(1000),
      userName: text(1000),
      department: text(1000),
      email: text(1000),
      phone: text(1000),
      manager: text(1000),
      language: text(1000),
      fault: z.nullable(z.enum(ENTRY_FAULTS)),
      /** Who this is here, and what the directory says otherwise; null: nobody yet. */
      here: z.nullable(
        z.object({
          personId: id(),
          name: text(200),
          changes: z.array(z.object({ field: z.enum(PERSON_FIELDS), from: text(1000), to: text(1000) })),
        }),
      ),
    }),
  ),
  isMore: z.boolean(),
})
export type DirectoryFound = z.infer<typeof DirectoryFound>

/** Takes entries over as they stand in the directory now: adds people, or changes those who are here. */
export const TakeFromDirectory = z.object({
  connectionId: id(),
  keys: z.array(text(2100)).check(z.minLength(1), z.maxLength(50)),
})

export const TakenFromDirectory = z.object({
  added: z.array(id()),
  changed: z.array(id()),
  refused: z.array(z.object({ name: text(1000), fault: z.enum(ENTRY_FAULTS) })),
})
export type TakenFromDirectory = z.infer<typeof TakenFromDirectory>
