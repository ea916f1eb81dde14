import { AnswerSelfService, Problem, type SelfServiceView } from '@unlatch/contract'
import { perform, type World } from '../operations/operation.ts'
import { beginLogon, endLogon } from '../operations/self-service/check-logon.ts'
import { type Directory, DirectoryError } from '../ports/directory.ts'
import type { Actor } from '../records/actors.ts'

/**
 * The password that a holder typed goes to the directory: counted before, and judged after. It is kept nowhere.
 *
 * @throws Problem `logon-wrong`, `account-…`, `self-service-tries`; `directory-…` when the directory could not be asked, which is
 *   no try.
 */
export async function checkLogon(
  world: World,
  directory: Directory,
  input: object,
  actor: Actor,
): Promise<SelfServiceView> {
  const parsed = AnswerSelfService.safeParse(input)
  if (!parsed.success) throw new Problem('input-invalid', { detail: 'what the holder typed' })
  const { unblockId, secret } = parsed.data
  const password = Buffer.from(secret, 'hex')
  try {
    // A server takes a name without a password for somebody who wants to be nobody, and lets him in. [RFC 4513, 5.1.2]
    if (password.every((octet) => octet === 0)) throw new Problem('input-invalid', { detail: 'an empty password' })
    const { wayId, open, entry, dn } = await perform(beginLogon, world, { unblockId }, actor)
    let refusal: string | null
    try {
      refusal = (await directory.logOn(open, { key: entry, dn }, password.toString())) ?? null
    } catch (cause) {
      refusal = cause instanceof DirectoryError ? cause.code : 'directory-refused'
      if (!(cause instanceof DirectoryError)) world.log.error({ err: cause }, 'a directory could not be asked')
    }
    return await perform(endLogon, world, { unblockId, wayId, refusal }, actor)
  } finally {
    password.fill(0)
  }
}
