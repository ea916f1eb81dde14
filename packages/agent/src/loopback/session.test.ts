import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ScreenState, type UnblockJob } from '@unlatch/contract'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { loadUidOf } from '../adapters/session/peer-credentials.ts'
import { acceptsPin, CARD_UUID, NEW_PIN, problemOf, type Staged, stageCard } from '../tasks/blocked-cards.fixture.ts'
import { makeWebFolder, pair, seal, toolsOf } from './screen.fixture.ts'
import { type Pages, servePages } from './serve-pages.ts'
import { openSessionDoor, type SessionDoor } from './session-door.ts'
import { openSessionSocket, type SessionSocket } from './session-socket.ts'

/** A service with its screen, and a helper that shows it: over a real socket, with the kernel's word for who asks. */

const NOBODY = 65_534
const own = process.getuid?.()

const JOB: UnblockJob = {
  kind: 'unblock',
  unblockId: 'unblock-1',
  cardId: 'card-1',
  cardUuid: Buffer.from(CARD_UUID).toString('hex').toUpperCase(),
  reader: 'reader',
  operatorName: 'Ines Okafor',
  personName: 'Ada Lindqvist',
  cardLabel: 'Staff card',
  printedSerial: 'UN-1',
  isRemote: true,
  code: '42',
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-session-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  return folder
}

describe.skipIf(process.platform !== 'linux')('a service', () => {
  let staged: Staged
  let path: string
  let service: SessionSocket
  let door: SessionDoor
  let pages: Pages
  let active: number | undefined

  beforeEach(async () => {
    staged = stageCard('yubikey')
    path = join(makeFolder(), 'session.sock')
    active = own
    const { panel: _, ...tools } = toolsOf(staged)
    service = await openSessionSocket(tools, path, { uidOf: await loadUidOf(), activeUser: () => active })
    onTestFinished(() => service.close())
    door = openSessionDoor(path)
    pages = await servePages(door, { webFolder: makeWebFolder(), now: tools.now })
    onTestFinished(() => pages.close())
  })

  type Page = Awaited<ReturnType<typeof pair>>
  async function until(page: Page, phase: ScreenState['phase']): Promise<ScreenState> {
    let state = ScreenState.parse(await (await page.state()).json())
    while (state.phase !== phase) state = ScreenState.parse(await (await page.state(state.version)).json())
    return state
  }

  test('unblocks a card through the page of its helper', async () => {
    const page = await pair(pages)
    await until(page, 'blocked')
    await page.post('/unblock/begin')
    const { attemptId, sealKey, challenge } = await until(page, 'challenge')
    const id = attemptId ?? ''
    const cryptogram = staged.desk.answer(challenge?.code ?? '')
    const typed = { attemptId: id, sealed: seal(sealKey, id, 'cryptogram', cryptogram) }
    expect((await page.post('/unblock/cryptogram', typed)).status).toBe(204)
    const wrong = { attemptId: id, sealed: seal(sealKey, id, 'new-pin', '123456'), consent: false }
    expect(await (await page.post('/unblock/new-pin', wrong)).json()).toMatchObject({ type: '/problems/pin-policy' })
    const chosen = { attemptId: id, sealed: seal(sealKey, id, 'new-pin', NEW_PIN), consent: false }
    expect((await page.post('/unblock/new-pin', chosen)).status).toBe(204)
    expect((await until(page, 'done')).receipt).toMatch(/^\d{4}$/)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('has its helper open the page when an operator asks, and hears what its holder says there', async () => {
    const wanted = door.wanted(AbortSignal.timeout(10_000))
    const news = { signal: new AbortController().signal, onNudge: () => () => {} }
    const unblocking = problemOf(service.unblock(JOB, news))
    expect(await wanted).toBe(true)
    const page = await pair(pages)
    expect(await until(page, 'asked')).toMatchObject({ asked: { code: '42', operatorName: 'Ines Okafor' } })
    await page.post('/unblock/decline')
    expect(await unblocking).toMatchObject({ code: 'unblock-declined' })
  })

  test('shows nothing to a session that is not the active one: at once, and while a question is held', async () => {
    active = NOBODY
    const { signal } = new AbortController()
    expect(await problemOf(door.state(0, signal))).toMatchObject({ code: 'session-not-active' })
    expect(await problemOf(door.act('/unblock/begin', {}))).toMatchObject({ code: 'session-not-active' })
    expect(await problemOf(door.wanted(signal))).toMatchObject({ code: 'session-not-active' })
    active = undefined
    expect(await problemOf(door.state(0, signal))).toMatchObject({ code: 'session-not-active' })
    active = own
    const page = await pair(pages)
    const { version } = await until(page, 'blocked')
    const held = problemOf(door.state(version, signal))
    await new Promise((resolve) => setTimeout(resolve, 100))
    active = NOBODY
    staged.reader.remove()
    expect(await held).toMatchObject({ code: 'session-not-active' })
    expect((await page.state()).status).toBe(403)
  })

  test.skipIf(own !== 0)('knows another user for who he is, whatever he says', async () => {
    const script = `require('http').get({ socketPath: '${path}', path: '/state', headers: { uid: '${own}' } },
      (answer) => { console.log(answer.statusCode); answer.resume() })`
    const ask = async () => {
      const child = spawn(process.execPath, ['-e', script], { uid: NOBODY, stdio: ['ignore', 'pipe', 'inherit'] })
      for await (const line of createInterface({ input: child.stdout })) return Number(line)
      throw new Error('nothing was answered')
    }
    expect(await ask()).toBe(403)
    active = NOBODY
    expect(await ask()).toBe(200)
  })
})

test('a helper believes no socket in a folder that others may write in, and says so when nobody listens', async () => {
  const folder = makeFolder()
  const { signal } = new AbortController()
  const nobody = openSessionDoor(join(folder, 'session.sock'))
  expect(await problemOf(nobody.state(0, signal))).toMatchObject({ code: 'agent-service-unreachable' })
  chmodSync(folder, 0o777)
  expect(() => openSessionDoor(join(folder, 'session.sock'))).toThrow()
})
