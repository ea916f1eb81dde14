import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/**
 * Roles, set-up codes, passkeys, and sessions with an owner. What an operator was permitted until now becomes a role of the
 * organisation's own, one for each different set; sessions of before end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  await db.schema
    .createTable('roles')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('permissions', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('operator_roles')
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('role_id', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('operator_roles_pk', ['operator_id', 'role_id'])
    .execute()
  await db.schema.createIndex('operator_roles_by_role').on('operator_roles').column('role_id').execute()
  await db.schema
    .createTable('set_up_codes')
    .addColumn('code_hash', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.unique().references('operators.id'))
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('issued_at', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('passkeys')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('label', text, (c) => c.notNull())
    .addColumn('public_key', text, (c) => c.notNull())
    .addColumn('counter', text, (c) => c.notNull())
    .addColumn('transports', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('last_used_at', text)
    .execute()
  await db.schema.createIndex('passkeys_by_operator').on('passkeys').column('operator_id').execute()
  await db.schema
    .createTable('passkey_challenges')
    .addColumn('challenge', text, (c) => c.primaryKey())
    .addColumn('holder', text, (c) => c.notNull())
    .addColumn('purpose', text, (c) => c.notNull())
    .addColumn('operator_id', text)
    .addColumn('expires_at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('passkey_challenges_by_time').on('passkey_challenges').column('expires_at').execute()
  await db.schema.dropTable('sessions').execute()
  await db.schema
    .createTable('sessions')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('last_seen_at', text, (c) => c.notNull())
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('address', text, (c) => c.notNull())
    .addColumn('user_agent', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sessions_by_operator').on('sessions').column('operator_id').execute()
  await db.schema.createIndex('sessions_by_time').on('sessions').column('expires_at').execute()
  await makeRolesOfPermissions(db)
  await db.schema.alterTable('operators').dropColumn('permissions').execute()
  await db.schema.alterTable('operators').addColumn('last_seen_at', text).execute()
}

async function makeRolesOfPermissions(db: Kysely<unknown>): Promise<void> {
  const found = await sql<{ id: string; permissions: string; created_at: string }>`
    select id, permissions, created_at from operators order by created_at, id`.execute(db)
  const roles = new Map<string, string>()
  for (const operator of found.rows) {
    const permissions = (JSON.parse(operator.permissions) as string[]).toSorted()
    if (permissions.length === 0) continue
    const key = JSON.stringify(permissions)
    const roleId = roles.get(key) ?? randomUUID()
    if (!roles.has(key)) {
      roles.set(key, roleId)
      const name = `Permissions from before (${roles.size})`
      await sql`insert into roles (id, name, permissions, created_at)
        values (${roleId}, ${name}, ${key}, ${operator.created_at})`.execute(db)
    }
    await sql`insert into operator_roles (operator_id, role_id) values (${operator.id}, ${roleId})`.execute(db)
  }
}
