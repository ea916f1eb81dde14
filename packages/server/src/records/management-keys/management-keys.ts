import type { BlockCipher } from '@unlatch/card'
import type { Db, Tx } from '../../db/open.ts'
import type { PukCandidate } from '../puk-records/puk-record.ts'
import { readCandidate } from '../puk-records/puk-records.ts'

/** What is known about a PIV card's key 9B. */
export interface ManagementKey {
  readonly cipher: BlockCipher
  readonly generation: PukCandidate
}

export async function findManagementKey(db: Db | Tx, cardId: string): Promise<ManagementKey | undefined> {
  const row = await db.selectFrom('management_keys').selectAll().where('card_id', '=', cardId).executeTakeFirst()
  return row && { cipher: row.cipher as BlockCipher, generation: readCandidate(row.generation) }
}
