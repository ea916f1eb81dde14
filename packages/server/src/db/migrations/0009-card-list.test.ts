import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { stageEmptyDatabase } from '../database.fixture.ts'
import { migrate } from '../open.ts'
import { MIGRATIONS } from './index.ts'

it('what is on record about cards that were revoked or retired before is no finding any more', async () => {
  const { db, open, close } = await stageEmptyDatabase()
  await migrate(db, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0009')))
  const at = '2026-11-23T09:00:00.000Z'
  await sql`insert into people (id, name, user_name, department, email, phone, manager, created_at)
    values ('p', 'Pia', 'pia', '', '', '', '', ${at})`.execute(db)
  for (const state of ['issued', 'suspended', 'revoked', 'retired']) {
    await sql`insert into cards (id, card_uuid, person_id, family, label, printed_serial, state, created_at)
      values (${state}, ${state}, 'p', 'piv', 'l', ${state}, ${state}, ${at})`.execute(db)
    await sql`insert into management_keys (card_id, cipher, generation) values (${state}, '3des', 'factory')`.execute(
      db,
    )
  }
  const database = await open()
  const rows = await database.reads.selectFrom('management_keys').selectAll().where('is_out_of_use', '=', 1).execute()
  expect(rows.map(({ card_id }) => card_id).toSorted()).toEqual(['retired', 'revoked'])
  await database.close()
  await close()
})
