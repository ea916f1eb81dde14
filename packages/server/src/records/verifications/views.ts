import {
  type Approvals,
  type ApprovalView,
  type Root,
  VERIFICATION_WAYS,
  VERIFIED_PROCEDURES,
  type VerificationView,
  type VerificationWay,
  type WayView,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { type Card, getCard } from '../cards/cards.ts'
import { viewFourEyes } from '../four-eyes/approvals.ts'
import { getPerson } from '../people/people.ts'
import { findSelfServiceDemand, findSelfServiceObstacle } from '../self-service/ways.ts'
import { view } from '../view.ts'
import { findManager } from './managers.ts'
import { findWayObstacle, listAddresses } from './offers.ts'
import { ANSWER_MS, CODE_TRIES, findMet, isAdmitted, TICKET_USES } from './tickets.ts'
import {
  findDemand,
  findOpenVerification,
  findUnusedVerification,
  listWays,
  metOf,
  type WayRow,
} from './verifications.ts'

/** What is demanded of the holder of a card, by which ways they can prove who they are now, and what stands of it. */
export const cardVerification = view({
  name: 'verification.of-card',
  permission: 'unblock:release',
  query: z.object({ cardId: z.string().check(z.maxLength(64)), procedure: z.enum(VERIFIED_PROCEDURES) }),
  async read({ db, now }, { cardId, procedure }, actor): Promise<VerificationView> {
    const card = await getCard(db, cardId)
    const person = await getPerson(db, card.person_id)
    const demand = await findDemand(db, card)
    const addresses = await listAddresses(db, person, actor, now)
    const on = { person, addresses, operatorId: actor.id, now }
    const admitted = VERIFICATION_WAYS.filter((way) => isAdmitted(demand, way))
    const offers = await Promise.all(
      admitted.map(async (way) => ({ way, obstacle: (await findWayObstacle(db, way, on)) ?? null })),
    )
    const use = { operatorId: actor.id, cardId, personId: person.id, procedure }
    const open = await findOpenVerification(db, use, now)
    const isElsewhere = !open && (await findUnusedVerification(db, use, now)) !== undefined
    const ways = open ? await listWays(db, open.id) : []
    const standing = findMet(demand, metOf(ways), now)
    return {
      cardId,
      demand,
      offers,
      addresses,
      isElsewhere,
      admitsUnblockCodes: await admitsUnblockCodes(db, card),
      fourEyes: await viewFourEyes(db, {
        card,
        verificationId: open?.id,
        action: procedure,
        mayReadPuc: actor.permissions.has('puc:read'),
        now,
      }),
      managerName: (await findManager(db, person))?.name ?? person.manager,
      open: open
        ? {
            id: open.id,
            ways: ways.map((way) => viewOf(way, now)),
            isMet: standing !== undefined,
            expiresAt: standing?.notAfter ?? null,
            usesLeft: TICKET_USES - open.uses,
          }
        : null,
    }
  },
})

const DAY_MS = 24 * 3_600_000

/** What a manager was asked in the last day, the newest first. */
export const ownApprovals = view({
  name: 'verification.approvals',
  permission: 'verification:confirm',
  query: z.object({}),
  async read({ db, now }, _, actor): Promise<Approvals> {
    const rows = await db
      .selectFrom('verification_ways as w')
      .innerJoin('verifications as v', 'v.id', 'w.verification_id')
      .innerJoin('people as p', 'p.id', 'w.person_id')
      .innerJoin('cards as c', 'c.id', 'v.card_id')
      .innerJoin('operators as o', 'o.id', 'v.operator_id')
      .select(['w.id', 'w.state', 'w.asked_at', 'p.name as person', 'p.department', 'c.label', 'o.name as operator'])
      .where('w.approver_id', '=', actor.id)
      .where('w.asked_at', '>', new Date(now.getTime() - DAY_MS).toISOString())
      .orderBy('w.asked_at', 'desc')
      .limit(50)
      .execute()
    return {
      approvals: rows.map((row): ApprovalView => {
        const until = new Date(Date.parse(row.asked_at) + ANSWER_MS)
        const isLate = row.state === 'asked' && until <= now
        return {
          id: row.id,
          personName: row.person,
          department: row.department,
          cardLabel: row.label,
          operatorName: row.operator,
          askedAt: row.asked_at,
          until: until.toISOString(),
          state: isLate ? 'failed' : (row.state as ApprovalView['state']),
        }
      }),
    }
  },
})

function viewOf(row: WayRow, now: Date): WayView {
  const isLate = row.state === 'asked' && Date.parse(row.asked_at) + ANSWER_MS <= now.getTime()
  return {
    id: row.id,
    way: row.way as VerificationWay,
    root: row.root as Root,
    state: isLate ? 'failed' : (row.state as WayView['state']),
    askedAt: row.asked_at,
    metAt: row.met_at,
    sentTo: row.sent_to,
    triesLeft: row.code_mac === null ? null : CODE_TRIES - row.tries,
  }
}

async function admitsUnblockCodes(db: Db, card: Card): Promise<boolean> {
  if ((await findSelfServiceObstacle(db, card)) !== undefined) return false
  return (await findSelfServiceDemand(db, card)).ways.includes('unblock-code')
}
