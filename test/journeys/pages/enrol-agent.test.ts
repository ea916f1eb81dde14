import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningServer, startServer } from '@unlatch/server'
import { openCardFile } from '@unlatch/virtual-cards'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser, openPage } from './browser.ts'
import { WEB_FOLDER } from './page-host.ts'

/** An administrator adds a computer; it enrols itself, is seen with the card in its reader, and is revoked. */

const UNLATCH = fileURLToPath(new URL('../../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const PASSWORD = 'open-sesame-test'

needs('chromium')('Options > Agents, with a real agent', () => {
  let folder: string
  let server: RunningServer
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-agents-'))
    const place = { folder: join(folder, 'server'), webFolder: WEB_FOLDER }
    server = await startServer({ ...place, isDemo: true, logLevel: 'silent' })
    await server.addOperator({ name: 'Ada Admin', userName: 'ada', password: PASSWORD, roles: ['administrator'] })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs a command as it was copied from the page, at the other computer. */
  function type(command: string, ...more: string[]) {
    const words = command.split(' ').slice(1)
    const child: ChildProcess = spawn(process.execPath, [UNLATCH, ...words, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text) => (said += text))
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return { ended, said: () => said, child }
  }

  test('add, enrol, online with a card, change of kind, revoke, refused', { timeout: 90_000 }, async () => {
    const { page, complaints, close } = await openPage(browser, { width: 1280, scheme: 'light' })
    onTestFinished(close)
    await page.goto(`${server.url}/options/agents`)
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('No agent yet').waitFor()
    await page.getByRole('button', { name: 'Add an agent' }).press('Enter')
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Badge office')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copy the command' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    expect(command).toMatch(/^unlatch agent enrol --server http:\/\/localhost:\d+ --code [0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)
    await page.getByRole('button', { name: 'I have passed it on' }).click()
    expect(await page.content()).not.toContain(command.slice(-19))
    await page.getByText('Not enrolled').waitFor()

    const place = ['--folder', join(folder, 'agent')]
    const enrolling = type(command, ...place)
    expect([await enrolling.ended, enrolling.said()]).toEqual([0, expect.stringContaining('agent Badge office')])
    const path = join(folder, 'card.json')
    openCardFile(path, 'yubikey')
    const running = type('unlatch agent', ...place, '--virtual-card', path)
    await page.getByText('Online').waitFor()
    await page.getByText('1 reader, 1 card').waitFor()
    await page.getByRole('link', { name: 'Badge office' }).click()
    await page.getByText('YubiKey').waitFor()

    await page.getByRole('radio', { name: 'Station' }).check()
    await page.getByRole('button', { name: 'Save name and kind' }).click()
    await expect.poll(running.said, { timeout: 20_000 }).toContain('connected as station Badge office')

    await page.getByRole('button', { name: 'Revoke this agent' }).click()
    await page.getByRole('button', { name: 'Revoke the agent for good' }).click()
    await page.getByRole('heading', { name: 'Revoke', exact: true }).waitFor({ state: 'detached' })
    await expect.poll(running.said, { timeout: 20_000 }).toContain('this agent is not enrolled')
    await page.goto(`${server.url}/options/agents?show=revoked`)
    await page.getByRole('link', { name: 'Badge office' }).waitFor()
    running.child.kill('SIGTERM')
    expect(await running.ended).toBe(0)
    const again = type(command, '--folder', join(folder, 'other'))
    expect([await again.ended, again.said()]).toEqual([3, 'unlatch: the enrolment code is not valid\n'])
    expect(complaints).toEqual([])
  })
})
