import { randomUUID } from 'node:crypto'
import type { Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Card } from '../cards/cards.ts'

/** What a holder is told about. */
export type NoticeKind = 'cryptogram-released' | 'pin-unblocked' | 'puc-read' | 'card-state-changed' | 'passkey-added'

/** Tells the holder of a card, where it has one. */
export async function tellHolder(tx: Tx, card: Card, kind: NoticeKind, at: Date): Promise<void> {
  if (card.is_unheld === 1) return
  await insertNotice(tx, { personId: card.person_id, cardId: card.id, kind, at })
}

/** Writes a notice to the holder, to be delivered; in the transaction of what it tells. */
export async function insertNotice(
  tx: Tx,
  notice: { personId: string; cardId: string; kind: NoticeKind; at: Date },
): Promise<void> {
  const { personId, cardId, kind, at } = notice
  await insertion(tx, { id: randomUUID(), personId, cardId, kind, at: at.toISOString() })
}

const insertion = prepared(
  (db, { id, personId, cardId, kind, at }: Record<'id' | 'personId' | 'cardId' | 'kind' | 'at', string>) =>
    db.insertInto('notices').values({ id, person_id: personId, card_id: cardId, kind, at, delivered_at: null }),
)
