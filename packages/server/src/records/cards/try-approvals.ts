import { Problem } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'

/** Long enough to walk to the station, short enough that the card which is meant is the one that is there. */
const VALID_MS = 15 * 60_000

/** A supervisor approves that one try of this card is spent on a guess; a later approval replaces an earlier one. Returns until when. */
export async function approveOneTry(tx: Tx, cardId: string, now: Date): Promise<string> {
  const validUntil = new Date(now.getTime() + VALID_MS).toISOString()
  await tx.deleteFrom('try_approvals').where('card_id', '=', cardId).execute()
  await tx.insertInto('try_approvals').values({ card_id: cardId, valid_until: validUntil }).execute()
  return validUntil
}

/**
 * Uses the approval up, in the transaction that writes the intent of the try.
 *
 * @throws Problem `try-not-approved`: nobody approved one, it is too old, or it was used.
 */
export async function useApproval(tx: Tx, cardId: string, now: Date): Promise<void> {
  const used = await tx
    .deleteFrom('try_approvals')
    .where('card_id', '=', cardId)
    .returning('valid_until')
    .executeTakeFirst()
  const left = used ? Date.parse(used.valid_until) - now.getTime() : 0
  // One from a time that never came (the clock was set back) is none.
  if (left <= 0 || left > VALID_MS) throw new Problem('try-not-approved')
}
