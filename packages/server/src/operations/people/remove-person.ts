import { RemovePerson } from '@unlatch/contract'
import { deletePerson, lockPerson } from '../../records/people/people.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Removes a person who never had a card: a mistake, or an import of too many. What was on record stays in the audit log.
 *
 * @throws Problem `not-found`, `person-had-cards`.
 */
export const removePerson = operation({
  name: 'person.remove',
  permission: 'person:write',
  input: RemovePerson,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx }, { personId }) {
    const person = await lockPerson(tx, personId)
    if (person.had_card === 1) throw new Fault('person-had-cards')
    await deletePerson(tx, person)
    const { name, user_name: userName, department, email, phone, manager } = person
    return { result: {}, event: { personId, removed: { name, userName, department, email, phone, manager } } }
  },
})
