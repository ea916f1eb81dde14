import { BLOCK_LENGTH, type BlockCipher } from '@unlatch/card'
import { CHALLENGE_LENGTH, NATIVE_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import type { CardSummary, WhyNotByTelephone } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import { countOutstandingTries } from '../admin-key-records/admin-key-records.ts'
import { findReleaseObstacle, type PukRecord } from '../puk-records/puk-record.ts'
import { readPukRecord } from '../puk-records/puk-records.ts'
import { findDocumentOf } from '../templates/templates.ts'
import { hasOutstandingRelease as hasOutstanding } from '../unblocks/unblocks.ts'
import { findStateObstacle } from './cards.ts'

/** A person's cards as pages show them. */
export async function readCardSummaries(db: Db, personId: string, allowsBareForm: boolean): Promise<CardSummary[]> {
  const cards = await db
    .selectFrom('cards')
    .leftJoin('puk_records', 'puk_records.card_id', 'cards.id')
    .leftJoin('admin_key_records', 'admin_key_records.card_id', 'cards.id')
    .leftJoin('try_approvals', 'try_approvals.card_id', 'cards.id')
    .selectAll('puk_records')
    .select(['try_approvals.valid_until as try_approved_until'])
    .select([
      'admin_key_records.cipher',
      'admin_key_records.tries_limit as admin_tries_limit',
      'admin_key_records.settled_after',
      'admin_key_records.contact_tries',
      'admin_key_records.refused_at',
    ])
    .selectAll('cards')
    .where('cards.person_id', '=', personId)
    .where('cards.is_unheld', '=', 0)
    .orderBy('cards.label')
    .execute()
  return Promise.all(
    cards.map(async (row) => {
      const last = await db
        .selectFrom('releases')
        .innerJoin('unblocks', 'unblocks.id', 'releases.unblock_id')
        .innerJoin('operators', 'operators.id', 'releases.operator_id')
        .select(['released_at', 'outcome', 'form', 'number', 'operators.name'])
        .where('releases.card_id', '=', row.id)
        .where('unblocks.person_id', '=', personId)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      const puk = row.candidates === null ? undefined : readPukRecord(row as Parameters<typeof readPukRecord>[0])
      const way = row.cipher !== null ? 'native-admin-key' : puk && row.sealed_key !== null ? 'masked-puk' : 'none'
      const stateObstacle = findStateObstacle(row.state)
      const { settled_after, contact_tries } = row
      const adminTries = { card_id: row.id, settled_after: settled_after ?? 0, contact_tries: contact_tries ?? 0 }
      const outstanding = row.cipher === null ? 0 : await countOutstandingTries(db, adminTries)
      const why = stateObstacle
        ? undefined
        : findWhyNotByTelephone(way, puk, {
            limit: row.admin_tries_limit,
            outstanding,
            isRefused: row.refused_at !== null,
          })
      const hasOutstandingRelease = puk !== undefined && (await hasOutstanding(db, row.id, row.rotated_after ?? 0))
      const document = await findDocumentOf(db, row)
      const obstacle =
        stateObstacle ??
        (document?.allows.telephone === false ? 'procedure-not-allowed' : undefined) ??
        (way === 'none' ? 'card-not-supported' : undefined) ??
        (why && 'card-cannot-be-saved') ??
        (puk && findReleaseObstacle(puk, { isSupervisor: true, hasOutstandingRelease }))
      const isOpen = last !== undefined && OPEN.includes(last.outcome) && last.number > (row.rotated_after ?? 0)
      return {
        id: row.id,
        label: row.label,
        family: row.family,
        printedSerial: row.printed_serial,
        state: row.state as CardSummary['state'],
        telephoneWay: way,
        allowsBareForm: way === 'native-admin-key' && allowsBareForm,
        challengeLengths: challengeLengthsOf(way, row.cipher, allowsBareForm),
        exposedSince: puk?.exposedSince ?? null,
        triesAtLeast: puk?.triesAtLeast ?? (row.admin_tries_limit || null),
        obstacle: obstacle ?? null,
        whyNotByTelephone: why ?? null,
        tryApprovedUntil: row.try_approved_until,
        openOutcome: isOpen
          ? { at: last.released_at, operatorName: last.name, closesBy: last.form === 'masked' ? 'receipt' : 'word' }
          : null,
        lastUnblockAt: last?.released_at ?? null,
      }
    }),
  )
}

/** Outcomes that a receipt, or the caller's word, can still tell. */
const OPEN = ['released', 'unknown']

function findWhyNotByTelephone(
  way: CardSummary['telephoneWay'],
  puk: PukRecord | undefined,
  adminKey: { limit: number | null; outstanding: number; isRefused: boolean },
): WhyNotByTelephone | undefined {
  if (way === 'native-admin-key') {
    if (adminKey.isRefused) return 'admin-key-refused'
    const left = adminKey.limit ? adminKey.limit - adminKey.outstanding : Number.POSITIVE_INFINITY
    return left <= 1 ? 'admin-key-tries' : undefined
  }
  if (!puk) return undefined
  if (way === 'none') return 'no-card-key'
  if (puk.triesAtLeast <= 0) return 'no-tries'
  if (puk.form !== 'eight-digits' || puk.candidates.includes('imported')) return 'other-form'
  if (puk.candidates.length === 0) return 'no-candidate'
  return puk.candidates.length > 1 && puk.triesAtLeast === 1 ? 'last-try' : undefined
}

function challengeLengthsOf(
  way: CardSummary['telephoneWay'],
  cipher: string | null,
  allowsBareForm: boolean,
): number[] {
  if (way === 'masked-puk') return [CHALLENGE_LENGTH]
  if (way === 'none') return []
  const block = BLOCK_LENGTH[cipher as BlockCipher]
  return [NATIVE_CHALLENGE_LENGTH[block], ...(allowsBareForm ? [block * 2] : [])]
}
