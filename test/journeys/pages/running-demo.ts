import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { openPage } from './browser.ts'

export const PROGRAM = fileURLToPath(new URL('../../../packages/unlatch/bin/unlatch.mjs', import.meta.url))

/** What the demo tells whoever started it. */
interface Told {
  readonly console: string
  /** The pages of its agents, each with a token that is good once. */
  readonly unblockScreen: string
  readonly laptop: string
  /** Of both operators. */
  readonly password: string
  /** Of the operator card at the laptop. */
  readonly operatorPin: string
}
export type Demo = Awaited<ReturnType<typeof startDemo>>

/** The real server and the real agent with virtual cards, as `unlatch demo` starts them, in a folder of their own. */
export async function startDemo(options: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-journey-'))
  const words = ['demo', '--folder', join(folder, 'demo'), '--port', '0', ...options]
  const program = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  program.stderr.on('data', (octets) => {
    told += octets
  })
  const addresses = await new Promise<Told>((resolve, reject) => {
    program.on('exit', () => reject(new Error(`the demo ended: ${told}`)))
    program.stdout.on('data', (octets) => {
      told += octets
      const console = /Operator Console +(\S+)/.exec(told)?.[1]
      const password = /password (\S+)/.exec(told)?.[1]
      const operatorPin = /Operator PIN (\d+)/.exec(told)?.[1]
      const unblockScreen = /Unblock screen +(\S+)/.exec(told)?.[1]
      const laptop = /Operator's laptop +(\S+)/.exec(told)?.[1]
      if (console && password && operatorPin && unblockScreen && laptop)
        resolve({ console, unblockScreen, laptop, password, operatorPin })
    })
  })
  return {
    ...addresses,
    folder: join(folder, 'demo'),
    /** Everything that it said so far, on both channels. */
    told: () => told,
    async stop() {
      program.removeAllListeners('exit')
      const ended = new Promise((resolve) => program.once('exit', resolve))
      program.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An operator's console, signed in: Olivia signs with an operator card, Otto with his password. */
export async function openConsole(browser: Browser, demo: Demo, who: 'olivia' | 'otto') {
  const opened = await openPage(browser, { width: 1280, scheme: 'light' })
  const { page } = opened
  await page.goto(demo.console)
  await page.getByLabel('User name').fill(who)
  await page.getByLabel('Password').fill(demo.password)
  await page.keyboard.press('Enter')
  await page.getByRole('combobox').waitFor()
  return opened
}

/** The console of an operator and the cardholder's unblock screen. */
export async function openBoth(browser: Browser, demo: Demo, who: 'olivia' | 'otto' = 'otto') {
  const holder = await openPage(browser, { width: 800, scheme: 'light' })
  await holder.page.goto(demo.unblockScreen)
  const operator = await openConsole(browser, demo, who)
  return {
    operator: operator.page,
    holder: holder.page,
    complaints: () => [...operator.complaints, ...holder.complaints],
    async close() {
      await operator.close()
      await holder.close()
    },
  }
}

/** A code as its groups are read out from a page. */
export async function readCode(page: Page, label: string): Promise<string> {
  const groups = page.getByRole('list', { name: label }).locator('[aria-hidden]')
  await groups.first().waitFor()
  return (await groups.allTextContents()).join(' ')
}

/** The Operator PIN, for which the password stands in here: by keyboard alone, the dialog has the focus. */
export async function confirmByPassword(operator: Page, { password }: { readonly password: string }): Promise<void> {
  await operator.locator('[role=dialog] input[type=password]:focus').waitFor()
  await operator.keyboard.type(password)
  await operator.keyboard.press('Enter')
}
