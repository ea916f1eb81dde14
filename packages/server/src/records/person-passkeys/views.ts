import type { PersonPasskeys } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'
import { listPersonPasskeys } from './person-passkeys.ts'

/** The passkeys of a cardholder. */
export const personPasskeys = view({
  name: 'person.passkeys',
  permission: 'person:read',
  query: z.object({ personId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { personId }): Promise<PersonPasskeys> {
    const rows = await listPersonPasskeys(db, personId)
    return {
      passkeys: rows.map((row) => ({
        id: row.id,
        label: row.label,
        createdAt: row.created_at,
        usableFrom: row.usable_from,
        lastUsedAt: row.last_used_at,
      })),
    }
  },
})
