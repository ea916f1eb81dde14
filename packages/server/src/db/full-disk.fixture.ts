import { sql } from 'kysely'
import { expect } from 'vitest'
import { isPostgres } from './dialect.ts'
import type { Database } from './open.ts'

/** Leaves no room for one more record of the audit log, the last thing that a transaction writes. */
export async function fillDisk(database: Database): Promise<void> {
  const run = (text: string) => database.transaction((tx) => sql.raw(text).execute(tx))
  if (isPostgres(database.reads)) {
    await run(`create or replace function refuse_for_room() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`)
    await run('create trigger no_room before insert on audit for each statement execute function refuse_for_room()')
    return
  }
  await run('pragma max_page_count = 1')
  const row = (id: string) => ({ id, at: '', subject: '', record: '{}' })
  const fill = async () => {
    for (;;) await database.transaction((tx) => tx.insertInto('audit').values(row(crypto.randomUUID())).execute())
  }
  await expect(fill()).rejects.toMatchObject({ code: 'database-full' })
}

export async function makeRoom(database: Database): Promise<void> {
  const text = isPostgres(database.reads) ? 'drop trigger no_room on audit' : 'pragma max_page_count = 100000'
  await database.transaction((tx) => sql.raw(text).execute(tx))
}
