import { createHash } from 'node:crypto'
import { type Language, Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { WORDS } from '../verifications/words.ts'

/** A notice at one address, with a link of its own. */
export type NoticeDeliveryRow = Tables['notice_deliveries']

/** Octets of a link's token. */
const TOKEN_LENGTH = 16

/**
 * The token in the link of a delivery. It is derived again for each attempt, so that the same message is sent each time, and
 * stored nowhere.
 */
export async function tokenOf(keys: Pick<KeyService, 'macCode'>, deliveryId: string): Promise<string> {
  const mac = await keys.macCode(`notice/${deliveryId}`, 'link')
  return Buffer.from(mac.subarray(0, TOKEN_LENGTH)).toString('base64url')
}

/** What is stored of a token. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Two words by which a holder says which notice he means. No secret: the help desk reads them too. */
export async function wordsOf(
  keys: Pick<KeyService, 'macCode'>,
  noticeId: string,
  language: Language,
): Promise<string> {
  const mac = Buffer.from(await keys.macCode(`notice/${noticeId}`, 'words'))
  const words = WORDS[language]
  return [mac.readUInt32BE(0), mac.readUInt32BE(4)].map((number) => words[number % words.length]).join(' ')
}

export async function insertNoticeDelivery(tx: Tx, row: NoticeDeliveryRow): Promise<void> {
  await tx.insertInto('notice_deliveries').values(row).execute()
}

/** The addresses of a notice, in the order in which they were written. */
export async function listNoticeDeliveries(db: Db | Tx, noticeIds: readonly string[]): Promise<NoticeDeliveryRow[]> {
  if (noticeIds.length === 0) return []
  return db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where('notice_id', 'in', noticeIds)
    .orderBy('notice_id')
    .orderBy('is_previous')
    .orderBy('address_kind')
    .execute()
}

export async function findNoticeDelivery(db: Db | Tx, id: string): Promise<NoticeDeliveryRow | undefined> {
  return db.selectFrom('notice_deliveries').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A delivery, held until the transaction ends. @throws Problem `not-found`. */
export async function lockNoticeDelivery(tx: Tx, id: string): Promise<NoticeDeliveryRow> {
  const row = await tx.selectFrom('notice_deliveries').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such delivery of a notice' })
  return row
}

/** The delivery whose link this token is. */
export async function findByToken(db: Db | Tx, token: string): Promise<NoticeDeliveryRow | undefined> {
  return db.selectFrom('notice_deliveries').selectAll().where('token_hash', '=', hashToken(token)).executeTakeFirst()
}

export async function noteAnswer(tx: Tx, id: string, answer: string, at: Date): Promise<void> {
  await tx
    .updateTable('notice_deliveries')
    .set({ answer, answered_at: at.toISOString() })
    .where('id', '=', id)
    .execute()
}
