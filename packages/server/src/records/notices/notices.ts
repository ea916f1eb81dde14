import { randomUUID } from 'node:crypto'
import { type NoticeKind, type NoticeProcedure, Problem } from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Tables } from '../../db/tables.ts'
import type { Card } from '../cards/cards.ts'

/** That a holder is told something. Written in the transaction of what it tells, and delivered by a job. */
export type Notice = Selectable<Tables['notices']>

/** What a notice tells, beside of which card and when. */
export interface Told {
  readonly kind: NoticeKind
  /** Who did it; absent where no operator did. */
  readonly operatorId?: string | undefined
  readonly procedure?: NoticeProcedure | undefined
  /** What the card became, where its state changed. */
  readonly cardState?: string | undefined
  /** What was released: its notice waits for how that ends. */
  readonly releaseId?: string | undefined
}

/** So long a notice of a release waits for its end, so that one tells both. */
const TOGETHER_MS = 60_000

/** A link is good for so long. [security.md, "This was not me"] */
const LINK_MS = 30 * 24 * 3_600_000

/** Tells the holder of a card, where it has one. */
export async function tellHolder(tx: Tx, card: Card, told: Told, at: Date): Promise<void> {
  if (card.is_unheld === 1) return
  const isWaiting = told.kind === 'cryptogram-released' && told.releaseId !== undefined
  await insertion(tx, {
    id: randomUUID(),
    personId: card.person_id,
    cardId: card.id,
    kind: told.kind,
    at: at.toISOString(),
    operatorId: told.operatorId ?? null,
    procedure: told.procedure ?? null,
    cardState: told.cardState ?? null,
    releaseId: told.releaseId ?? null,
    dueAt: new Date(at.getTime() + (isWaiting ? TOGETHER_MS : 0)).toISOString(),
  })
}

/**
 * Tells the holder that a release set a new PIN: by the notice of that release, where nobody was told of it yet, otherwise by
 * one of its own.
 */
export async function tellUnblocked(
  tx: Tx,
  card: Card,
  told: Pick<Told, 'operatorId' | 'procedure'> & { readonly releaseId: string },
  at: Date,
): Promise<void> {
  const now = at.toISOString()
  // One statement: whoever plans it at this moment comes before it as a whole, or after it.
  const { numUpdatedRows } = await tx
    .updateTable('notices')
    .set((e) => ({ kind: 'pin-unblocked' satisfies NoticeKind, released_at: e.ref('at'), at: now, due_at: now }))
    .where('release_id', '=', told.releaseId)
    .where('planned_at', 'is', null)
    .where('kind', '=', 'cryptogram-released' satisfies NoticeKind)
    .where('person_id', '=', card.person_id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) await tellHolder(tx, card, { kind: 'pin-unblocked', ...told }, at)
}

const insertion = prepared(
  (
    db,
    row: Record<'id' | 'personId' | 'cardId' | 'kind' | 'at' | 'dueAt', string> &
      Record<'operatorId' | 'procedure' | 'cardState' | 'releaseId', string | null>,
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
      release_id: row.releaseId,
      due_at: row.dueAt,
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
