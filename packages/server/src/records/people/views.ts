import {
  chooseLanguage,
  type Departments,
  type PeopleFound,
  type PeopleListed,
  type PersonDetails,
  type UnblockEvent,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { readCardSummaries } from '../cards/summaries.ts'
import { recordLookup } from '../lookups/lookups.ts'
import { view } from '../view.ts'
import { findPersonIds, foldWord, getPerson, type Person } from './people.ts'
import { writePeople } from './people-csv.ts'
import { listDepartments, listPeople, PeopleFilter, PeopleWish } from './people-list.ts'

/** People by the beginning of a name, user name or printed serial. */
export const findPeople = view({
  name: 'people.find',
  permission: 'person:read',
  query: z.object({
    search: z.string().check(z.maxLength(100)),
    limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(50)), 20),
  }),
  async read({ db }, { search, limit }): Promise<PeopleFound> {
    const prefix = foldWord(search)
    if (prefix === '') return { people: [], isMore: false }
    const found = await findPersonIds(db, prefix, limit + 1)
    if (found.length === 0) return { people: [], isMore: false }
    const ids = found.slice(0, limit)
    const people = await db
      .selectFrom('people')
      .select(['id', 'name', 'user_name', 'department'])
      .where('id', 'in', ids)
      .orderBy('name')
      .execute()
    const cards = await db
      .selectFrom('cards')
      .select(['id', 'person_id', 'label', 'printed_serial', 'state'])
      .where('person_id', 'in', ids)
      .where('is_unheld', '=', 0)
      .orderBy('label')
      .execute()
    return {
      isMore: found.length > limit,
      people: people.map((person) => ({
        id: person.id,
        name: person.name,
        userName: person.user_name,
        department: person.department,
        cards: cards
          .filter((card) => card.person_id === person.id)
          .map((card) => ({
            id: card.id,
            label: card.label,
            printedSerial: card.printed_serial,
            state: card.state as PersonDetails['cards'][number]['state'],
          })),
      })),
    }
  },
})

/** All people, page by page. */
export const peopleList = view({
  name: 'people.list',
  permission: 'person:read',
  query: PeopleWish,
  read: ({ db }, wish): Promise<PeopleListed> => listPeople(db, wish),
})

/** A list of departments is for choosing from: nobody reads more than these. */
const MOST_DEPARTMENTS = 300

/** The departments that people are in. */
export const departments = view({
  name: 'people.departments',
  permission: 'person:read',
  query: z.object({}),
  async read({ db }): Promise<Departments> {
    const found = await listDepartments(db, MOST_DEPARTMENTS + 1)
    return { departments: found.slice(0, MOST_DEPARTMENTS), isMore: found.length > MOST_DEPARTMENTS }
  },
})

/** The people whom a filter fits, as a CSV file in pieces. Who asks was recorded before. */
export const peopleFile = view({
  name: 'people.file',
  permission: 'person:export',
  query: PeopleFilter,
  read: async ({ db }, filter): Promise<AsyncGenerator<string>> => writePeople(db, filter),
})

/** One person with his cards, as the unblock page needs them. That somebody looked is recorded. */
export const personDetails = (allowsBareForm: boolean) =>
  view({
    name: 'people.details',
    permission: 'person:read',
    query: z.object({ personId: z.string().check(z.maxLength(64)) }),
    async read({ db, database, now }, { personId }, actor): Promise<PersonDetails> {
      const person = await getPerson(db, personId)
      await recordLookup(database, { operatorId: actor.id, personId, at: now })
      return {
        id: person.id,
        name: person.name,
        userName: person.user_name,
        department: person.department,
        email: person.email,
        phone: person.phone,
        manager: person.manager,
        secondEmail: person.second_email,
        isSensitive: person.is_sensitive === 1,
        language: chooseLanguage([person.language]) ?? '',
        revision: person.revision,
        createdAt: person.created_at,
        source: person.source as PersonDetails['source'],
        directory: await readDirectory(db, person),
        isRemovable: person.had_card === 0,
        cards: await readCardSummaries(db, personId, allowsBareForm),
        history: await readHistory(db, personId),
      }
    },
  })

/** The directory that a person was found in. */
async function readDirectory(db: Db, { directory_id, directory_dn }: Person): Promise<PersonDetails['directory']> {
  if (directory_id === null) return null
  const connection = await db.selectFrom('connections').select('name').where('id', '=', directory_id).executeTakeFirst()
  return { connectionId: directory_id, connectionName: connection?.name ?? '', dn: directory_dn ?? '' }
}

/** The last ten cryptograms that a person asked for: a card that has another holder now keeps its old one's to itself. */
async function readHistory(db: Db, personId: string): Promise<UnblockEvent[]> {
  const rows = await db
    .selectFrom('unblocks')
    .innerJoin('releases', 'releases.unblock_id', 'unblocks.id')
    .innerJoin('cards', 'cards.id', 'releases.card_id')
    .innerJoin('operators', 'operators.id', 'releases.operator_id')
    .select(['releases.released_at', 'cards.label', 'operators.name', 'releases.outcome'])
    .where('unblocks.person_id', '=', personId)
    .orderBy('releases.released_at', 'desc')
    .limit(10)
    .execute()
  return rows.map((row) => ({
    at: row.released_at,
    cardLabel: row.label,
    operatorName: row.name,
    outcome: row.outcome as UnblockEvent['outcome'],
  }))
}
