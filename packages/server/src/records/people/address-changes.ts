import type { AddressKind, ProblemCode } from '@unlatch/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

type Person = Selectable<Tables['people']>

/** Addresses of people that changed: an impostor may have changed his victim's number before he calls. */

/** An address that changed counts again after so long. [security.md, Roots] */
const SETTLED_MS = 14 * 24 * 3_600_000

/** Where a message reaches a person. */
export const addressOf = (person: Person, kind: AddressKind): string =>
  ({ email: person.email, secondEmail: person.second_email, phone: person.phone })[kind]

const KINDS = ['email', 'secondEmail', 'phone'] as const satisfies readonly AddressKind[]

/** Remembers what addresses were before they change; one that is new changed too. */
export async function noteAddressChanges(tx: Tx, before: Person, after: Person, at: Date): Promise<void> {
  const rows = KINDS.filter((kind) => addressOf(before, kind) !== addressOf(after, kind)).map((kind) => ({
    person_id: before.id,
    kind,
    previous: addressOf(before, kind),
    changed_at: at.toISOString(),
  }))
  if (rows.length > 0) await tx.insertInto('address_changes').values(rows).execute()
}

/** What changed lately: for each address since when, and what it was before all of that. */
export async function listLateChanges(
  db: Db | Tx,
  personId: string,
  now: Date,
): Promise<Map<AddressKind, { at: string; previous: string }>> {
  const rows = await db
    .selectFrom('address_changes')
    .selectAll()
    .where('person_id', '=', personId)
    .where('changed_at', '>', new Date(now.getTime() - SETTLED_MS).toISOString())
    .orderBy('changed_at')
    .execute()
  const changes = new Map<AddressKind, { at: string; previous: string }>()
  for (const { kind, previous, changed_at: at } of rows) {
    const earlier = changes.get(kind as AddressKind)
    changes.set(kind as AddressKind, { at, previous: earlier?.previous ?? previous })
  }
  return changes
}

/** Why nothing can be sent to an address; undefined when it can. */
export function findAddressObstacle(kind: AddressKind, address: string): ProblemCode | undefined {
  if (address === '') return 'address-missing'
  if (kind !== 'phone' && !/^[^\s<>@]+@[^\s<>@]+$/.test(address)) return 'address-missing'
  return undefined
}
