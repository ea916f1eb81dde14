import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadVirtualCardFile, openCardFile } from '@unlatch/virtual-cards'
import { type Browser, chromium } from 'playwright-core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { LAUNCH } from './pages/browser.ts'
import { NEW_PIN } from './played-call.ts'
import { EVA_PASSWORD, openSelfServiceStage } from './self-service-stage.fixture.ts'
import { startServing } from './served.fixture.ts'

/** An agent that is a service, and the pages in the session of whoever sits at the computer: two users, two processes. */

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const NOBODY = 65_534

/** What the page does: the token of its file for a bearer value, then the state. Prints the status and what was answered. */
const PAGE = `
  const [, address, token] = /url=(http:\\/\\/[^/]+)\\/#([^"]+)/.exec(require('fs').readFileSync(process.argv[1], 'utf8'))
  const headers = { origin: address, 'content-type': 'application/json' }
  const paired = await fetch(address + '/pair', { method: 'POST', headers, body: JSON.stringify({ token }) })
  const { bearer } = await paired.json()
  for await (const _ of process.stdin) {
    const state = await fetch(address + '/state', { headers: { authorization: 'Bearer ' + bearer } })
    console.log(JSON.stringify({ status: state.status, ...(await state.json()) }))
  }`

interface Started {
  readonly child: ChildProcess
  said(): string
}

function start(program: string, args: readonly string[], options: Parameters<typeof spawn>[2]): Started {
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  return { child, said: () => said }
}

const saying = (started: Started, what: RegExp): Promise<RegExpExecArray> =>
  vi.waitFor(
    () => {
      const found = what.exec(started.said())
      if (!found) throw new Error(`not said yet: ${what}; but: ${started.said()}`)
      return found
    },
    { timeout: 30_000 },
  )

/** A browser of the session's user. */
async function openBrowserAsNobody(session: string, env: NodeJS.ProcessEnv): Promise<Browser> {
  const args = [...LAUNCH.args, '--remote-debugging-port=0', `--user-data-dir=${join(session, 'profile')}`]
  const chromiumProcess = start(LAUNCH.executablePath, args, { uid: NOBODY, gid: NOBODY, env })
  const [, endpoint = ''] = await saying(chromiumProcess, /DevTools listening on (ws:\S+)/)
  const browser = await chromium.connectOverCDP(endpoint)
  onTestFinished(() => browser.close())
  return browser
}

/** The service, where that user sits at the seat. */
async function startService(folder: string, words: readonly string[]): Promise<{ service: Started; socket: string }> {
  const runtime = join(folder, 'run')
  mkdirSync(runtime, { mode: 0o755 })
  const prepare = `mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/seats && printf '${seatOf(NOBODY)}' > /run/systemd/seats/seat0`
  const agent = [UNLATCH, 'agent', '--service', ...words]
  const service = start(
    'unshare',
    ['--mount', 'sh', '-c', `${prepare} && exec "$@"`, 'sh', process.execPath, ...agent],
    { env: { ...process.env, RUNTIME_DIRECTORY: runtime } },
  )
  await saying(service, /through \S+session\.sock/)
  return { service, socket: join(runtime, 'session.sock') }
}

const seatOf = (uid: number) => `IS_SEAT0=1\\nACTIVE=1\\nACTIVE_UID=${uid}\\n`

function makeFolders(): { folder: string; session: string } {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-service-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const session = join(folder, 'session')
  mkdirSync(session, { mode: 0o700 })
  chownSync(session, NOBODY, NOBODY)
  return { folder, session }
}

const ownerOf = (session: string) => ({
  uid: NOBODY,
  gid: NOBODY,
  env: { ...process.env, HOME: session, XDG_RUNTIME_DIR: session },
})

needs(
  'seat',
  'chromium',
  'slapd',
)('an agent that is a service', () => {
  it('shows its page in the active session, by a helper of that user, and to nobody else', async () => {
    const { folder, session } = makeFolders()
    const cardFile = join(folder, 'card.json')
    openCardFile(cardFile, 'yubikey')
    const served = await startServing(['--folder', join(folder, 'server'), '--port', '0'])
    onTestFinished(() => void served.child.kill('SIGKILL'))
    const at = ['--server', served.url, '--configuration-key', served.configurationKey]
    const words = [...at, '--folder', join(folder, 'agent'), '--virtual-card', cardFile]
    const { service, socket } = await startService(folder, words)

    const asNobody = ownerOf(session)
    const helper = start(process.execPath, [UNLATCH, 'agent', 'session', '--socket', socket], asNobody)
    const [, opener = ''] = await saying(helper, /the page for cardholders: (\S+)/)

    const page = start(process.execPath, ['--input-type=commonjs', '-e', `(async () => {${PAGE}})()`, opener], asNobody)
    const ask = async () => {
      const before = page.said().length
      page.child.stdin?.write('\n')
      await vi.waitFor(() => expect(page.said().slice(before)).toContain('\n'), { timeout: 10_000 })
      return JSON.parse(page.said().slice(before))
    }
    await vi.waitFor(async () => expect(await ask()).toMatchObject({ status: 200, phase: 'not-issued' }), {
      timeout: 20_000,
    })

    // The seat is somebody else's now: the namespace is seen through the process that is in it.
    const seatFile = `/proc/${service.child.pid}/root/run/systemd/seats/seat0`
    expect(readFileSync(seatFile, 'utf8')).toContain(`ACTIVE_UID=${NOBODY}`)
    writeFileSync(seatFile, 'IS_SEAT0=1\nACTIVE=2\nACTIVE_UID=0\n')
    expect(await ask()).toMatchObject({ status: 403, type: '/problems/session-not-active' })

    for (const { child } of [helper, service]) {
      child.kill('SIGTERM')
      expect((await once(child, 'close'))[0]).toBe(0)
    }
  })

  it('opens the page for a blocked card, and its holder unblocks it there', { timeout: 120_000 }, async () => {
    const eva = await openSelfServiceStage()
    onTestFinished(() => eva.close())
    const { folder, session } = makeFolders()
    const path = join(folder, 'card.json')
    await eva.issueBlocked('piv-strict', { path })
    const { url, configurationKeyHex } = eva.stage.server
    const at = ['--server', url, '--configuration-key', configurationKeyHex]
    const words = [...at, '--folder', join(eva.folder, 'holder'), '--virtual-card', path]
    const { service, socket } = await startService(folder, words)
    // What would start a browser writes down what it would show.
    const asNobody = ownerOf(session)
    const programs = join(session, 'bin')
    mkdirSync(programs)
    const opened = join(session, 'opened')
    writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\ncp "$1" ${opened}\n`, { mode: 0o755 })
    const env = { ...asNobody.env, PATH: `${programs}:${process.env.PATH}` }
    const helper = start(process.execPath, [UNLATCH, 'agent', 'session', '--socket', socket], { ...asNobody, env })
    await vi.waitFor(() => expect(existsSync(opened)).toBe(true), { timeout: 30_000 })

    const browser = await openBrowserAsNobody(session, env)
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    const [, address = ''] = /url=([^"]+)"/.exec(readFileSync(opened, 'utf8')) ?? []
    await page.goto(address)
    await page.getByRole('radio', { name: 'Unblock PIN (Crypto)' }).waitFor()
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByLabel('New PIN', { exact: true }).fill(NEW_PIN)
    await page.getByLabel('Confirm the new PIN').fill(NEW_PIN)
    await page.getByRole('button', { name: 'Unblock', exact: true }).click()
    await page.getByLabel(/Password of/).fill(EVA_PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    expect(verifies(loadVirtualCardFile(path), NEW_PIN)).toBe(true)
    for (const { child } of [helper, service]) {
      child.kill('SIGTERM')
      expect((await once(child, 'close'))[0]).toBe(0)
    }
  })
})
