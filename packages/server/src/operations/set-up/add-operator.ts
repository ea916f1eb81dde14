import { randomUUID } from 'node:crypto'
import { PERMISSIONS, type Permission } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import { Fault, operation } from '../operation.ts'

const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]]

/** Adds an operator with a password. */
export const addOperator = operation({
  name: 'operator.add',
  permission: 'operator:write',
  input: z.object({
    name: z.string().check(z.minLength(1), z.maxLength(200)),
    userName: z.string().check(z.minLength(1), z.maxLength(100)),
    password: z.string().check(z.minLength(12), z.maxLength(1000)),
    permissions: z.array(z.enum(PERMISSION_NAMES)),
  }),
  subject: ({ userName }) => `operator-name:${userName}`,
  async prepare({ passwords }, { password }) {
    return passwords.hash(password)
  },
  async run({ tx, now }, { name, userName, permissions }, _actor, passwordHash) {
    const id = randomUUID()
    const row = {
      id,
      name,
      user_name: userName.trim().toLowerCase(),
      password_hash: passwordHash,
      permissions: JSON.stringify(permissions),
      is_disabled: 0,
      created_at: now.toISOString(),
    }
    try {
      await tx.insertInto('operators').values(row).execute()
    } catch (error) {
      if (isUniqueViolation(error))
        throw new Fault('input-invalid', { detail: 'this user name is taken', cause: error })
      throw error
    }
    return { result: { id }, event: { operatorId: id, permissions } }
  },
})
