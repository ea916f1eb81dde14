import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { findPermissions } from '../../records/roles/roles.ts'
import { stageEmptyDatabase } from '../database.fixture.ts'
import { migrate } from '../open.ts'
import { MIGRATIONS } from './index.ts'

it('operators of before keep what they were permitted, as roles of the organisation’s own', async () => {
  const { db, open, close } = await stageEmptyDatabase()
  await migrate(db, { '0001-the-call': MIGRATIONS['0001-the-call'] as NonNullable<(typeof MIGRATIONS)[string]> })
  const desk = '["person:read","unblock:release"]'
  for (const [id, permissions] of [
    ['ada', desk],
    ['ben', '["unblock:release","person:read"]'],
    ['cy', '["operator:write","a:permission-of-no-version"]'],
    ['dora', '[]'],
  ] as const) {
    await sql`insert into operators (id, name, user_name, password_hash, permissions, is_disabled, created_at)
      values (${id}, ${id}, ${id}, 'hash', ${permissions}, 0, ${`2026-11-23T09:00:00.000Z${id}`})`.execute(db)
  }
  await sql`insert into sessions (id, payload, expires_at) values ('s', '{}', '2099')`.execute(db)
  const database = await open()
  const permitted = async (id: string) => [...(await findPermissions(database.reads, id))]
  expect(await permitted('ada')).toEqual(['person:read', 'unblock:release'])
  expect(await permitted('ben')).toEqual(['person:read', 'unblock:release'])
  expect(await permitted('cy')).toEqual(['operator:write'])
  expect(await permitted('dora')).toEqual([])
  const roles = await database.reads.selectFrom('roles').select('name').orderBy('name').execute()
  expect(roles.map(({ name }) => name)).toEqual(['Permissions from before (1)', 'Permissions from before (2)'])
  expect(await database.reads.selectFrom('sessions').selectAll().execute()).toEqual([])
  await database.close()
  await close()
})
