import {
  type AttemptView,
  type AttemptWait,
  type Colleagues,
  LIVE_DESK_HOURS,
  LIVE_DESK_PAGE,
  type LiveDesk,
  Problem,
  type ResumedAttempt,
  type VerificationWay,
  type VerifiedProcedure,
} from '@unlatch/contract'
import type { NotNull } from 'kysely'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { getCard } from '../cards/cards.ts'
import { findConnected, LEASE_MS } from '../connected-unblocks/connected-unblocks.ts'
import { getPerson } from '../people/people.ts'
import { findPermissions } from '../roles/roles.ts'
import { countMisses, findLastRelease, MISSES_PER_UNBLOCK } from '../unblocks/unblocks.ts'
import { findMet, isFresh } from '../verifications/tickets.ts'
import { findDemand, findOpenVerification, findVerification, listWays, metOf } from '../verifications/verifications.ts'
import { view } from '../view.ts'
import { isBeingSigned } from './attempts.ts'

const HOUR_MS = 3_600_000
/** So long a verification is open. */
const VERIFICATION_MS = HOUR_MS
/** Operators who are looked at as colleagues. */
const MOST_COLLEAGUES = 500

/** Attempts that are open, the newest first: one's own; everybody's for a supervisor. */
export const liveDesk = view({
  name: 'live-desk.list',
  permission: 'unblock:release',
  query: z.object({ after: z.optional(z.string().check(z.maxLength(200))) }),
  async read({ db, now }, { after }, actor): Promise<LiveDesk> {
    const operatorId = actor.permissions.has('unblock:supervise') ? undefined : actor.id
    const found = await listOpen(db, operatorId, after, now)
    const page = found.slice(0, LIVE_DESK_PAGE)
    const attempts: AttemptView[] = []
    for (const row of page) attempts.push(await describe(db, row, actor.id, now))
    const last = page.at(-1)
    return { attempts, next: last && found.length > LIVE_DESK_PAGE ? `${last.opened_at} ${last.id}` : null }
  },
})

interface OpenRow {
  readonly id: string
  readonly opened_at: string
  readonly operator_id: string
  readonly card_id: string
  readonly person_id: string
  readonly statement?: string | null
  /** Of a verification without an attempt. */
  readonly procedure?: string
}

async function listOpen(
  db: Db,
  operatorId: string | undefined,
  after: string | undefined,
  now: Date,
): Promise<OpenRow[]> {
  const [at, id] = after === undefined ? ['~', ''] : readPlace(after)
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString()
  const unblocks = await db
    .selectFrom('unblocks')
    .select(['id', 'opened_at', 'operator_id', 'card_id', 'person_id', 'statement'])
    .where('closed_at', 'is', null)
    .where('opened_at', '>', ago(LIVE_DESK_HOURS * HOUR_MS))
    .where((e) => e(e.refTuple('opened_at', 'id'), '<', e.tuple(at, id)))
    .where('operator_id', 'is not', null)
    .$narrowType<{ operator_id: NotNull }>()
    .$if(operatorId !== undefined, (own) => own.where('operator_id', '=', operatorId as string))
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(LIVE_DESK_PAGE + 1)
    .execute()
  const verifications = await db
    .selectFrom('verifications as v')
    .select(['v.id', 'v.opened_at', 'v.operator_id', 'v.card_id', 'v.person_id', 'v.procedure'])
    .where('v.ended_at', 'is', null)
    .where('v.opened_at', '>', ago(VERIFICATION_MS))
    .where((e) => e(e.refTuple('v.opened_at', 'v.id'), '<', e.tuple(at, id)))
    // An attempt that followed stands for both.
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('unblocks as u')
            .select('u.id')
            .whereRef('u.card_id', '=', 'v.card_id')
            .whereRef('u.operator_id', '=', 'v.operator_id')
            .where((u) => u.or([u('u.closed_at', 'is', null), u('u.opened_at', '>=', u.ref('v.opened_at'))])),
        ),
      ),
    )
    .$if(operatorId !== undefined, (own) => own.where('v.operator_id', '=', operatorId as string))
    .orderBy('v.opened_at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(LIVE_DESK_PAGE + 1)
    .execute()
  const all: OpenRow[] = [...unblocks, ...verifications]
  return all.sort((a, b) => (a.opened_at === b.opened_at ? (a.id < b.id ? 1 : -1) : a.opened_at < b.opened_at ? 1 : -1))
}

/** @throws Problem `input-invalid`. */
function readPlace(after: string): [string, string] {
  const [at, id, ...rest] = after.split(' ')
  if (at === undefined || id === undefined || rest.length > 0)
    throw new Problem('input-invalid', { detail: 'after: not where a page ended' })
  return [at, id]
}

async function describe(db: Db, row: OpenRow, viewerId: string, now: Date): Promise<AttemptView> {
  const card = await getCard(db, row.card_id)
  const person = await getPerson(db, row.person_id)
  const operator = await db.selectFrom('operators').select('name').where('id', '=', row.operator_id).executeTakeFirst()
  const isUnblock = row.procedure === undefined
  const connected = isUnblock ? await findConnected(db, row.id) : undefined
  const release = isUnblock ? await findLastRelease(db, row.id) : undefined
  const procedure = (row.procedure ?? (connected ? 'connected' : 'telephone')) as VerifiedProcedure
  const use = { operatorId: row.operator_id, cardId: row.card_id, personId: row.person_id, procedure }
  const verification = isUnblock ? await findOpenVerification(db, use, now) : await findVerification(db, row.id)
  const met = verification ? metOf(await listWays(db, verification.id)).filter((way) => isFresh(way, now)) : []
  const isMet = findMet(await findDemand(db, card), met, now) !== undefined
  const first = isUnblock ? await findFirstReleaseAt(db, row.id) : null
  const waitsFor = (): AttemptWait => {
    if (connected) return connected.state === 'ready' ? 'signature' : 'card'
    if (release?.outcome === 'released') return 'outcome'
    if (isBeingSigned({ statement: row.statement ?? null }, release, now)) return 'signature'
    return isMet ? 'challenge' : 'verification'
  }
  const inReader = connected && (connected.is_remote === 1 ? 'online' : 'here')
  const begunAt = verification && verification.opened_at < row.opened_at ? verification.opened_at : row.opened_at
  return {
    id: row.id,
    place: inReader ?? (procedure === 'connected' ? 'reader' : 'telephone'),
    waitsFor: waitsFor(),
    operator: { id: row.operator_id, name: operator?.name ?? '' },
    isOwn: row.operator_id === viewerId,
    personId: person.id,
    personName: person.name,
    cardId: card.id,
    cardLabel: card.label,
    printedSerial: card.printed_serial,
    ways: [...new Set(met.map(({ way }) => way as VerificationWay))],
    openedAt: begunAt,
    firstReleaseAt: first,
  }
}

async function findFirstReleaseAt(db: Db, unblockId: string): Promise<string | null> {
  const first = await db
    .selectFrom('releases')
    .select('released_at')
    .where('unblock_id', '=', unblockId)
    .orderBy('released_at')
    .limit(1)
    .executeTakeFirst()
  return first?.released_at ?? null
}

/** An operator's own attempt about a card, after a reload or from the Live desk: where it goes on. Codes are not in it. */
export const resumedAttempt = view({
  name: 'live-desk.of-card',
  permission: 'unblock:release',
  query: z.object({ cardId: z.string().check(z.maxLength(64)) }),
  async read({ db, now }, { cardId }, actor): Promise<ResumedAttempt> {
    const rows = await db
      .selectFrom('unblocks')
      .leftJoin('connected_unblocks', 'connected_unblocks.unblock_id', 'unblocks.id')
      .select(['unblocks.id', 'unblocks.opened_at', 'connected_unblocks.unblock_id as connectedId'])
      .where('unblocks.card_id', '=', cardId)
      .where('unblocks.operator_id', '=', actor.id)
      .where('unblocks.closed_at', 'is', null)
      .where('unblocks.opened_at', '>', new Date(now.getTime() - LIVE_DESK_HOURS * HOUR_MS).toISOString())
      .orderBy('unblocks.opened_at', 'desc')
      .limit(10)
      .execute()
    const open = rows.find(({ connectedId }) => connectedId === null)
    // One that holds its card no more is begun again.
    const held = new Date(now.getTime() - LEASE_MS).toISOString()
    const connectedId = rows.find((row) => row.connectedId !== null && row.opened_at > held)?.id ?? null
    if (!open) return { attempt: null, connectedId }
    const release = await findLastRelease(db, open.id)
    const isOut = release?.outcome === 'released'
    const { inUnblock } = await countMisses(db, { id: open.id, card_id: cardId }, now)
    if (!isOut && inUnblock >= MISSES_PER_UNBLOCK) return { attempt: null, connectedId }
    const closesBy = isOut ? (release.form === 'masked' ? ('receipt' as const) : ('word' as const)) : null
    return { attempt: { unblockId: open.id, closesBy }, connectedId }
  },
})

/** Operators to whom an attempt can be handed over. */
export const colleagues = view({
  name: 'live-desk.colleagues',
  permission: 'unblock:release',
  query: z.object({}),
  async read({ db }, _, actor): Promise<Colleagues> {
    const operators = await db
      .selectFrom('operators')
      .select(['id', 'name', 'user_name'])
      .where('user_name', '>', '')
      .where('is_disabled', '=', 0)
      .orderBy('user_name')
      .limit(MOST_COLLEAGUES)
      .execute()
    const able: Colleagues['colleagues'] = []
    for (const { id, name, user_name: userName } of operators) {
      if (id === actor.id) continue
      if ((await findPermissions(db, id)).has('unblock:release')) able.push({ id, name, userName })
    }
    return { colleagues: able }
  },
})
