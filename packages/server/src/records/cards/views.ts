import {
  CARD_FINDINGS,
  CARD_SORTS,
  CARD_STATES,
  type CardDetails,
  type CardHistory,
  type CardsFound,
  type FindingCounts,
  Problem,
  type Registration,
  type RegistrationSummary,
  type Registrations,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import type { Agents } from '../../ports/agents.ts'
import { recordLookup } from '../lookups/lookups.ts'
import { view } from '../view.ts'
import { readCardDetails } from './card-details.ts'
import { readCardHistory } from './card-history.ts'
import { listCards, readAllPages } from './card-list.ts'
import { countFindings } from './found-cards.ts'

/** What a list is asked with, but for its pages. */
const listing = {
  state: z.optional(z.enum(CARD_STATES)),
  family: z.optional(z.enum(['piv', 'gids'])),
  templateId: z.optional(z.string().check(z.maxLength(64))),
  finding: z.optional(z.enum(CARD_FINDINGS)),
  search: z.optional(z.string().check(z.maxLength(100))),
  sort: z.optional(z.enum(CARD_SORTS)),
}

/** All cards, by page; which filters and sorts go together is said in `card-list.ts`. */
export const cardList = view({
  name: 'cards.list',
  permission: 'person:read',
  query: z.object({
    ...listing,
    after: z.optional(z.string().check(z.maxLength(800))),
    limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 50),
  }),
  read: ({ db, now }, wish): Promise<CardsFound> => listCards(db, wish, now),
})

/** The whole of a list, for a file. */
export const cardExport = view({
  name: 'cards.export',
  permission: 'person:read',
  query: z.object(listing),
  read: ({ db, now }, wish) => readAllPages(db, wish, now),
})

/** One card, for its page. That somebody looked at its holder is recorded. */
export const cardDetails = view({
  name: 'cards.details',
  permission: 'person:read',
  query: z.object({ cardId: z.string().check(z.maxLength(64)) }),
  async read({ db, database, now }, { cardId }, actor): Promise<CardDetails> {
    const details = await readCardDetails(db, cardId, now)
    if (details.holder) {
      await recordLookup(database, { operatorId: actor.id, personId: details.holder.id, at: now })
    }
    return details
  },
})

/** What happened to a card, by page. */
export const cardHistory = view({
  name: 'cards.history',
  permission: 'person:read',
  query: z.object({
    cardId: z.string().check(z.maxLength(64)),
    before: z.optional(z.coerce.number().check(z.int(), z.minimum(1))),
  }),
  read: ({ db }, { cardId, before }): Promise<CardHistory> => readCardHistory(db, cardId, before),
})

/** How many cards have what is wrong with a card. */
export const cardFindings = view({
  name: 'cards.findings',
  permission: 'person:read',
  query: z.object({}),
  read: ({ db, now }): Promise<FindingCounts> => countFindings(db, now),
})

/** Cards that are registered and not issued yet, the newest first. */
export const registrations = view({
  name: 'cards.registrations',
  permission: 'card:register',
  query: z.object({ limit: z.prefault(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 50) }),
  async read({ db }, { limit }): Promise<Registrations> {
    const rows = await select(db)
      .where('cards.state', '=', 'registered')
      .orderBy('cards.created_at', 'desc')
      .limit(limit + 1)
      .execute()
    return { registrations: rows.slice(0, limit).map(summaryOf), isMore: rows.length > limit }
  },
})

/** One registration, for the page that follows its issuance. */
export const registration = (agents: Agents) =>
  view({
    name: 'cards.registration',
    permission: 'card:register',
    query: z.object({ cardId: z.string().check(z.maxLength(64)) }),
    async read({ db }, { cardId }): Promise<Registration> {
      const row = await select(db).where('cards.id', '=', cardId).executeTakeFirst()
      if (!row) throw new Problem('card-unknown')
      const { round, step } = readProgress(row.personalisation)
      const job = agents.findJob(cardId)
      const problem = job?.state === 'failed' ? job.problem : undefined
      return {
        ...summaryOf(row),
        state: row.state as Registration['state'],
        round,
        step,
        job: job ? { state: job.state, problem: problem?.code ?? null, why: problem?.why ?? null } : null,
      }
    },
  })

const select = (db: Db) =>
  db
    .selectFrom('cards')
    .innerJoin('people', 'people.id', 'cards.person_id')
    .select(['cards.id', 'cards.label', 'cards.printed_serial', 'cards.family', 'cards.state'])
    .select(['cards.personalisation', 'cards.created_at', 'cards.is_unheld', 'people.name'])

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const summaryOf = (row: Row): RegistrationSummary => ({
  cardId: row.id,
  label: row.label,
  printedSerial: row.printed_serial,
  family: row.family as RegistrationSummary['family'],
  personName: row.is_unheld === 1 ? '' : row.name,
  registeredAt: row.created_at,
  isBegun: readProgress(row.personalisation).round > 0,
})

/** Where the conversation with the card stands; nothing of its secrets. */
function readProgress(personalisation: string | null): { round: number; step: string | null } {
  if (personalisation === null) return { round: 0, step: null }
  const { round, conversation } = JSON.parse(personalisation) as { round: number; conversation: { step: string } }
  return { round, step: conversation.step }
}
