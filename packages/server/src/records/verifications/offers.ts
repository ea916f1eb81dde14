import {
  ADDRESS_KINDS,
  type AddressKind,
  type AddressView,
  type ProblemCode,
  ROOT_OF_ADDRESS,
  type VerificationWay,
} from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Actor } from '../actors.ts'
import { findMessageConnection } from '../desk/desk-settings.ts'
import { addressOf, findAddressObstacle, listLateChanges } from '../people/address-changes.ts'
import type { Person } from '../people/people.ts'
import { listPersonPasskeys } from '../person-passkeys/person-passkeys.ts'
import { findManager } from './managers.ts'

/** By what a person can be reached now, and by which ways verified. */

/** The addresses of a person, with the reason for each that cannot be used; what one was before is for supervisors. */
export async function listAddresses(
  db: Db | Tx,
  person: Person,
  actor: Pick<Actor, 'permissions'>,
  now: Date,
): Promise<AddressView[]> {
  const changes = await listLateChanges(db, person.id, now)
  const mail = await findMessageConnection(db, 'mail')
  const texts = await findMessageConnection(db, 'text')
  return ADDRESS_KINDS.map((kind) => {
    const address = addressOf(person, kind)
    const change = changes.get(kind)
    const isReachable = (kind === 'phone' ? texts : mail) !== undefined
    const obstacle =
      findAddressObstacle(kind, address) ??
      (change ? 'address-too-new' : undefined) ??
      (isReachable ? undefined : kind === 'phone' ? 'no-text-connection' : 'no-mail-connection')
    const previous = actor.permissions.has('unblock:supervise') ? (change?.previous ?? null) : null
    return {
      kind,
      address,
      root: ROOT_OF_ADDRESS[kind],
      obstacle: obstacle ?? null,
      changed: change ? { at: change.at, previous } : null,
    }
  })
}

/** Why a way cannot be used for a person now; undefined when it can. */
export async function findWayObstacle(
  db: Db | Tx,
  way: VerificationWay,
  on: { person: Person; addresses: readonly AddressView[]; operatorId: string; now: Date },
): Promise<ProblemCode | undefined> {
  const { person, addresses, operatorId, now } = on
  const at = (kind: AddressKind) => addresses.find((address) => address.kind === kind)
  const firstOf = (kinds: readonly AddressKind[]) => {
    const obstacles = kinds.map((kind) => at(kind)?.obstacle ?? null)
    return obstacles.includes(null) ? undefined : (obstacles[0] as ProblemCode)
  }
  if (way === 'call-back') {
    const phone = at('phone')
    // The number is dialled by the operator: nothing needs to leave for it.
    if (phone?.address === '') return 'phone-missing'
    if (phone?.changed) return 'address-too-new'
    return firstOf(['email', 'secondEmail'])
  }
  if (way === 'address-code') return firstOf(['secondEmail', 'phone', 'email'])
  if (way === 'manager') {
    if (person.manager === '') return 'manager-missing'
    const manager = await findManager(db, person)
    if (!manager) return 'manager-no-account'
    return manager.id === operatorId ? 'approval-own' : undefined
  }
  if (way === 'passkey') {
    const passkeys = await listPersonPasskeys(db, person.id)
    if (passkeys.length === 0) return 'person-passkey-missing'
    return passkeys.some(({ usable_from }) => usable_from <= now.toISOString()) ? undefined : 'person-passkey-too-new'
  }
  return undefined
}
