import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertPerson } from '../../records/people/people.ts'
import { Fault, operation } from '../operation.ts'

const text = () => z.string().check(z.minLength(1), z.maxLength(200))

/** Adds a person. */
export const addPerson = operation({
  name: 'person.add',
  permission: 'person:write',
  input: z.object({
    name: text(),
    userName: text(),
    department: text(),
    email: text(),
    phone: text(),
    manager: text(),
  }),
  subject: ({ userName }) => `person-name:${userName}`,
  async run({ tx, now }, { name, userName, department, email, phone, manager }) {
    const id = randomUUID()
    const person = { id, name, user_name: userName, department, email, phone, manager, created_at: now.toISOString() }
    try {
      await insertPerson(tx, person)
    } catch (error) {
      if (isUniqueViolation(error))
        throw new Fault('input-invalid', { detail: 'this user name is taken', cause: error })
      throw error
    }
    return { result: { id }, event: { personId: id } }
  },
})
