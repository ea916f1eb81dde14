import { PROBLEMS, problemType } from '@unlatch/contract'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { isPostgres } from '../db/dialect.ts'
import type { Database } from '../db/open.ts'
import { stageServer } from './server.fixture.ts'

/** Leaves no room for one more record of the audit log, the last thing that a transaction writes. */
async function fillDisk(database: Database): Promise<void> {
  const run = (text: string) => database.transaction((tx) => sql.raw(text).execute(tx))
  if (isPostgres(database.reads)) {
    await run(`create function refuse_for_room() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`)
    await run('create trigger no_room before insert on audit for each statement execute function refuse_for_room()')
    return
  }
  await run('pragma max_page_count = 1')
  const row = (id: string) => ({ id, at: '', subject: '', record: '' })
  const fill = async () => {
    for (let i = 0; ; i++)
      await database.transaction((tx) =>
        tx
          .insertInto('audit')
          .values(row(`${i}`))
          .execute(),
      )
  }
  await expect(fill()).rejects.toMatchObject({ code: 'database-full' })
}

async function makeRoom(database: Database): Promise<void> {
  const text = isPostgres(database.reads) ? 'drop trigger no_room on audit' : 'pragma max_page_count = 100000'
  await database.transaction((tx) => sql.raw(text).execute(tx))
}

it('a full disk: a clear problem, nothing half done, and the same request is answered when there is room', async () => {
  const server = await stageServer()
  const { world } = server.stage
  const card = await server.stage.pivCard(await server.stage.person())
  const headers = { cookie: await server.signIn() }
  const post = (url: string, payload: object) => server.app.inject({ method: 'POST', url, headers, payload })
  const { id } = (await post('/api/unblocks', { cardId: card.id })).json()
  const { challenge } = card.attempt()
  const release = () =>
    post(`/api/unblocks/${id}/cryptogram`, { challenge, verification: 'call-back', idempotencyKey: 'key-00000001' })
  const rowsOf = (table: 'releases' | 'notices') => world.database.reads.selectFrom(table).selectAll().execute()

  await fillDisk(world.database)
  const refused = await release()
  expect(refused.statusCode).toBe(PROBLEMS['database-full'].status)
  expect(refused.json()).toMatchObject({ type: problemType('database-full') })
  expect([await rowsOf('releases'), await rowsOf('notices')]).toEqual([[], []])
  expect(server.logged.join('')).toContain('database-full')

  await makeRoom(world.database)
  expect((await release()).json()).toMatchObject({ kind: 'cryptogram' })
  expect(await rowsOf('releases')).toHaveLength(1)
  await server.close()
})
