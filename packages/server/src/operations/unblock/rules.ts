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
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
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
  const stored = await findPukRecord(tx, card.id)
  if (!stored) return 'card-not-supported'
  return findReleaseObstacle(stored.record, {
    isSupervisor,
    hasOutstandingRelease: await hasOutstandingRelease(tx, card.id, stored.rotatedAfter),
  })
}
