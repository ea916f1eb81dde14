import type { ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Actor } from '../actors.ts'
import {
  type AdminKeyRecord,
  countOutstandingTries,
  findAdminKeyRecord,
  findAdminReleaseObstacle,
} from '../admin-key-records/admin-key-records.ts'
import { type Card, findStateObstacle } from '../cards/cards.ts'
import { findReleaseObstacle } from '../puk-records/puk-record.ts'
import { findPukRecord, type StoredPukRecord } from '../puk-records/puk-records.ts'
import { findDocumentOf } from '../templates/templates.ts'

/**
 * How a card in a reader is unblocked: by a PUK that is sealed for it, by one that a station gets although nothing can be sealed
 * for the card, or in a session of its admin key.
 */
export type ConnectedWay =
  | { readonly way: 'sealed' | 'station'; readonly puk: StoredPukRecord }
  | { readonly way: 'mutual'; readonly adminKey: AdminKeyRecord }

/**
 * The way of a card; or why it has none now. An RSA card whose public key was not kept is found out when its agent is ready:
 * that key is sealed.
 */
export async function judgeCard(
  db: Db | Tx,
  card: Card,
  wish: { readonly procedure: 'operator' | 'selfService'; readonly isSupervisor: boolean; readonly isStation: boolean },
): Promise<ConnectedWay | { readonly obstacle: ProblemCode }> {
  const stateObstacle = findStateObstacle(card.state)
  if (stateObstacle) return { obstacle: stateObstacle }
  const { procedure, isSupervisor, isStation } = wish
  if ((await findDocumentOf(db, card))?.allows[procedure] === false) return { obstacle: 'procedure-not-allowed' }
  const adminKey = await findAdminKeyRecord(db, card.id)
  if (adminKey) {
    const asked = {
      triesAtRisk: triesAtRiskOf(adminKey),
      outstanding: await countOutstandingTries(db, adminKey),
      isSupervisor,
    }
    const obstacle = findAdminReleaseObstacle(adminKey, asked)
    return obstacle ? { obstacle } : { way: 'mutual', adminKey }
  }
  const puk = await findPukRecord(db, card.id)
  const isSealable = card.sealed_key !== null
  if (!puk || !(isSealable || isStation)) return { obstacle: 'card-puc-only' }
  // A sealed PUK brings its own outcome: it is not held back by a receipt that is missing.
  const obstacle = findReleaseObstacle(puk.record, { isSupervisor, hasOutstandingRelease: false })
  return obstacle ? { obstacle } : { way: isSealable ? 'sealed' : 'station', puk }
}

/** What a session of the admin key may cost: a try, on a card that counts them. */
export const triesAtRiskOf = ({ tries_limit }: AdminKeyRecord): number => (tries_limit > 0 ? 1 : 0)

/** How an operator unblocks a card: with his permissions. */
export const asOperator = ({ permissions }: Pick<Actor, 'permissions'>) =>
  ({ procedure: 'operator', isSupervisor: permissions.has('unblock:supervise') }) as const
