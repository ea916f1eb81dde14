import { afterEach, beforeEach, expect, it } from 'vitest'
import { tellDue } from '../jobs/tell-holders.ts'
import { stageTemplate } from '../operations/delivery.fixture.ts'
import type { TextMessage } from '../ports/delivery.ts'
import { type StagedServer, stageServer } from './server.fixture.ts'

/** The link of a notice at the door: what is logged of it, and who may use it. */

let server: StagedServer
beforeEach(async () => {
  server = await stageServer()
})
afterEach(() => server.close())

const ask = (path: string, payload: object, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'POST', url: path, headers, payload })

/** A card whose holder was told that it is suspended; the token of the link. */
async function stageToken(): Promise<{ token: string; cardId: string }> {
  const { stage } = server
  const { connectionId: mailConnectionId } = await stageTemplate(stage)
  const { id: cardId } = await stage.pivCard(await stage.person())
  const cookie = await server.signIn(['desk:write', 'card:move'])
  await ask('/api/desk', { revision: 0, settings: { mailConnectionId } }, { cookie })
  await ask(`/api/cards/${cardId}/state`, { move: 'suspend', reason: 'lost' }, { cookie })
  await ask(`/api/cards/${cardId}/state`, { move: 'resume', reason: 'found' }, { cookie })
  const texts: string[] = []
  const carrier = { send: async () => {}, sendText: async (_: unknown, { text }: TextMessage) => void texts.push(text) }
  const carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
  await tellDue(stage.world, carriers, { organisation: '', helpDeskPhone: '', language: 'en' })
  return { token: /#([\w-]{22})$/m.exec(texts.at(-1) ?? '')?.[1] ?? '', cardId }
}

it('its token is in no line of the log at the most verbose level, and in no row', async () => {
  const { token } = await stageToken()
  expect(token).toHaveLength(22)
  expect((await ask('/api/not-me/notice', { token })).statusCode).toBe(200)
  expect((await ask('/api/not-me/notice', { token: `${token}x` })).statusCode).toBe(404)
  expect((await ask('/api/not-me/answer', { token, answer: 'not-me' })).json()).toMatchObject({ isSuspended: true })
  const { reads } = server.stage.database
  const tables = ['notices', 'notice_deliveries', 'incidents', 'audit', 'throttles'] as const
  const rows = await Promise.all(tables.map((table) => reads.selectFrom(table).selectAll().execute()))
  expect(server.logged.length).toBeGreaterThan(5)
  expect(JSON.stringify([server.logged, rows])).not.toContain(token)
})

it('no other page acts by it, and its page is asked for without a session', async () => {
  const { token } = await stageToken()
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://mail.example' }
  const refused = await ask('/api/not-me/answer', { token, answer: 'not-me' }, foreign)
  expect([refused.statusCode, refused.json().type]).toEqual([403, '/problems/foreign-page'])
  for (const wrong of [{ token }, { token, answer: '' }, { token, answer: 'yes' }, {}])
    expect((await ask('/api/not-me/answer', wrong)).statusCode).toBe(400)
  expect((await server.app.inject({ url: `/api/not-me/answer` })).statusCode).toBe(404)
  const page = await server.app.inject({ url: '/not-me' })
  expect([page.statusCode, page.headers['cache-control'], page.headers['referrer-policy']]).toEqual([
    200,
    'no-store',
    'no-referrer',
  ])
  expect(page.headers['content-security-policy']).toContain("form-action 'none'")
})
