/**
 * Claim: knowing who calls costs a telephone unblock few keys, ten where the caller is seen; what takes the time is what is
 * sent, and the people.
 *
 * `node bench/drill.ts [FOLDER]`: the demo's server, agent and card, an operator and a cardholder in two browsers, by keyboard
 * alone, at a fixed speed; once for each way to know the caller. With the folder of an earlier checkout that was built, whose
 * verification was one choice, the same call there beside them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, openPage } from '../test/journeys/pages/browser.ts'
import { readCode } from '../test/journeys/pages/running-demo.ts'
import { bounded } from './rig/bounded.ts'
import { printTable } from './rig/figures.ts'

const HERE = fileURLToPath(new URL('..', import.meta.url))
const BEFORE = process.argv[2]

/** One key of an average typist; one press of a button with the pointer. [Card, Moran, Newell 1980: K, H + P + B] */
const KEY_MS = 200
const CLICK_MS = 1700
/** One symbol that is said and typed as it is heard. */
const SAID_MS = 700
/** Hanging up, dialling and being answered; and finding a mail and opening it. They go on at once. */
const CALL_BACK_MS = 15_000
const MAIL_MS = 10_000

type Way = 'one choice' | 'in person' | 'a code' | 'call-back'

/** One person at one page: what he does takes its time and is counted. */
class Hands {
  readonly page: Page
  keys = 0
  clicks = 0

  constructor(page: Page) {
    this.page = page
  }

  async press(...names: string[]): Promise<void> {
    for (const name of names) {
      await sleep(KEY_MS)
      this.keys++
      await this.page.keyboard.press(name)
    }
  }

  /** `paceMs`: of one symbol, where somebody reads it out. */
  async type(text: string, paceMs = KEY_MS): Promise<void> {
    this.keys += text.length
    await this.page.keyboard.type(text, { delay: paceMs })
  }

  async click(name: string): Promise<void> {
    await sleep(CLICK_MS)
    this.clicks++
    await this.page.getByRole('button', { name, exact: true }).click()
  }

  /** Until a selector has the focus. */
  async at(selector: string): Promise<void> {
    await this.page.locator(`${selector}:focus`).waitFor()
  }

  async see(words: string): Promise<void> {
    await this.page.getByText(words).first().waitFor()
  }
}

interface Demo {
  readonly program: ChildProcess
  readonly console: string
  readonly unblockScreen: string
  readonly userName: string
  readonly password: string
  told(): string
}

async function startDemo(root: string, folder: string): Promise<Demo> {
  const words = ['demo', '--folder', folder, '--port', '0']
  const program = spawn(process.execPath, [join(root, 'packages/unlatch/bin/unlatch.mjs'), ...words])
  let told = ''
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (octets) => {
      told += octets
    })
  }
  const find = (pattern: RegExp) => pattern.exec(told)?.[1] ?? ''
  while (!/Ctrl C/.test(told)) {
    if (program.exitCode !== null) throw new Error(told)
    await sleep(50)
  }
  return {
    program,
    console: find(/Operator Console +(\S+)/),
    unblockScreen: find(/Unblock screen +(\S+)/),
    // Who signs with a password; an earlier demo has one operator.
    userName: find(/colleague (\S+),/) || find(/user name (\S+),/),
    password: find(/password (\S+?),?\s/),
    told: () => told,
  }
}

/** The last mail's word or code. */
async function readMail({ told }: Demo, address: string): Promise<string> {
  for (;;) {
    const mail = told().split(`Mail to ${address}: `).at(-1) ?? ''
    const code = told().includes(`Mail to ${address}: `) ? /^ {8}(\S.*)$/m.exec(mail)?.[1] : undefined
    if (code !== undefined) return code
    await sleep(50)
  }
}

async function chooseWay(operator: Hands, name: string): Promise<void> {
  await operator.at('#verification [role=radio]')
  const chosen = () => operator.page.locator('#verification [role=radio]:focus').textContent()
  while (!(await chosen())?.startsWith(name)) await operator.press('ArrowDown')
  await operator.press('Enter')
}

/** Who is calling, and how do we know: until the caller is verified. */
async function verify(way: Way, operator: Hands, demo: Demo): Promise<void> {
  if (way === 'one choice') {
    await operator.at('#verification [role=radio]')
    return operator.press('Enter')
  }
  if (way === 'in person') {
    await chooseWay(operator, 'In person')
    await operator.at('#verification-panel select')
    await operator.press('P', 'Tab', 'Space', 'Enter')
  } else {
    const isCode = way === 'a code'
    await chooseWay(operator, isCode ? 'Code to' : 'Call back')
    await operator.at('#verification-panel select')
    await operator.press('Tab', 'Enter')
    const address = isCode ? 'anna@lindqvist.example' : 'anna.lindqvist@example.org'
    const said = await readMail(demo, address)
    await sleep(isCode ? MAIL_MS : CALL_BACK_MS)
    await operator.at('#verification-panel input')
    await operator.type(said, isCode ? SAID_MS : KEY_MS)
    await operator.press('Enter')
  }
  await operator.see('The caller is verified')
}

interface Told {
  readonly way: string
  readonly seconds: number
  readonly verification: number
  readonly operator: Hands
  readonly holder: Hands
}

/** One call, from its first word to the new PIN and the receipt. */
async function call(browser: Browser, demo: Demo, way: Way): Promise<Told> {
  const pages = [
    await openPage(browser, { width: 1280, scheme: 'light' }),
    await openPage(browser, { width: 800, scheme: 'light' }),
  ]
  const [operator, holder] = pages.map(({ page }) => new Hands(page)) as [Hands, Hands]
  await holder.page.goto(demo.unblockScreen)
  await holder.page.getByRole('button', { name: 'Insert the card Security key of Anna Lindqvist' }).click()
  await operator.page.goto(demo.console)
  await operator.page.getByLabel('User name').fill(demo.userName)
  await operator.page.getByLabel('Password').fill(demo.password)
  await operator.page.keyboard.press('Enter')
  await operator.page.getByRole('combobox').waitFor()

  const started = performance.now()
  await holder.click('OK')
  const challenge = await readCode(holder.page, 'Challenge')
  await operator.type('lind')
  await operator.page.getByRole('option').first().waitFor()
  await operator.press('ArrowDown', 'Enter')
  const asked = performance.now()
  await verify(way, operator, demo)
  const verified = performance.now()
  await operator.at('#challenge')
  await operator.type(challenge.replaceAll(' ', ''), SAID_MS)
  await operator.see('The challenge is right')
  await operator.press('Enter', 'Enter')
  await operator.at('[role=dialog] input[type=password]')
  await operator.type(demo.password)
  await operator.press('Enter')
  const cryptogram = await readCode(operator.page, 'Cryptogram for the caller')
  await holder.page.getByLabel('Cryptogram').focus()
  await holder.type(cryptogram.replaceAll(' ', ''), SAID_MS)
  await holder.see('The cryptogram is right')
  await holder.type('730194')
  await holder.press('Tab')
  await holder.type('730194')
  await holder.press('Enter')
  await holder.see('Your new PIN works')
  const receipt = await readCode(holder.page, 'Receipt')
  await operator.page.getByLabel('Receipt').focus()
  await operator.type(receipt.replaceAll(' ', ''), SAID_MS)
  await operator.press('Enter')
  await operator.see('Anna Lindqvist can sign in')
  const ended = performance.now()
  for (const { close } of pages) await close()
  const seconds = (ended - started) / 1000
  return { way, seconds, verification: (verified - asked) / 1000, operator, holder }
}

async function drill(browser: Browser, root: string, way: Way, later: (undo: () => unknown) => void): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-drill-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const demo = await startDemo(root, join(folder, 'demo'))
  const ended = new Promise((resolve) => demo.program.once('exit', resolve))
  const stop = async () => {
    demo.program.kill('SIGTERM')
    await ended
  }
  later(stop)
  const told = await call(browser, demo, way)
  await stop()
  return told
}

await bounded(10, async (later) => {
  const browser = await openBrowser()
  later(() => browser.close())
  const calls: Told[] = []
  if (BEFORE !== undefined) calls.push(await drill(browser, BEFORE, 'one choice', later))
  for (const way of ['in person', 'a code', 'call-back'] as const) calls.push(await drill(browser, HERE, way, later))
  printTable(
    ['way to know the caller', 'call, s', 'who is calling, s', 'operator: keys', 'clicks', 'holder: keys', 'clicks'],
    calls.map(({ way, seconds, verification, operator, holder }) => {
      const counts = [operator.keys, operator.clicks, holder.keys, holder.clicks].map(String)
      return [way, seconds.toFixed(0), verification.toFixed(1), ...counts]
    }),
  )
})
