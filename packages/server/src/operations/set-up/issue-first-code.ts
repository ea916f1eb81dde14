import * as z from 'zod/mini'
import { hasAnyPasskey } from '../../records/passkeys/passkeys.ts'
import { lockRoles } from '../../records/roles/roles.ts'
import { issueSetUpCode, voidSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { operation, type Ran } from '../operation.ts'

/**
 * At a start while nobody can sign in yet: a set-up code for the first administrator. An older one is void, so that what
 * was printed at an earlier start opens nothing.
 */
export const issueFirstCode = operation({
  name: 'operator.issue-first-code',
  permission: 'operator:write',
  input: z.object({}),
  subject: () => 'server',
  async run({ tx, now }): Promise<Ran<never, { code: string | undefined }>> {
    await lockRoles(tx)
    await voidSetUpCode(tx, null)
    if (await hasAnyPasskey(tx)) return { result: { code: undefined }, event: { isIssued: false } }
    const { code, expiresAt } = await issueSetUpCode(tx, null, now)
    return { result: { code }, event: { isIssued: true, expiresAt } }
  },
})
