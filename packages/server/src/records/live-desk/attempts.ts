import { Problem, type VerifiedProcedure } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { lockCardOf } from '../cards/cards.ts'
import { type ConnectedRow, findConnected } from '../connected-unblocks/connected-unblocks.ts'
import { findLastRelease, type Release, type UnblockRow } from '../unblocks/unblocks.ts'
import { findOpenVerification, findVerification, listWays, type Verification } from '../verifications/verifications.ts'

/**
 * An attempt: what an operator does about one card of one caller, from the verification of its holder to its outcome. It is
 * named by its unblock; before there is one, by its verification.
 */
export interface HeldAttempt {
  readonly operatorId: string
  readonly cardId: string
  readonly personId: string
  readonly openedAt: string
  readonly unblock: UnblockRow | undefined
  readonly connected: ConnectedRow | undefined
  readonly verification: Verification | undefined
  readonly lastRelease: Release | undefined
}

/**
 * An attempt that is open, held until the transaction ends.
 *
 * @throws Problem `not-found`, `attempt-closed`.
 */
export async function lockAttempt(tx: Tx, id: string, now: Date): Promise<HeldAttempt> {
  const card = await lockCardOf(tx, id)
  if (card) {
    const unblock = await tx.selectFrom('unblocks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    if (unblock.closed_at !== null) throw new Problem('attempt-closed')
    // The holder's own is nobody else's affair.
    if (unblock.operator_id === null) throw new Problem('not-found', { detail: 'no such attempt' })
    const connected = await findConnected(tx, id)
    const { card_id: cardId, person_id: personId, opened_at: openedAt } = unblock
    const operatorId = unblock.operator_id
    const procedure: VerifiedProcedure = connected ? 'connected' : 'telephone'
    const verification = await findOpenVerification(tx, { operatorId, cardId, personId, procedure }, now)
    const lastRelease = await findLastRelease(tx, id)
    return { operatorId, cardId, personId, openedAt, unblock, connected, verification, lastRelease }
  }
  const verification = await findVerification(tx, id)
  if (!verification) throw new Problem('not-found', { detail: 'no such attempt' })
  if (verification.ended_at !== null) throw new Problem('attempt-closed')
  const { operator_id: operatorId, card_id: cardId, person_id: personId, opened_at: openedAt } = verification
  const nothing = { unblock: undefined, connected: undefined, lastRelease: undefined }
  return { operatorId, cardId, personId, openedAt, verification, ...nothing }
}

/** True while the operator is asked to sign a cryptogram, for as long as what he was shown may be signed. */
export function isBeingSigned(
  unblock: Pick<UnblockRow, 'statement'>,
  lastRelease: Pick<Release, 'challenge'> | undefined,
  now: Date,
): boolean {
  if (unblock.statement === null) return false
  const { notAfter, challenge } = JSON.parse(unblock.statement) as { notAfter: string; challenge: string }
  return notAfter > now.toISOString() && lastRelease?.challenge !== challenge
}

/**
 * An attempt is another operator's from now on, with everything that is known of the caller. What its operator was shown to
 * sign is void.
 *
 * @throws Problem `attempt-busy`: a signature or the card is waited for · `approval-own`: the other one is asked, or answered, as
 *   the manager of this caller · `colleague-unfit`: it is theirs.
 */
export async function rebindAttempt(tx: Tx, attempt: HeldAttempt, operatorId: string, now: Date): Promise<void> {
  const { unblock, connected, verification, lastRelease } = attempt
  if (attempt.operatorId === operatorId) throw new Problem('colleague-unfit')
  const isBusy = connected ? connected.state !== 'asked' : unblock && isBeingSigned(unblock, lastRelease, now)
  if (isBusy) throw new Problem('attempt-busy')
  const ways = verification ? await listWays(tx, verification.id) : []
  if (ways.some(({ approver_id }) => approver_id === operatorId)) throw new Problem('approval-own')
  const to = { operator_id: operatorId }
  if (unblock)
    await tx
      .updateTable('unblocks')
      .set({ ...to, statement: null })
      .where('id', '=', unblock.id)
      .execute()
  if (verification) await tx.updateTable('verifications').set(to).where('id', '=', verification.id).execute()
}

/** What is known of the caller counts no longer, and nothing more is released in this attempt. */
export async function closeAttempt(tx: Tx, { unblock, verification }: HeldAttempt, now: Date): Promise<void> {
  const at = now.toISOString()
  if (unblock) await tx.updateTable('unblocks').set({ closed_at: at }).where('id', '=', unblock.id).execute()
  if (verification)
    await tx.updateTable('verifications').set({ ended_at: at }).where('id', '=', verification.id).execute()
}

/** What a record says of an attempt. */
export const eventOfAttempt = ({ unblock, verification, cardId, personId }: HeldAttempt) => ({
  unblockId: unblock?.id ?? null,
  verificationId: verification?.id ?? null,
  cardId,
  personId,
})
