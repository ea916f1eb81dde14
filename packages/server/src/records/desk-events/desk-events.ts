import { randomUUID } from 'node:crypto'
import type { UnblockProcedure } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Release } from '../unblocks/unblocks.ts'

/** What the desk is counted by: rows that are added and never changed, so that no two transactions wait for one another. */

/** A call that was open longer was not one call: it is counted, and not measured. */
const LONGEST_CALL_MS = 4 * 3_600_000

async function insertDeskEvent(
  tx: Tx,
  event: { at: Date; kind: 'unblocked' | 'refused'; name: string; seconds: number | null },
): Promise<void> {
  const row = { ...event, id: randomUUID(), at: event.at.toISOString() }
  await tx.insertInto('desk_events').values(row).execute()
}

/** Nothing was released, for this problem. */
export const noteRefusal = (tx: Tx, problem: string, at: Date): Promise<void> =>
  insertDeskEvent(tx, { at, kind: 'refused', name: problem, seconds: null })

/** A holder said that the PUC unblocked his card. */
export const notePuc = (tx: Tx, at: Date): Promise<void> =>
  insertDeskEvent(tx, { at, kind: 'unblocked', name: 'puc' satisfies UnblockProcedure, seconds: null })

/** A release unblocked its card; `isInCall`: it is known before the attempt was closed. */
export async function noteUnblocked(tx: Tx, release: Release, at: Date, isInCall: boolean): Promise<void> {
  const connected = await tx
    .selectFrom('connected_unblocks')
    .select('is_remote')
    .where('unblock_id', '=', release.unblock_id)
    .executeTakeFirst()
  const name = nameOf(release, connected?.is_remote)
  const lastedMs = at.getTime() - Date.parse(await findBeginning(tx, release))
  const isMeasured = isInCall && lastedMs >= 0 && lastedMs <= LONGEST_CALL_MS
  await insertDeskEvent(tx, { at, kind: 'unblocked', name, seconds: isMeasured ? Math.round(lastedMs / 1000) : null })
}

function nameOf({ operator_id }: Release, isRemote: number | undefined): UnblockProcedure {
  if (operator_id === null) return 'self-service'
  if (isRemote === undefined) return 'telephone'
  return isRemote === 1 ? 'remote' : 'station'
}

/** When the call of a release began: with the verification of its caller, or with the attempt where that is older. */
async function findBeginning(db: Db | Tx, release: Release): Promise<string> {
  const unblock = await db
    .selectFrom('unblocks')
    .select('opened_at')
    .where('id', '=', release.unblock_id)
    .executeTakeFirstOrThrow()
  if (release.verification_id === null) return unblock.opened_at
  const verification = await db
    .selectFrom('verifications')
    .select('opened_at')
    .where('id', '=', release.verification_id)
    .executeTakeFirst()
  return verification && verification.opened_at < unblock.opened_at ? verification.opened_at : unblock.opened_at
}
