import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { addAuthenticator } from './authenticator.ts'
import { openBrowser, openPage } from './browser.ts'
import { confirmByPassword, type Demo, openBoth, startDemo } from './running-demo.ts'
import { insert, remove, untilSigned } from './unblock-steps.ts'

/** A holder whose card works: he opens My Smartcard with its PIN, and sets up what he will need when it is blocked. */

const PIN = '490712'

needs('chromium')('My Smartcard, on the real page, agent and server', () => {
  let browser: Browser
  let demo: Demo
  let both: Awaited<ReturnType<typeof openBoth>>
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    demo = await startDemo()
    both = await openBoth(browser, demo)
    return async () => {
      await both.close()
      await demo.stop()
    }
  })

  /** The card has a PIN of its holder's, and is in the reader. */
  async function unblockFirst(card: string): Promise<void> {
    const { operator, holder } = both
    holder.setDefaultTimeout(15_000)
    await untilSigned(operator, holder, card, PIN)
    await confirmByPassword(operator, demo)
    await holder.getByText('Your new PIN works').waitFor()
    await remove(holder, card)
    await insert(holder, card)
  }

  test.each(['Security key of Anna Lindqvist', 'Windows logon card of Ben Okafor'])(
    '%s: a one-time password is set up, and what happened is shown',
    { timeout: 90_000 },
    async (card) => {
      const { holder } = both
      await unblockFirst(card)

      const sent: string[] = []
      holder.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`))
      await holder.getByRole('button', { name: 'My Sign-in' }).click()
      await typePin(holder, '111111')
      await holder.getByText('pin-wrong').waitFor()
      await holder.getByText('2 tries of the PIN are left').waitFor()
      await typePin(holder, PIN)
      await holder.getByRole('button', { name: 'Set up a one-time password' }).click()
      await holder.getByLabel('What it is called').fill('Private phone')
      await holder.keyboard.press('Enter')
      await holder.getByRole('img', { name: 'Square with the key of the one-time password' }).waitFor()
      const key = /Key: ([A-Z2-7 ]+)/.exec(await holder.locator('main').innerText())?.[1]?.replaceAll(' ', '') ?? ''
      const code = new TOTP({ secret: Secret.fromBase32(key) }).generate()
      await holder.getByLabel('The six digits that it shows now').fill(code)
      await holder.keyboard.press('Enter')
      await holder.getByText('counts from').waitFor()
      expect(sent.filter((text) => [PIN, code, key].some((secret) => text.includes(secret)))).toEqual([])
      // Nobody can show it again.
      expect(await holder.locator('main').innerText()).not.toContain(key.slice(0, 4))

      await holder.reload()
      await holder.getByText('Private phone').waitFor()
      await holder.getByRole('button', { name: 'My Cards' }).click()
      await holder.getByText('The card got a new PIN').waitFor()
      await holder.getByText('Was this you?').first().click()
      await holder.getByText('They suspend the card').first().waitFor()
      await holder.getByRole('button', { name: 'My Sign-in' }).click()
      await holder.getByRole('button', { name: 'Remove Private phone' }).click()
      await holder.getByRole('button', { name: 'Remove', exact: true }).click()
      await holder.getByText('None yet. An authenticator app').waitFor()

      await remove(holder, card)
      await holder.getByRole('button', { name: 'My Cards' }).waitFor({ state: 'detached' })
      expect(both.complaints()).toEqual([])
    },
  )

  test('one who is blocked unblocks her card with a code of her sheet, and no other', { timeout: 90_000 }, async () => {
    const { holder } = both
    await insert(holder, 'Older security key of Eva Berg')
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    await holder.getByLabel('New PIN', { exact: true }).fill(PIN)
    await holder.getByLabel('Confirm the new PIN').fill(PIN)
    await holder.keyboard.press('Enter')
    const [code = ''] = readFileSync(join(demo.folder, 'sheet-of-eva-berg.txt'), 'utf8').split('\n')
    const typed = holder.getByRole('textbox', { name: 'Unblock code' })
    await typed.fill(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)
    await holder.keyboard.press('Enter')
    await holder.getByText('unblock-code-wrong').waitFor()
    await typed.fill(code)
    await holder.keyboard.press('Enter')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    expect(both.complaints()).toEqual([])
  })

  test('a passkey is added on another device by his own invitation, and removed', { timeout: 90_000 }, async () => {
    const { holder } = both
    await unblockFirst('Security key of Anna Lindqvist')
    await holder.getByRole('button', { name: 'My Sign-in' }).click()
    await typePin(holder, PIN)
    await holder.getByRole('button', { name: 'Add a passkey' }).click()
    const groups = holder.getByRole('list', { name: 'Invitation' }).locator('[aria-hidden]')
    await groups.first().waitFor()
    const invitation = (await groups.allTextContents()).join('')

    const phone = await openPage(browser, { width: 390, scheme: 'dark' })
    await addAuthenticator(phone.page)
    const type = async () => {
      await phone.page.goto(`${demo.console}/prove`)
      await phone.page.getByLabel('Number or invitation').fill(invitation)
      await phone.page.getByRole('button', { name: 'Go on' }).click()
    }
    await type()
    await phone.page.getByRole('button', { name: 'Make a passkey' }).click()
    await phone.page.getByText('The passkey was added').waitFor()
    // It is good once.
    await type()
    await phone.page.getByText('This code is not valid').waitFor()
    await phone.close()

    await holder.getByRole('button', { name: 'I have added it' }).click()
    await holder.getByText('counts from').waitFor()
    await holder.getByRole('button', { name: 'Remove Passkey' }).click()
    await holder.getByRole('button', { name: 'Remove', exact: true }).click()
    await holder.getByText('None yet. A passkey').waitFor()
    expect(both.complaints()).toEqual([])
  })
})

async function typePin(holder: Page, pin: string): Promise<void> {
  await holder.getByLabel('PIN of your card').fill(pin)
  await holder.keyboard.press('Enter')
}
