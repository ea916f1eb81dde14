import type { BlockCipher } from '@unlatch/card'
import { readHex } from '@unlatch/card'
import type { ProblemCode } from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { AdminKeyCard } from '../../ports/key-service.ts'
import type { Card } from '../cards/cards.ts'
import type { Lease } from '../cards/leases.ts'
import { UNKNOWN_TRIES_LIMIT } from '../puk-records/puk-record.ts'
import { readCandidate } from '../puk-records/puk-records.ts'

/** What is known about a card's native admin key. */
export type AdminKeyRecord = Selectable<Tables['admin_key_records']>

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

/** Where a contact with a station stands, between two rounds. */
export interface AdminKeyContact {
  /** What the card was sent last. */
  readonly step: 'select' | 'choose-key' | 'challenge' | 'answer'
  readonly lease: Lease
  /** The holder agreed to spend the last try. */
  readonly hasConsent: boolean
  /** Number of the card's last release when the answer left. */
  readonly lastRelease: number
}

export const readContact = ({ contact }: AdminKeyRecord): AdminKeyContact | null =>
  contact === null ? null : (JSON.parse(contact) as AdminKeyContact)

export async function updateAdminKeyRecord(
  tx: Tx,
  cardId: string,
  set: Partial<Omit<AdminKeyRecord, 'card_id' | 'contact'>> & { contact?: AdminKeyContact | null },
): Promise<void> {
  const { contact, ...rest } = set
  const row = { ...rest, ...(contact !== undefined && { contact: contact && JSON.stringify(contact) }) }
  await tx.updateTable('admin_key_records').set(row).where('card_id', '=', cardId).execute()
}

/**
 * Tries of the admin key that answers given out and contacts may have cost, since the last one that is known to have worked.
 */
export async function countOutstandingTries(db: Db | Tx, record: AdminKeyTries): Promise<number> {
  const lastGood = await db
    .selectFrom('releases')
    .select('number')
    .where('card_id', '=', record.card_id)
    .where('outcome', '=', 'unblocked')
    .where('outcome_by', '=', 'report')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { lost } = await db
    .selectFrom('releases')
    .select((e) => e.fn.coalesce(e.fn.sum<number>('tries_at_risk'), e.val(0)).as('lost'))
    .where('card_id', '=', record.card_id)
    .where('number', '>', Math.max(lastGood?.number ?? 0, record.settled_after))
    .executeTakeFirstOrThrow()
  return Number(lost) + record.contact_tries
}
type AdminKeyTries = Pick<AdminKeyRecord, 'card_id' | 'settled_after' | 'contact_tries'>

/** Whether there is anything to find out at a station. */
export function isContactNeeded(record: AdminKeyRecord, outstanding: number): boolean {
  return record.session_given_at !== null || outstanding > 0
}

/** Whether the key may be proved once: the last try of a card that counts is its holder's to give. */
export function findProofObstacle(
  { tries_limit }: AdminKeyRecord,
  { outstanding, hasConsent }: { outstanding: number; hasConsent: boolean },
): 'not-possible' | 'consent-needed' | undefined {
  if (tries_limit === 0) return undefined
  const left = tries_limit - outstanding
  if (left < 1) return 'not-possible'
  return left === 1 && !hasConsent ? 'consent-needed' : undefined
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
  if (record.refused_at !== null) return 'card-cannot-be-saved'
  if (asked.triesAtRisk === 0) return undefined
  const left = (record.tries_limit || UNKNOWN_TRIES_LIMIT) - asked.outstanding
  if (left <= 1) return 'card-cannot-be-saved'
  return left === 2 && !asked.isSupervisor ? 'supervisor-needed' : undefined
}
