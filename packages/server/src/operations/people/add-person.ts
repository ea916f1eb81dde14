import { randomUUID } from 'node:crypto'
import { AddPerson } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertPerson } from '../../records/people/people.ts'
import { Fault, operation } from '../operation.ts'

/** Adds a person who holds cards, or will. */
export const addPerson = operation({
  name: 'person.add',
  permission: 'person:write',
  input: AddPerson,
  subject: ({ userName }) => `person-name:${userName}`,
  async run({ tx, now }, { name, userName, secondEmail, isSensitive, ...rest }) {
    const id = randomUUID()
    try {
      const row = {
        id,
        name: name.trim(),
        user_name: userName,
        second_email: secondEmail,
        is_sensitive: Number(isSensitive),
        ...rest,
      }
      await insertPerson(tx, { ...row, created_at: now.toISOString() })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    return { result: { id }, event: { personId: id } }
  },
})
