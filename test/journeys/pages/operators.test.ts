import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, startServer } from '@unlatch/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'
import { WEB_FOLDER } from './page-host.ts'
import { readCode } from './running-demo.ts'

const PASSWORDS = { ada: 'four quiet lorries', ben: 'nine tall gardens' }

/** A browser of somebody's own, with an authenticator that always finds its user. */
async function openWorkplace(browser: Browser) {
  const opened = await openPage(browser, { width: 1280, scheme: 'light' })
  const devtools = await opened.page.context().newCDPSession(opened.page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return opened
}

async function setUp(page: Page, url: string, code: string, self?: { name: string; userName: string }, password = '') {
  await page.goto(`${url}/set-up`)
  await page.getByLabel('Set-up code').fill(code)
  await page.keyboard.press('Enter')
  if (self) {
    await page.getByLabel('Name', { exact: true }).fill(self.name)
    await page.getByLabel('User name').fill(self.userName)
  }
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password, a second time').fill(password)
  await page.getByRole('button', { name: 'Register a passkey and finish' }).click()
}

needs('chromium')('operators outside the demo, on the real pages with a virtual authenticator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-operators-'))
  let browser: Browser
  let server: RunningServer
  beforeAll(async () => {
    browser = await openBrowser()
    server = await startServer({ folder, webFolder: WEB_FOLDER, logLevel: 'silent' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('from the first start to a session that an administrator ends', { timeout: 120_000 }, async () => {
    const { url, setUpCode = '' } = server
    expect(setUpCode).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
    const ada = await openWorkplace(browser)
    const ben = await openWorkplace(browser)

    // The first administrator, by the code that the server made at its start.
    await setUp(ada.page, url, setUpCode, { name: 'Ada Admin', userName: 'ada' }, PASSWORDS.ada)
    await ada.page.getByRole('link', { name: 'Operators and roles' }).waitFor()

    // Used, it opens nothing.
    await ben.page.goto(`${url}/set-up`)
    await ben.page.getByLabel('Set-up code').fill(setUpCode)
    await ben.page.keyboard.press('Enter')
    await ben.page.getByText('This set-up code is not valid').waitFor()

    // Out, and in again with the passkey alone.
    await ada.page.getByRole('button', { name: 'Sign out' }).click()
    await ada.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await ada.page.getByRole('link', { name: 'Operators and roles' }).click()

    // A colleague, with a code that is shown once.
    await ada.page.getByRole('button', { name: 'Add an operator' }).click()
    await ada.page.getByLabel('Name', { exact: true }).fill('Ben Bakshi')
    await ada.page.getByLabel('User name').fill('ben')
    await ada.page.getByLabel('Help desk').check()
    await ada.page.getByRole('button', { name: 'Add and make a code' }).click()
    const code = await readCode(ada.page, 'Set-up code')
    await ada.page.getByRole('button', { name: 'I have passed it on' }).click()
    expect(await ada.page.content()).not.toContain(code.split(' ')[0])
    await ada.page.getByText('Invited').waitFor()

    // He sets himself up, signs out, and signs in with his password and then his passkey.
    await setUp(ben.page, url, code.toLowerCase(), undefined, PASSWORDS.ben)
    await ben.page.getByRole('combobox').waitFor()
    expect(await ben.page.getByRole('link', { name: 'Operators and roles' }).count()).toBe(0)
    await ben.page.getByRole('button', { name: 'Sign out' }).click()
    await ben.page.getByLabel('User name').fill('ben')
    await ben.page.getByLabel('Password').fill(PASSWORDS.ben)
    await ben.page.keyboard.press('Enter')
    await ben.page.getByRole('combobox').waitFor()

    // His own account: the sessions, and a page that survives a reload.
    await ben.page.getByRole('link', { name: 'My account' }).click()
    await ben.page.getByText('This session').waitFor()
    await ben.page.reload()
    await ben.page.getByText('My passkey').waitFor()
    expect(await findBarriers(ben.page)).toEqual([])

    // The administrator ends his sessions; the next click says so.
    await ada.page.reload()
    await ada.page.getByRole('link', { name: 'Ben Bakshi' }).click()
    await ada.page.getByRole('button', { name: 'End the session from' }).click()
    await ada.page.getByText('The sessions have ended').waitFor()
    expect(await findBarriers(ada.page)).toEqual([])
    await ben.page.getByRole('link', { name: 'Smart Card Unblock' }).click()
    await ben.page.getByRole('combobox').fill('an')
    await ben.page.getByText('You are no longer signed in').waitFor()
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Sign in with a passkey' }).click()
    await ben.page.getByRole('dialog').waitFor({ state: 'detached' })

    // Disabled, he does not come in again, and the answer says what to do.
    await ada.page.getByRole('button', { name: 'Disable and end all sessions' }).click()
    await ada.page.getByRole('button', { name: 'Enable again' }).waitFor()
    await ben.page.reload()
    await ben.page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await ben.page.getByText('The passkey was not accepted').waitFor()

    expect([...ada.complaints, ...ben.complaints]).toEqual([])
    await ada.close()
    await ben.close()
  })

  test('once somebody is set up, a start makes no code any more', async () => {
    await server.close()
    server = await startServer({ folder, webFolder: WEB_FOLDER, logLevel: 'silent' })
    expect(server.setUpCode).toBeUndefined()
  })
})
