import { AddIdentity, RemoveIdentity } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { lockPerson } from '../../records/people/people.ts'
import { usableFrom } from '../../records/person-passkeys/person-passkeys.ts'
import { deleteIdentity, insertIdentity } from '../../records/self-service/identities.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Who a person is at an identity provider. It counts after seven days, as everything does by which somebody shows who he is; at
 * once where the first start puts it in.
 *
 * @throws Fault `name-taken` where somebody is this already.
 */
export const addIdentity = operation({
  name: 'person.add-identity',
  permission: 'person:write',
  input: AddIdentity,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx, now }, { personId, issuer, subject }, actor) {
    await lockPerson(tx, personId)
    const usable_from = actor.kind === 'system' ? now.toISOString() : usableFrom(now)
    const added_by = actor.kind === 'system' ? null : actor.id
    const row = { person_id: personId, issuer, subject, added_by, created_at: now.toISOString(), usable_from }
    try {
      const id = await insertIdentity(tx, row)
      return { result: { id }, event: { personId, issuer, subject, usableFrom: usable_from } }
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
  },
})

/** A person is this no more. */
export const removeIdentity = operation({
  name: 'person.remove-identity',
  permission: 'person:write',
  input: RemoveIdentity,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx }, { personId, identityId }) {
    await lockPerson(tx, personId)
    if (!(await deleteIdentity(tx, personId, identityId))) throw new Fault('not-found')
    return { result: {}, event: { personId, identityId } }
  },
})
