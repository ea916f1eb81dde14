import { randomUUID } from 'node:crypto'
import { type NoticeKind, type NoticeProcedure, Problem } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { Card } from '../cards/cards.ts'

/** That a holder is told something. Written in the transaction of what it tells, and delivered by a job. */
export type Notice = Tables['notices']

/** What a notice tells, beside of which card and when. */
export interface Told {
  readonly kind: NoticeKind
  /** Who did it; absent where no operator did. */
  readonly operatorId?: string | undefined
  readonly procedure?: NoticeProcedure | undefined
  /** What the card became, where its state changed. */
  readonly cardState?: string | undefined
}

/** A link is good for so long. [security.md, "This was not me"] */
const LINK_MS = 30 * 24 * 3_600_000

/** Tells the holder of a card, where it has one. */
export async function tellHolder(tx: Tx, card: Card, told: Told, at: Date): Promise<void> {
  if (card.is_unheld === 1) return
  await insertion(tx, {
    id: randomUUID(),
    personId: card.person_id,
    cardId: card.id,
    kind: told.kind,
    at: at.toISOString(),
    operatorId: told.operatorId ?? null,
    procedure: told.procedure ?? null,
    cardState: told.cardState ?? null,
  })
}

const insertion = prepared(
  (
    db,
    row: Record<'id' | 'personId' | 'cardId' | 'kind' | 'at', string> &
      Record<'operatorId' | 'procedure' | 'cardState', string | null>,
  ) =>
    db.insertInto('notices').values({
      id: row.id,
      person_id: row.personId,
      card_id: row.cardId,
      kind: row.kind,
      at: row.at,
      delivered_at: null,
      operator_id: row.operatorId,
      procedure: row.procedure,
      card_state: row.cardState,
    }),
)

/** A notice, held until the transaction ends. @throws Problem `not-found`. */
export async function lockNotice(tx: Tx, id: string): Promise<Notice> {
  const row = await tx.selectFrom('notices').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Problem('not-found', { detail: 'no such notice' })
  return row
}

export async function findNotice(db: Db | Tx, id: string): Promise<Notice | undefined> {
  return db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function updateNotice(tx: Tx, id: string, values: Partial<Notice>): Promise<void> {
  await tx.updateTable('notices').set(values).where('id', '=', id).execute()
}

/** Why the link of a notice is no longer good; undefined while it is. */
export function findLinkObstacle(notice: Notice, card: Card, now: Date): 'notice-link-over' | undefined {
  const isLate = Date.parse(notice.at) + LINK_MS <= now.getTime()
  return isLate || card.state === 'retired' || card.person_id !== notice.person_id ? 'notice-link-over' : undefined
}
