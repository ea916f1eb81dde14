import { ADDRESS_KINDS, type AddressKind, type ProblemCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { findMessageConnection } from '../desk/desk-settings.ts'
import { addressOf, findAddressObstacle, listLateChanges } from '../people/address-changes.ts'
import type { Person } from '../people/people.ts'

/** Whom a notice reaches. */

/** Addresses of a person that are told, each of another root. */
const AT_MOST = 2

/** Where a notice goes. */
export interface NoticeAddress {
  readonly kind: AddressKind
  readonly address: string
  /** What stood there before it changed lately. */
  readonly isPrevious: boolean
}

/** By what words reach an address of a kind. */
export const mediumOf = (kind: AddressKind): 'mail' | 'text' => (kind === 'phone' ? 'text' : 'mail')

/**
 * Two addresses of a person, those first that did not change lately: whoever changed one is not alone with what it is told. What
 * stood there before is told too. Or why nobody can be told.
 */
export async function chooseAddresses(
  db: Db | Tx,
  person: Person,
  now: Date,
): Promise<{ addresses: NoticeAddress[]; obstacle: ProblemCode | null }> {
  const changes = await listLateChanges(db, person.id, now)
  const connections = {
    mail: await findMessageConnection(db, 'mail'),
    text: await findMessageConnection(db, 'text'),
  }
  const known = [
    ...ADDRESS_KINDS.filter((kind) => !changes.has(kind)),
    ...ADDRESS_KINDS.filter((kind) => changes.has(kind)),
  ].map((kind) => ({ kind, address: addressOf(person, kind), isPrevious: false }))
  const previous = ADDRESS_KINDS.flatMap((kind) => {
    const change = changes.get(kind)
    return change ? [{ kind, address: change.previous, isPrevious: true }] : []
  })
  const isGood = ({ kind, address }: NoticeAddress) => findAddressObstacle(kind, address) === undefined
  const isReached = ({ kind }: NoticeAddress) => connections[mediumOf(kind)] !== undefined
  const good = [...known, ...previous].filter(isGood)
  const current = known.filter((one) => isGood(one) && isReached(one)).slice(0, AT_MOST)
  const addresses = [...current, ...previous.filter((one) => isGood(one) && isReached(one))]
  if (addresses.length > 0) return { addresses, obstacle: null }
  const [first] = good
  if (!first) return { addresses, obstacle: 'delivery-no-address' }
  return { addresses, obstacle: mediumOf(first.kind) === 'mail' ? 'no-mail-connection' : 'no-text-connection' }
}
