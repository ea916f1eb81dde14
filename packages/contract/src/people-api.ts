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
