import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NONCE_PLACEHOLDER, type ProblemCode, problemType, ScreenState } from '@unlatch/contract'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { acceptsPin, NEW_PIN, resetsIn, type Staged, stageCard } from '../tasks/blocked-cards.fixture.ts'
import type { Loopback } from './loopback.ts'
import { openPages, pair, seal, toolsOf } from './screen.fixture.ts'

let staged: Staged
let loopback: Loopback

beforeEach(async () => {
  staged = stageCard('yubikey')
  loopback = await openPages(toolsOf(staged))
})

async function expectProblem(answering: Promise<Response>, code: ProblemCode, status: number): Promise<void> {
  const response = await answering
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(await response.json()).toMatchObject({ type: problemType(code), status })
  expect(response.status).toBe(status)
}

type Page = Awaited<ReturnType<typeof pair>>

async function until(page: Page, phase: ScreenState['phase']): Promise<ScreenState> {
  let state = ScreenState.parse(await (await page.state()).json())
  while (state.phase !== phase) state = ScreenState.parse(await (await page.state(state.version)).json())
  return state
}

/** A request as no `fetch` would send it. */
function rawStatus(headers: Record<string, string>, path = '/'): Promise<number | undefined> {
  const { port } = new URL(loopback.url)
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
}

describe('the page', () => {
  test('carries its policy with a nonce of its own, and may not be framed or kept', async () => {
    const [first, second] = await Promise.all([fetch(loopback.url), fetch(loopback.url)])
    const policy = first.headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none'
    const body = await first.text()
    expect(body).toContain(`nonce="${nonce}"`)
    expect(body).not.toContain(NONCE_PLACEHOLDER)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(second.headers.get('content-security-policy')).not.toContain(nonce)
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    expect(first.headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('holds no secret', async () => {
    const token = loopback.pageAddress().split('#')[1] ?? ''
    const page = await pair(loopback)
    const body = await (await fetch(loopback.url)).text()
    expect(token).not.toBe('')
    expect(body).not.toContain(token)
    expect(body).not.toContain(page.authorization.slice(7))
  })

  test('every answer: no cookie, no CORS, not kept', async () => {
    const page = await pair(loopback)
    await page.post('/unblock/begin')
    const other = { origin: 'https://evil.example' }
    const answers = await Promise.all([
      fetch(loopback.url),
      fetch(loopback.url, { headers: other }),
      fetch(`${loopback.url}/assets/page.js`),
      page.state(),
      page.post('/nowhere'),
      fetch(`${loopback.url}/state`, {
        method: 'OPTIONS',
        headers: { ...other, 'access-control-request-method': 'GET' },
      }),
    ])
    for (const { headers, url } of answers) {
      const names = [...headers.keys()]
      expect(names.filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual([])
      expect(headers.get('cache-control'), url).toBe('no-store')
    }
  })

  test.each([
    '/assets/../unblock-screen.html',
    '/assets/%2e%2e/unblock-screen.html',
    '/assets/..%2f..%2fetc/passwd',
    '/unblock-screen.html',
  ])('%s leads nowhere', async (path) => {
    const { host } = new URL(loopback.url)
    expect([400, 403, 404]).toContain(await rawStatus({ host }, path))
  })
})

describe('who is refused', () => {
  test.each(['localhost', '127.0.0.1', 'evil.example', '127.0.0.1:1', '[::1]'])('Host %s', async (host) => {
    const { port } = new URL(loopback.url)
    expect(await rawStatus({ host })).toBe(403)
    expect(await rawStatus({ host: `localhost:${port}` })).toBe(403)
    expect(await rawStatus({ host: `127.0.0.1:${port}` })).toBe(200)
  })

  test.each([['https://evil.example'], ['null'], ['http://127.0.0.1:1'], ['http://localhost']])(
    'a page of %s, with the right bearer value',
    async (origin) => {
      const page = await pair(loopback)
      await expectProblem(page.post('/unblock/begin', {}, { origin }), 'foreign-page', 403)
      await expectProblem(page.state(0, { origin }), 'foreign-page', 403)
      expect(staged.card.heard.some((command) => command.startsWith('0087'))).toBe(false)
    },
  )

  test.each(['cross-site', 'same-site', 'none'])('Sec-Fetch-Site: %s', async (site) => {
    const page = await pair(loopback)
    await expectProblem(page.post('/unblock/begin', {}, { 'sec-fetch-site': site }), 'foreign-page', 403)
    await expectProblem(page.state(0, { 'sec-fetch-site': site }), 'foreign-page', 403)
  })

  test('a POST without an Origin; a GET may lack it', async () => {
    const { authorization } = await pair(loopback)
    const headers = { authorization }
    await expectProblem(fetch(`${loopback.url}/unblock/begin`, { method: 'POST', headers }), 'foreign-page', 403)
    expect((await fetch(`${loopback.url}/state`, { headers })).status).toBe(200)
  })

  test('a page of another site may not exchange a token', async () => {
    const token = loopback.pageAddress().split('#')[1] ?? ''
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' }
    const body = JSON.stringify({ token })
    await expectProblem(fetch(`${loopback.url}/pair`, { method: 'POST', headers, body }), 'foreign-page', 403)
    expect((await (await pair(loopback)).exchange(token)).status).toBe(200)
  })

  test.each(['/state', '/unblock/begin', '/unblock/again', '/unblock/cryptogram', '/unblock/new-pin'])(
    '%s without a bearer value, or with one of another launch',
    async (path) => {
      const other = await pair(await openPages(toolsOf(stageCard('gids'))))
      for (const authorization of ['', 'Bearer x', other.authorization]) {
        const headers = { origin: loopback.url, authorization, 'content-type': 'application/json' }
        const method = path === '/state' ? 'GET' : 'POST'
        const asked = fetch(`${loopback.url}${path}`, { method, headers, ...(method === 'POST' && { body: '{' }) })
        await expectProblem(asked, 'session-ended', 401)
      }
    },
  )

  test('a token used twice: both pages are disconnected', async () => {
    const page = await pair(loopback)
    expect((await page.state()).status).toBe(200)
    await expectProblem(page.exchange(page.token), 'session-ended', 401)
    await expectProblem(page.state(), 'session-ended', 401)
  })

  test('the virtual reader is not there with real readers', async () => {
    const page = await pair(loopback)
    await expectProblem(page.post('/reader/insert', { cardId: 'x' }), 'not-found', 404)
    await expectProblem(page.post('/reader/remove'), 'not-found', 404)
  })
})

describe('what is sent', () => {
  test('too large, malformed, of another shape', async () => {
    const page = await pair(loopback)
    await expectProblem(page.post('/unblock/cryptogram', { attemptId: 'x'.repeat(20_000) }), 'too-large', 413)
    await expectProblem(page.post('/unblock/cryptogram', '{"attemptId":'), 'input-invalid', 400)
    await expectProblem(page.post('/unblock/cryptogram', { attemptId: 7 }), 'input-invalid', 400)
    await expectProblem(page.post('/unblock/new-pin', []), 'input-invalid', 400)
    await expectProblem(page.post('/unblock/begin', 'x', { 'content-type': 'text/html' }), 'input-invalid', 400)
    await expectProblem(page.exchange('x'.repeat(65)), 'input-invalid', 400)
  })

  test('a cryptogram and a PIN, sealed: the card is unblocked', async () => {
    const page = await pair(loopback)
    await until(page, 'blocked')
    expect((await page.post('/unblock/begin')).status).toBe(204)
    const { sealKey, attemptId, challenge } = await until(page, 'challenge')
    const id = attemptId ?? ''
    const code = staged.desk.answer(challenge?.code ?? '')
    const typed = seal(sealKey, id, 'cryptogram', code)
    expect((await page.post('/unblock/cryptogram', { attemptId: id, sealed: typed })).status).toBe(204)
    const sealed = seal(sealKey, id, 'new-pin', NEW_PIN)
    expect((await page.post('/unblock/new-pin', { attemptId: id, sealed, consent: false })).status).toBe(204)
    const { receipt } = await until(page, 'done')
    expect(staged.desk.readReceipt(challenge?.code ?? '', receipt ?? '')).toEqual({ code: 'unblocked' })
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('sealed for another field, attempt or launch, or not at all: refused, no entry is counted', async () => {
    const page = await pair(loopback)
    await until(page, 'blocked')
    await page.post('/unblock/begin')
    const { sealKey, attemptId, challenge } = await until(page, 'challenge')
    const id = attemptId ?? ''
    const code = staged.desk.answer(challenge?.code ?? '')
    const other = stageCard('gids')
    const otherPage = await pair(await openPages(toolsOf(other)))
    const otherKey = (await until(otherPage, 'blocked')).sealKey
    const good = seal(sealKey, id, 'cryptogram', code)
    const bad = [
      seal(sealKey, id, 'new-pin', code),
      seal(sealKey, 'another', 'cryptogram', code),
      seal(otherKey, id, 'cryptogram', code),
      { ...good, point: Buffer.alloc(65, 4).toString('base64') },
      { ...good, iv: '' },
      { ...good, ciphertext: '' },
      { ...good, ciphertext: Buffer.from(code).toString('base64') },
      { point: '', iv: '', ciphertext: '' },
    ]
    for (const sealed of bad) {
      await expectProblem(page.post('/unblock/cryptogram', { attemptId: id, sealed }), 'input-invalid', 400)
    }
    expect((await until(page, 'challenge')).cryptogram?.entriesLeft).toBe(5)
    await expectProblem(page.post('/unblock/cryptogram', { attemptId: 'x', sealed: good }), 'input-invalid', 400)
    const late = { attemptId: 'x', sealed: seal(sealKey, 'x', 'cryptogram', code) }
    await expectProblem(page.post('/unblock/cryptogram', late), 'attempt-ended', 409)
    expect(resetsIn(staged.card.heard)).toEqual([])
  })

  test('a problem says its facts and nothing of the card’s', async () => {
    const page = await pair(loopback)
    await until(page, 'blocked')
    await page.post('/unblock/begin')
    const { sealKey, attemptId } = await until(page, 'challenge')
    const sealed = seal(sealKey, attemptId ?? '', 'cryptogram', '000000000000')
    const response = await page.post('/unblock/cryptogram', { attemptId, sealed })
    expect(await response.json()).toMatchObject({
      type: '/problems/cryptogram-mistyped',
      entriesLeft: 4,
      wrongGroups: [],
    })
  })

  test('a fault of ours says nothing', async () => {
    const broken = await openPages(toolsOf(staged, { configuration: () => JSON.parse('{"pin') }))
    const page = await pair(broken)
    const response = await page.state()
    expect(response.status).toBe(500)
    expect(Object.keys((await response.json()) as object).sort()).toEqual(['instance', 'status', 'title', 'type'])
  })
})

describe('where the pages are', () => {
  test('a port that is taken is a refusal to start', async () => {
    const port = Number(new URL(loopback.url).port)
    await expect(openPages(toolsOf(stageCard('gids')), port)).rejects.toThrow(/EADDRINUSE/)
  })

  test('the opener is a file of its owner alone, with a token that is good once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unlatch-opener-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'open.html')
    writeFileSync(path, 'somebody’s', { mode: 0o644 })
    loopback.writeOpener(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const token = /#([\w-]{22})"/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
    const page = await pair(loopback)
    expect((await page.exchange(token)).status).toBe(200)
    await expectProblem(page.exchange(token), 'session-ended', 401)
  })
})
