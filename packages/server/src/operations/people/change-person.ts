import { ChangePerson } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { differencesOf, lockPerson, updatePerson } from '../../records/people/people.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Changes what is on record about a person; what stood there before is in the audit log. A caller is verified by a number
 * and a manager on record: whoever changes these is named.
 *
 * @throws Problem `not-found`, `person-changed`, `name-taken`.
 */
export const changePerson = operation({
  name: 'person.change',
  permission: 'person:write',
  input: ChangePerson,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx, now }, { personId, revision, userName, name, secondEmail, isSensitive, ...rest }) {
    const before = await lockPerson(tx, personId)
    if (before.revision !== revision) throw new Fault('person-changed')
    const after = {
      ...rest,
      name: name.trim(),
      user_name: userName,
      second_email: secondEmail,
      is_sensitive: Number(isSensitive),
    }
    try {
      await updatePerson(tx, before, after, now)
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    return { result: { revision: revision + 1 }, event: { personId, changed: differencesOf(before, after) } }
  },
})
