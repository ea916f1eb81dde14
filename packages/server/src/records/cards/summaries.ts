import { BLOCK_LENGTH, type BlockCipher } from '@unlatch/card'
import { CHALLENGE_LENGTH, NATIVE_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import type { CardSummary } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import { findReleaseObstacle } from '../puk-records/puk-record.ts'
import { readPukRecord } from '../puk-records/puk-records.ts'
import { findStateObstacle } from './cards.ts'

/** A person's cards as pages show them. */
export async function readCardSummaries(db: Db, personId: string, allowsBareForm: boolean): Promise<CardSummary[]> {
  const cards = await db
    .selectFrom('cards')
    .leftJoin('puk_records', 'puk_records.card_id', 'cards.id')
    .leftJoin('admin_key_records', 'admin_key_records.card_id', 'cards.id')
    .selectAll('puk_records')
    .select(['admin_key_records.cipher', 'admin_key_records.tries_limit as admin_tries_limit'])
    .selectAll('cards')
    .where('cards.person_id', '=', personId)
    .orderBy('cards.label')
    .execute()
  return Promise.all(
    cards.map(async (row) => {
      const last = await db
        .selectFrom('releases')
        .select('released_at')
        .where('card_id', '=', row.id)
        .orderBy('released_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      const puk = row.candidates === null ? undefined : readPukRecord(row as Parameters<typeof readPukRecord>[0])
      const way = row.cipher !== null ? 'native-admin-key' : puk && row.sealed_key !== null ? 'masked-puk' : 'none'
      const obstacle =
        findStateObstacle(row.state) ??
        (way === 'none' ? 'card-not-supported' : undefined) ??
        (puk && findReleaseObstacle(puk, { isSupervisor: true, hasOutstandingRelease: false }))
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
        lastUnblockAt: last?.released_at ?? null,
      }
    }),
  )
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
