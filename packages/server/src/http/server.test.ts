import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeReceipt } from '@unlatch/card/unblock'
import { PROBLEMS, type ProblemCode, problemType } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../operations/operation.ts'
import { addOperator } from '../operations/set-up/add-operator.ts'
import { STAGED_PASSWORD } from '../operations/world.fixture.ts'
import { SYSTEM } from '../records/actors.ts'
import { type StagedServer, stageServer } from './server.fixture.ts'

let server: StagedServer
beforeEach(async () => {
  server = await stageServer()
})
afterEach(() => server.close())

interface Answer {
  statusCode: number
  headers: Record<string, unknown>
  json(): Record<string, unknown>
  body: string
}

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, cookie = '', payload?: unknown, headers = {}) =>
  server.app.inject({
    method,
    url,
    headers: { cookie, ...headers },
    ...(payload !== undefined && { payload: payload as object }),
  }) as Promise<Answer>

function expectProblem(answer: Answer, code: ProblemCode): void {
  expect(answer.json()).toMatchObject({ type: problemType(code), status: PROBLEMS[code].status })
  expect(answer.statusCode).toBe(PROBLEMS[code].status)
  expect(answer.headers['content-type']).toContain('application/problem+json')
}

describe('a call through the door', () => {
  it('search, person, open, check, cryptogram, receipt', async () => {
    const personId = await server.stage.person('Zoë Świątek-Grün')
    const card = await server.stage.pivCard(personId)
    const cookie = await server.signIn()
    await server.stage.person('𠮷野 太郎')
    for (const search of ['zoe', 'ŚWIĄTEK', 'grun', 'zoe swiatek-g', '𠮷', '太', 'zoé ś']) {
      const found = await ask('GET', `/api/people?search=${encodeURIComponent(search)}`, cookie)
      const isFound = found.json().people as unknown[]
      expect([search, isFound.length]).toEqual([search, search === 'grun' ? 0 : 1])
    }
    const details = await ask('GET', `/api/people/${personId}`, cookie)
    expect(details.json()).toMatchObject({ cards: [{ id: card.id, telephoneWay: 'masked-puk', obstacle: null }] })
    const opened = await ask('POST', '/api/unblocks', cookie, { cardId: card.id })
    expect(opened.statusCode).toBe(201)
    const { id } = opened.json()
    const { challenge, keys } = card.attempt()
    const checked = await ask('POST', `/api/unblocks/${id}/challenge-check`, cookie, { challenge })
    expect(checked.json()).toMatchObject({ verdict: 'match' })
    const { id: verificationId } = (
      await ask('POST', '/api/verifications', cookie, { cardId: card.id, procedure: 'telephone' })
    ).json()
    const seen = { way: 'in-person', document: 'passport', isSameFace: true }
    await ask('POST', `/api/verifications/${verificationId}/sightings`, cookie, seen)
    const asked = await ask('POST', `/api/unblocks/${id}/statement`, cookie, { challenge })
    const { nonce } = asked.json().statement as { nonce: string }
    const signed = { nonce, signature: { kind: 'password', password: STAGED_PASSWORD } }
    const payload = { challenge, idempotencyKey: 'key-00000001', signed }
    const released = await ask('POST', `/api/unblocks/${id}/cryptogram`, cookie, payload)
    expect(released.statusCode).toBe(201)
    expect(released.headers['cache-control']).toBe('no-store')
    const code = String(released.json().code)
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    const closed = await ask('POST', `/api/unblocks/${id}/outcome`, cookie, { receipt })
    expect(closed.json()).toEqual({ outcome: 'unblocked', triesLeft: null })
    expect(server.logged.join('')).not.toContain(code)
    expect(server.logged.join('')).not.toContain(code.slice(0, 8))
  })

  it('who looked up which person is recorded', async () => {
    const personId = await server.stage.person()
    await ask('GET', `/api/people/${personId}`, await server.signIn())
    const lookups = await server.stage.world.database.reads.selectFrom('lookups').selectAll().execute()
    expect(lookups).toMatchObject([{ person_id: personId }])
  })
})

describe('who may pass', () => {
  it('nobody without signing in', async () => {
    for (const [method, url] of [
      ['GET', '/api/session'],
      ['GET', '/api/people?search=a'],
      ['POST', '/api/unblocks'],
    ] as const) {
      expectProblem(await ask(method, url, '', method === 'POST' ? {} : undefined), 'sign-in-needed')
    }
  })

  it('a wrong password and an unknown name get the same answer; five are the end for a while', async () => {
    await server.signIn()
    const tries = (userName: string, password: string) => ask('POST', '/api/session', '', { userName, password })
    expectProblem(await tries('door-1', 'wrong'), 'sign-in-refused')
    expectProblem(await tries('nobody', 'wrong'), 'sign-in-refused')
    for (let wrong = 0; wrong < 4; wrong++) await tries('DOOR-1 ', 'wrong')
    expectProblem(await tries('door-1', 'a long enough one'), 'sign-in-throttled')
    server.stage.clock.at = new Date(server.stage.clock.at.getTime() + 16 * 60_000)
    expect((await tries('door-1', 'a long enough one')).statusCode).toBe(200)
  })

  it('a password alone signs in to the demo only', async () => {
    const production = await stageServer({ isDemo: false })
    const wish = { name: 'o', userName: 'o', password: 'a long enough one', roles: [] }
    await perform(addOperator, production.stage.world, wish, SYSTEM)
    const payload = { userName: 'o', password: 'a long enough one' }
    const answer = await production.app.inject({ method: 'POST', url: '/api/session', payload })
    expect(answer.json()).toMatchObject({ type: problemType('not-permitted') })
    await production.close()
  })

  it('the cookie is out of reach for scripts and other sites; it ends with the session', async () => {
    const payload = { userName: 'door-1', password: 'a long enough one' }
    const cookie = await server.signIn()
    const answer = await ask('POST', '/api/session', '', payload)
    const cookies = [answer.headers['set-cookie'] ?? []].flat()
    expect(cookies).toHaveLength(2)
    for (const one of cookies) expect(one).toMatch(/HttpOnly.*SameSite=Strict/)
    expect((await ask('GET', '/api/session', cookie)).json()).toMatchObject({
      operator: { name: 'Name of door-1', userName: 'door-1' },
    })
    expect((await ask('DELETE', '/api/session', cookie)).statusCode).toBe(204)
    expectProblem(await ask('GET', '/api/session', cookie), 'sign-in-needed')
  })

  it('an operator who was disabled is out at once', async () => {
    const cookie = await server.signIn()
    await server.stage.world.database.transaction((tx) => tx.updateTable('operators').set({ is_disabled: 1 }).execute())
    expectProblem(await ask('GET', '/api/session', cookie), 'sign-in-needed')
  })

  it('a page of another site cannot act', async () => {
    const cookie = await server.signIn()
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ]) {
      expectProblem(await ask('POST', '/api/unblocks', cookie, { cardId: 'x' }, headers), 'foreign-page')
    }
  })
})

describe('agents', () => {
  const body = JSON.stringify({
    cardUuid: '00'.repeat(16),
    challenge: '0000000000',
    outcome: 'unknown',
    receipt: null,
    at: 'x',
  })
  const send = (url: string, payload: string, headers: Record<string, string>) =>
    server.app.inject({ method: 'POST', url, payload, headers }) as unknown as Promise<Answer>

  it('a signed report passes; unsigned, changed, stale, used or of another key it does not', async () => {
    const { headers } = server.holder
    const good = headers('POST', '/api/reports', body)
    expectProblem(await send('/api/reports', body, good), 'card-unknown')
    expectProblem(await send('/api/reports', body, good), 'agent-unknown')
    expectProblem(await send('/api/reports', body, { 'content-type': 'application/json' }), 'agent-unknown')
    expectProblem(await send('/api/reports', `${body} `, headers('POST', '/api/reports', body)), 'agent-unknown')
    expectProblem(await send('/api/reports', body, headers('POST', '/api/cards', body)), 'agent-unknown')
    const late = new Date(server.stage.clock.at.getTime() - 301_000).toISOString()
    // Only who proves himself is told about his clock.
    const lateOne = headers('POST', '/api/reports', body, { time: late })
    const told = await send('/api/reports', body, lateOne)
    expectProblem(told, 'agent-clock')
    expect(told.json()).toMatchObject({ secondsAhead: -301, detail: expect.stringContaining('301 seconds behind') })
    expectProblem(await send('/api/reports', `${body} `, lateOne), 'agent-unknown')
    const unknown = server.stranger.headers('POST', '/api/reports', body, { time: late })
    expectProblem(await send('/api/reports', body, unknown), 'agent-unknown')
    const stranger = { ...headers('POST', '/api/reports', body), 'unlatch-agent': 'AB'.repeat(32) }
    expectProblem(await send('/api/reports', body, stranger), 'agent-unknown')
  })

  it('cards are registered at a station, not by a holder’s agent', async () => {
    const wish = JSON.stringify({ personId: 'p', family: 'piv', label: 'l', printedSerial: 's' })
    expectProblem(await send('/api/cards', wish, server.holder.headers('POST', '/api/cards', wish)), 'station-only')
    expectProblem(await send('/api/cards', wish, server.station.headers('POST', '/api/cards', wish)), 'not-found')
  })
})

describe('bad input', () => {
  it('malformed, unknown, huge, of another type', async () => {
    const cookie = await server.signIn()
    const post = (payload: string, type: string) =>
      server.app.inject({
        method: 'POST',
        url: '/api/unblocks',
        payload,
        headers: { cookie, 'content-type': type },
      }) as unknown as Promise<Answer>
    expectProblem(await post('{"cardId":', 'application/json'), 'input-invalid')
    expectProblem(await post('{}', 'application/json'), 'input-invalid')
    expectProblem(await post('[]', 'application/json'), 'input-invalid')
    expectProblem(await post('null', 'application/json'), 'input-invalid')
    expectProblem(await post('{"cardId":7}', 'application/json'), 'input-invalid')
    expectProblem(await post('{"__proto__":{"a":1},"cardId":"x"}', 'application/json'), 'input-invalid')
    expectProblem(await post('cardId=x', 'application/x-www-form-urlencoded'), 'input-invalid')
    expectProblem(await post(JSON.stringify({ cardId: 'x'.repeat(200_000) }), 'application/json'), 'too-large')
    expectProblem(await ask('GET', '/api/people?search=a&limit=9999', cookie), 'input-invalid')
    expectProblem(await ask('GET', `/api/people/${'x'.repeat(90)}`, cookie), 'input-invalid')
    expectProblem(await ask('GET', '/api/nothing', cookie), 'not-found')
  })

  it('text that is none: null characters, half characters', async () => {
    const cookie = await server.signIn()
    expectProblem(await ask('GET', '/api/people?search=a%00b', cookie), 'input-invalid')
    expectProblem(await ask('GET', '/api/people/a%00b', cookie), 'input-invalid')
    for (const userName of ['a\0b', 'a\ud800b']) {
      expectProblem(await ask('POST', '/api/session', '', { userName, password: 'wrong' }), 'input-invalid')
    }
  })

  it('a bug says nothing outside, and everything in the log under the same request id', async () => {
    const cookie = await server.signIn()
    await server.stage.world.database.transaction((tx) => tx.schema.dropTable('search_words').execute())
    const answer = await ask('GET', '/api/people?search=a', cookie)
    expect(answer.statusCode).toBe(500)
    const { instance, ...rest } = answer.json()
    expect(rest).toEqual({ type: 'about:blank', title: 'Internal error', status: 500 })
    expect(server.logged.find((line) => line.includes(String(instance)) && line.includes('search_words'))).toBeDefined()
  })
})

describe('pages', () => {
  it('carry a policy with a fresh nonce, and are not stored', async () => {
    const [one, two] = [await ask('GET', '/'), await ask('GET', '/actions/smart-card-unblock')]
    const nonceOf = (answer: Answer) => /nonce="([^"]+)"/.exec(answer.body)?.[1]
    expect(nonceOf(one)).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(nonceOf(one)).not.toBe(nonceOf(two))
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonceOf(one)}'`)
    expect(one.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(one.headers['cache-control']).toBe('no-store')
    expect(one.headers['x-content-type-options']).toBe('nosniff')
  })
})
