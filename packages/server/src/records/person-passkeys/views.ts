import type { PersonPasskeys } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'
import { listPersonPasskeys, type PersonPasskey } from './person-passkeys.ts'

/** The passkeys of a cardholder. */
export const personPasskeys = view({
  name: 'person.passkeys',
  permission: 'person:read',
  query: z.object({ personId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { personId }): Promise<PersonPasskeys> {
    const rows = await listPersonPasskeys(db, personId)
    return { passkeys: writePasskeys(rows) }
  },
})

export const writePasskeys = (rows: readonly PersonPasskey[]): PersonPasskeys['passkeys'] =>
  rows.map(({ id, label, created_at, usable_from, last_used_at }) => {
    return { id, label, createdAt: created_at, usableFrom: usable_from, lastUsedAt: last_used_at }
  })
