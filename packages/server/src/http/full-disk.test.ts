import { PROBLEMS, problemType } from '@unlatch/contract'
import { expect, it } from 'vitest'
import { fillDisk, makeRoom } from '../db/full-disk.fixture.ts'
import { STAGED_PASSWORD } from '../operations/world.fixture.ts'
import { stageServer } from './server.fixture.ts'

it('a full disk: a clear problem, nothing half done, and the same request is answered when there is room', async () => {
  const server = await stageServer()
  const { world } = server.stage
  const card = await server.stage.pivCard(await server.stage.person())
  const headers = { cookie: await server.signIn() }
  const post = (url: string, payload: object) => server.app.inject({ method: 'POST', url, headers, payload })
  const { id } = (await post('/api/unblocks', { cardId: card.id })).json()
  const { challenge } = card.attempt()
  const verification = (await post('/api/verifications', { cardId: card.id, procedure: 'telephone' })).json()
  const seen = { way: 'in-person', document: 'passport', isSameFace: true }
  await post(`/api/verifications/${verification.id}/sightings`, seen)
  const wish = { challenge, idempotencyKey: 'key-00000001' }
  const { nonce } = (await post(`/api/unblocks/${id}/statement`, wish)).json().statement
  const signed = { nonce, signature: { kind: 'password', password: STAGED_PASSWORD } }
  const release = () => post(`/api/unblocks/${id}/cryptogram`, { ...wish, signed })
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
