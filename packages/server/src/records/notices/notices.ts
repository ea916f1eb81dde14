import { randomUUID } from 'node:crypto'
import type { Tx } from '../../db/open.ts'

/** What a holder is told about. */
export type NoticeKind = 'cryptogram-released' | 'pin-unblocked'

/** Writes a notice to the holder, to be delivered; in the transaction of what it tells. */
export async function insertNotice(
  tx: Tx,
  notice: { personId: string; cardId: string; kind: NoticeKind; at: Date },
): Promise<void> {
  const { personId, cardId, kind, at } = notice
  const row = { id: randomUUID(), person_id: personId, card_id: cardId, kind, at: at.toISOString(), delivered_at: null }
  await tx.insertInto('notices').values(row).execute()
}
