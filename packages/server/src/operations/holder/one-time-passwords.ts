import { randomUUID } from 'node:crypto'
import {
  AddOneTimePassword,
  ConfirmOneTimePassword,
  type OneTimePasswordDrawn,
  RemoveOneTimePassword,
} from '@unlatch/contract'
import { lockHolderSession } from '../../records/holder-sessions/holder-sessions.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { usableFrom } from '../../records/person-passkeys/person-passkeys.ts'
import {
  confirmOneTimePassword,
  deleteOneTimePassword,
  insertOneTimePassword,
  listOneTimePasswords,
  spendOneTimeCode,
  writeForApp,
} from '../../records/self-service/one-time-passwords.ts'
import { Fault, operation } from '../operation.ts'

/** Of one person: each is tried when a code is checked. */
const MOST = 5

interface Claim extends OneTimePasswordDrawn {}

/**
 * A holder sets up a one-time password: its secret is in this answer alone. It is none until its app has shown a code.
 *
 * @throws Fault `one-time-passwords-full`; `holder-session-over`, `card-suspended`…
 */
export const addOneTimePassword = operation({
  name: 'holder.add-one-time-password',
  permission: 'agent:report',
  input: AddOneTimePassword,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, keys, now, settings }, { sessionId, kind, label }, actor) {
    const { person } = await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    const kept = (await listOneTimePasswords(tx, person.id)).filter(({ confirmed_at }) => confirmed_at !== null)
    if (kept.length >= MOST) throw new Fault('one-time-passwords-full')
    const id = randomUUID()
    const { secret, sealed } = await keys.drawOneTimeSecret({ personId: person.id, id })
    await insertOneTimePassword(tx, { id, person_id: person.id, kind, label, sealed_secret: sealed }, now)
    const issuer = settings.organisation || 'Unlatch'
    const claim: Claim = {
      oneTimePasswordId: id,
      ...writeForApp(kind, secret, { issuer, label: person.user_name || person.name }),
    }
    secret.fill(0)
    return { claim, event: { sessionId, personId: person.id, oneTimePasswordId: id, kind, label } }
  },
  release: async (_, claim: Claim): Promise<OneTimePasswordDrawn> => claim,
})

/**
 * Its app shows a code: from here on it is one, and counts after seven days. Its owner is told at once.
 *
 * @throws Fault `one-time-password-wrong`; `not-found` for one that was confirmed or is void.
 */
export const confirmOwnOneTimePassword = operation({
  name: 'holder.confirm-one-time-password',
  permission: 'agent:report',
  input: ConfirmOneTimePassword,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, keys, now }, { sessionId, oneTimePasswordId, secret }, actor) {
    const { person, card } = await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    const one = (await listOneTimePasswords(tx, person.id)).find(({ id }) => id === oneTimePasswordId)
    if (one?.confirmed_at !== null) throw new Fault('not-found', { detail: 'no such one-time password' })
    const code = Buffer.from(secret, 'hex').toString()
    if (!(await spendOneTimeCode(tx, keys, one, { code, now }))) throw new Fault('one-time-password-wrong')
    const counts = usableFrom(now)
    await confirmOneTimePassword(tx, one.id, counts, now)
    await tellHolder(tx, card, { kind: 'one-time-password-added' }, now)
    const { kind, label } = one
    return {
      result: { usableFrom: counts },
      event: { sessionId, personId: person.id, oneTimePasswordId, kind, label, usableFrom: counts },
    }
  },
})

/** A holder removes one of his: the device was lost, say. Its owner is told; one that was never confirmed goes silently. */
export const removeOneTimePassword = operation({
  name: 'holder.remove-one-time-password',
  permission: 'agent:report',
  input: RemoveOneTimePassword,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, now }, { sessionId, oneTimePasswordId }, actor) {
    const { person, card } = await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    const one = (await listOneTimePasswords(tx, person.id)).find(({ id }) => id === oneTimePasswordId)
    if (!one || !(await deleteOneTimePassword(tx, person.id, one.id))) throw new Fault('not-found')
    if (one.confirmed_at !== null) await tellHolder(tx, card, { kind: 'one-time-password-removed' }, now)
    return { result: {}, event: { sessionId, personId: person.id, oneTimePasswordId, label: one.label } }
  },
})
