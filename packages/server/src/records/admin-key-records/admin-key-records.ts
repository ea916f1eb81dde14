import type { BlockCipher } from '@unlatch/card'
import { readHex } from '@unlatch/card'
import type { ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { AdminKeyCard } from '../../ports/key-service.ts'
import type { Card } from '../cards/cards.ts'
import { UNKNOWN_TRIES_LIMIT } from '../puk-records/puk-record.ts'
import { readCandidate } from '../puk-records/puk-records.ts'

/** What is known about a card's native admin key. */
export type AdminKeyRecord = Tables['admin_key_records']

export async function findAdminKeyRecord(db: Db | Tx, cardId: string): Promise<AdminKeyRecord | undefined> {
  return (await recordOfCard(db, { cardId })).rows[0]
}

const recordOfCard = prepared((db, { cardId }: { cardId: string }) =>
  db.selectFrom('admin_key_records').selectAll().where('card_id', '=', cardId),
)

/** The card as the key service takes it. */
export function adminKeyCardOf(card: Card, record: AdminKeyRecord): AdminKeyCard {
  const generation = readCandidate(record.generation)
  if (typeof generation === 'string') throw new Error(`admin key of card ${card.id} is not derived`)
  return { cardUuid: readHex(card.card_uuid), cipher: record.cipher as BlockCipher, generation }
}

/** Tries of the admin key that answers given out may have cost, since the last one that is known to have worked. */
export async function countOutstandingTries(db: Db | Tx, cardId: string): Promise<number> {
  const lastGood = await db
    .selectFrom('releases')
    .select('number')
    .where('card_id', '=', cardId)
    .where('outcome', '=', 'unblocked')
    .where('outcome_by', '=', 'report')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { lost } = await db
    .selectFrom('releases')
    .select((e) => e.fn.coalesce(e.fn.sum<number>('tries_at_risk'), e.val(0)).as('lost'))
    .where('card_id', '=', cardId)
    .where('number', '>', lastGood?.number ?? 0)
    .executeTakeFirstOrThrow()
  return Number(lost)
}

/**
 * Why no answer may be given for this card now.
 *
 * @param triesAtRisk - what this answer may cost: 1 on Windows' own screen, and on ours where the key has a counter.
 */
export function findAdminReleaseObstacle(
  record: AdminKeyRecord,
  asked: { triesAtRisk: number; outstanding: number; isSupervisor: boolean },
): ProblemCode | undefined {
  if (asked.triesAtRisk === 0) return undefined
  const left = (record.tries_limit || UNKNOWN_TRIES_LIMIT) - asked.outstanding
  if (left <= 1) return 'card-cannot-be-saved'
  return left === 2 && !asked.isSupervisor ? 'supervisor-needed' : undefined
}
