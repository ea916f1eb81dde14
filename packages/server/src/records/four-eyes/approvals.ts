import {
  type FourEyesReason,
  type FourEyesView,
  type GuardedAction,
  Problem,
  type VerifiedProcedure,
} from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { Card } from '../cards/cards.ts'
import { readDeskSettings } from '../desk/desk-settings.ts'
import { getPerson } from '../people/people.ts'
import { findDocumentOf } from '../templates/templates.ts'
import { findFourEyesReasons } from './reasons.ts'

/** A second operator's answer to what one asks for. */
export type Approval = Selectable<Tables['approvals']>

/** So long a request waits, and so long an approval counts. */
export const APPROVAL_MS = 15 * 60_000

/** What one verification is for: on the telephone a PUC is read too. */
export const ACTIONS_OF = {
  telephone: ['telephone', 'read-puc'],
  connected: ['connected'],
} as const satisfies Record<VerifiedProcedure, readonly GuardedAction[]>

/** Why a second operator is needed for an action about a card now. */
export async function listFourEyesReasons(
  db: Db | Tx,
  card: Card,
  action: GuardedAction,
  now: Date,
): Promise<FourEyesReason[]> {
  const document = await findDocumentOf(db, card)
  const person = await getPerson(db, card.person_id)
  const { settings: desk } = await readDeskSettings(db)
  return findFourEyesReasons({ document, person, desk, action }, now)
}

export async function insertApproval(tx: Tx, row: Approval): Promise<void> {
  await tx.insertInto('approvals').values(row).execute()
}

export async function updateApproval(tx: Tx, id: string, values: Partial<Approval>): Promise<void> {
  await tx.updateTable('approvals').set(values).where('id', '=', id).execute()
}

/** A request, held until the transaction ends. */
export async function lockApproval(tx: Tx, id: string): Promise<Approval | undefined> {
  return tx.selectFrom('approvals').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findApproval(db: Db | Tx, id: string): Promise<Approval | undefined> {
  return db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The last request for a verification. */
async function findLastApproval(db: Db | Tx, verificationId: string): Promise<Approval | undefined> {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('verification_id', '=', verificationId)
    .orderBy('asked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** How a request stands now. */
export function stateOf({ state, expires_at }: Approval, now: Date): 'asked' | 'approved' | 'declined' | 'expired' {
  if (state !== 'declined' && expires_at <= now.toISOString()) return 'expired'
  return state as 'asked' | 'approved' | 'declined'
}

/**
 * That a second operator approved, where one is needed. Nothing is written.
 *
 * @param of - the verification that the release is made with, about the card as it is now.
 * @returns the approval's id; null where none is needed.
 * @throws Problem `second-operator-needed`.
 */
export async function expectFourEyes(
  tx: Tx,
  of: { card: Card; verificationId: string; action: GuardedAction; now: Date },
): Promise<string | null> {
  const { card, verificationId, action, now } = of
  const reasons = await listFourEyesReasons(tx, card, action, now)
  if (reasons.length === 0) return null
  const approval = await findLastApproval(tx, verificationId)
  const isGood =
    approval !== undefined &&
    stateOf(approval, now) === 'approved' &&
    approval.card_id === card.id &&
    approval.person_id === card.person_id
  if (!isGood) throw new Problem('second-operator-needed', { facts: { reasons } })
  return approval.id
}

/** The same for the page. */
export async function viewFourEyes(
  db: Db,
  of: {
    card: Card
    verificationId: string | undefined
    action: GuardedAction
    mayReadPuc: boolean
    now: Date
  },
): Promise<FourEyesView> {
  const { card, verificationId, action, mayReadPuc, now } = of
  const forRelease = await listFourEyesReasons(db, card, action, now)
  const forPuc = mayReadPuc && action === 'telephone' ? await listFourEyesReasons(db, card, 'read-puc', now) : []
  const reasons = [...new Set([...forRelease, ...forPuc])]
  const approval = verificationId === undefined ? undefined : await findLastApproval(db, verificationId)
  const answered = approval?.answered_by
    ? await db.selectFrom('operators').select('name').where('id', '=', approval.answered_by).executeTakeFirst()
    : undefined
  return {
    reasons,
    isForRelease: forRelease.length > 0,
    approval: approval
      ? {
          id: approval.id,
          state: stateOf(approval, now),
          until: approval.expires_at,
          answeredBy: answered?.name ?? null,
          isBreakGlass: approval.is_break_glass === 1,
        }
      : null,
  }
}
