import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertOperator } from '../../records/operators/operators.ts'
import { findRoles, giveRoles } from '../../records/roles/roles.ts'
import { Fault, operation } from '../operation.ts'

/** Adds an operator with a password, for the demo: elsewhere operators are invited and nobody else knows their password. */
export const addOperator = operation({
  name: 'operator.add',
  permission: 'operator:write',
  input: z.object({
    name: z.string().check(z.minLength(1), z.maxLength(200)),
    userName: z.string().check(z.minLength(1), z.maxLength(100)),
    password: z.string().check(z.minLength(12), z.maxLength(1000)),
    /** Ids of roles, built-in or own. */
    roles: z.array(z.string().check(z.maxLength(64))),
  }),
  subject: ({ userName }) => `operator-name:${userName}`,
  async prepare({ passwords }, { password }) {
    return passwords.hash(password)
  },
  async run({ tx, now }, { name, userName, roles }, _actor, passwordHash) {
    const id = randomUUID()
    if ((await findRoles(tx, roles)).length !== new Set(roles).size) throw new Fault('not-found')
    try {
      await insertOperator(tx, { id, name, userName, passwordHash, at: now })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    await giveRoles(tx, id, roles)
    return { result: { id }, event: { operatorId: id, roles } }
  },
})
