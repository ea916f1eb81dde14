import {
  AskSelfService,
  type PersonIdentities,
  Problem,
  type ProblemCode,
  SelfServiceAttempt,
  type SelfServiceOffer,
  type SelfServiceOffered,
  type SelfServiceView,
  type SelfServiceWay,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { type Card, getCard } from '../cards/cards.ts'
import { findConnected, LEASE_MS } from '../connected-unblocks/connected-unblocks.ts'
import { findConnection } from '../connections/connections.ts'
import { getPerson, type Person } from '../people/people.ts'
import { listUsable } from '../person-passkeys/person-passkeys.ts'
import { view } from '../view.ts'
import { findMetWays } from './demand.ts'
import { listIdentities } from './identities.ts'
import { listUsableOneTimePasswords } from './one-time-passwords.ts'
import { listOpenCodes } from './unblock-codes.ts'
import { countTriesLeft, findObstacleOf, findSelfServiceDemand, listWaysOf, metWaysOf } from './ways.ts'

/** Whether the holder of a card may unblock it himself: for the agent that sees it, and nothing about a person. */
export const selfServiceOffer = view({
  name: 'self-service.offer',
  permission: 'agent:report',
  query: AskSelfService,
  async read({ db }, { cardUuid }): Promise<SelfServiceOffer> {
    return { obstacle: (await findObstacleOf(db, cardUuid)) ?? null }
  },
})

/** Who a person is at identity providers. */
export const personIdentities = view({
  name: 'people.identities',
  permission: 'person:read',
  query: z.object({ personId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { personId }): Promise<PersonIdentities> {
    const rows = await listIdentities(db, personId)
    return {
      identities: rows.map(({ id, issuer, subject, created_at, usable_from }) => {
        return { id, issuer, subject, createdAt: created_at, usableFrom: usable_from }
      }),
    }
  },
})

/** How an attempt stands, for the agent whose card proved itself. */
export const selfServiceProgress = view({
  name: 'self-service.progress',
  permission: 'agent:report',
  query: SelfServiceAttempt,
  async read({ db, now }, { unblockId }, actor): Promise<SelfServiceView> {
    const connected = await findConnected(db, unblockId)
    if (!connected || connected.agent_id !== actor.id) throw new Problem('not-found', { detail: 'no such unblock' })
    if (connected.state !== 'proved' && connected.state !== 'authorised') throw new Problem('attempt-closed')
    return viewSelfService(db, unblockId, now)
  },
})

/** What its holder sees of an attempt. */
export async function viewSelfService(db: Db, unblockId: string, now: Date): Promise<SelfServiceView> {
  const connected = await findConnected(db, unblockId)
  if (!connected) throw new Problem('not-found', { detail: 'no such unblock' })
  const card = await getCard(db, connected.card_id)
  const person = await getPerson(db, card.person_id)
  const demand = await findSelfServiceDemand(db, card)
  const tried = await listWaysOf(db, unblockId)
  const met = metWaysOf(tried)
  const ways: SelfServiceOffered[] = []
  for (const way of demand.ways) {
    const isMet = met.some((one) => one.way === way)
    const isAsked = tried.some((one) => one.way === way && one.state === 'asked')
    const { hint, obstacle } = await findOffer(db, { way, card, person, now })
    ways.push({ way, state: isMet ? 'met' : isAsked ? 'asked' : 'open', obstacle: isMet ? null : obstacle, hint })
  }
  return {
    unblockId,
    personName: person.name,
    cardLabel: card.label,
    printedSerial: card.printed_serial,
    count: demand.count,
    ways,
    isMet: findMetWays(demand, met) !== undefined,
    until: new Date(Date.parse(connected.opened_at) + LEASE_MS).toISOString(),
  }
}

/** What is shown beside a way, and why it cannot be used now. */
async function findOffer(
  db: Db,
  on: { way: SelfServiceWay; card: Card; person: Person; now: Date },
): Promise<{ hint: string; obstacle: ProblemCode | null }> {
  const { hint, isSetUp } = await findSetUp(db, on)
  if (!isSetUp) return { hint, obstacle: 'way-not-set-up' }
  const left = await countTriesLeft(db, { cardId: on.card.id, way: on.way, now: on.now })
  return { hint, obstacle: left === 0 ? 'self-service-tries' : null }
}

/** Whether a person has what a way takes. */
async function findSetUp(
  db: Db,
  { way, card, person, now }: { way: SelfServiceWay; card: Card; person: Person; now: Date },
): Promise<{ hint: string; isSetUp: boolean }> {
  switch (way) {
    case 'domain': {
      const directory = person.directory_id === null ? undefined : await findConnection(db, person.directory_id)
      return { hint: person.user_name, isSetUp: directory !== undefined && !directory.isRemoved }
    }
    case 'unblock-code':
      return { hint: '', isSetUp: (await listOpenCodes(db, card, now)).length > 0 }
    case 'passkey':
      return { hint: '', isSetUp: (await listUsable(db, person.id, now)).length > 0 }
    case 'identity-provider': {
      const { identityProviderId } = await findSelfServiceDemand(db, card)
      const provider = identityProviderId === null ? undefined : await findConnection(db, identityProviderId)
      const isThere = provider !== undefined && !provider.isRemoved && provider.details.kind === 'identity-provider'
      const known = isThere ? await listIdentities(db, person.id) : []
      return { hint: provider?.name ?? '', isSetUp: known.some(({ usable_from }) => usable_from <= now.toISOString()) }
    }
    case 'one-time-password':
      return { hint: '', isSetUp: (await listUsableOneTimePasswords(db, person.id, now)).length > 0 }
  }
}
