import type { ProblemCode } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { Actor } from '../../records/actors.ts'
import {
  type AdminKeyRecord,
  countOutstandingTries,
  findAdminReleaseObstacle,
} from '../../records/admin-key-records/admin-key-records.ts'
import type { Card } from '../../records/cards/cards.ts'
import { findReleaseObstacle } from '../../records/puk-records/puk-record.ts'
import { hasOutstandingRelease } from '../../records/unblocks/unblocks.ts'
import type { GoodChallenge } from './judge-challenge.ts'

/** What a release may cost a native admin key: its own screen carries no check, ours costs only where the key counts tries. */
export function triesAtRiskOfAdminKey(record: AdminKeyRecord, form: string): number {
  return form === 'bare' || record.tries_limit > 0 ? 1 : 0
}

/** Why nothing may be released for a good challenge of this card: its tries, a missing outcome. */
export async function findObstacle(
  tx: Tx,
  card: Card,
  good: GoodChallenge,
  actor: Actor,
): Promise<ProblemCode | undefined> {
  const isSupervisor = actor.permissions.has('unblock:supervise')
  if (good.adminKey) {
    return findAdminReleaseObstacle(good.adminKey, {
      triesAtRisk: triesAtRiskOfAdminKey(good.adminKey, good.form),
      outstanding: await countOutstandingTries(tx, good.adminKey),
      isSupervisor,
    })
  }
  if (!good.puk) return 'card-not-supported'
  const { record, rotatedAfter } = good.puk
  return findReleaseObstacle(record, {
    isSupervisor,
    // What became of the last cryptogram matters only where it could have used up one of several candidates.
    hasOutstandingRelease: record.candidates.length > 1 && (await hasOutstandingRelease(tx, card.id, rotatedAfter)),
  })
}
