import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { stageEmptyDatabase } from '../database.fixture.ts'
import { migrate } from '../open.ts'
import { MIGRATIONS } from './index.ts'

it('people of before stand in the list by name, with what is known of their cards', async () => {
  const { db, open, close } = await stageEmptyDatabase()
  await migrate(db, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0010')))
  const at = '2026-11-23T09:00:00.000Z'
  for (const id of ['holder', 'former', 'nobody']) {
    await sql`insert into people (id, name, user_name, department, email, phone, manager, created_at)
      values (${id}, ${`Åsa ${id}`}, ${id}, '', '', '', '', ${at})`.execute(db)
  }
  await sql`insert into cards (id, card_uuid, person_id, family, label, printed_serial, state, created_at)
    values ('c', 'c', 'holder', 'piv', 'l', 's', 'issued', ${at})`.execute(db)
  await sql`insert into operators (id, name, user_name, password_hash, is_disabled, created_at)
    values ('o', 'O', 'o', '', 0, ${at})`.execute(db)
  await sql`insert into unblocks (id, card_id, person_id, operator_id, opened_at)
    values ('u', 'c', 'former', 'o', ${at})`.execute(db)
  const database = await open()
  const rows = await database.reads
    .selectFrom('people')
    .select(['id', 'sort_name', 'has_card', 'had_card', 'revision', 'source', 'changed_at'])
    .orderBy('id')
    .execute()
  const rest = { revision: 1, source: 'hand', changed_at: at }
  expect(rows).toEqual([
    { id: 'former', sort_name: 'asa former', has_card: 0, had_card: 1, ...rest },
    { id: 'holder', sort_name: 'asa holder', has_card: 1, had_card: 1, ...rest },
    { id: 'nobody', sort_name: 'asa nobody', has_card: 0, had_card: 0, ...rest },
  ])
  await database.close()
  await close()
})
