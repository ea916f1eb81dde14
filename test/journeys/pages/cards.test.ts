import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { confirmByPassword, type Demo, openBoth, readCode, startDemo } from './running-demo.ts'
import { verifyInPerson } from './verify-caller.ts'

const SERIAL = 'YK-20417733'

needs('chromium')('cards are found, moved, returned and given on, on the real pages, server and agent', () => {
  let browser: Browser
  let demo: Demo
  let both: Awaited<ReturnType<typeof openBoth>>
  let operator: Page
  let holder: Page
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    demo = await startDemo()
    both = await openBoth(browser, demo)
    operator = both.operator
    holder = both.holder
    return async () => {
      expect(both.complaints()).toEqual([])
      await both.close()
      await demo.stop()
    }
  })

  const go = (name: string) => operator.getByRole('link', { name, exact: true }).click()
  const history = () => operator.getByRole('list', { name: 'History' })
  const pathOf = () => new URL(operator.url()).pathname + new URL(operator.url()).search

  async function openCard(serial: string): Promise<void> {
    await go('Cards')
    await operator.getByRole('searchbox', { name: 'Search' }).fill(serial.toLowerCase())
    await operator.getByRole('link', { name: serial }).waitFor()
    await expect.poll(() => operator.getByRole('row').count()).toBe(2)
    await operator.getByRole('link', { name: serial }).press('Enter')
    await operator.getByRole('heading', { level: 1, name: serial }).waitFor()
  }

  async function move(button: string, reason: string, state: string): Promise<void> {
    await operator.getByRole('button', { name: button }).click()
    const dialog = operator.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: button }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').selectOption(reason)
    await dialog.getByRole('button', { name: button }).click()
    await operator.getByText(`Done: the card is ${state} now.`).waitFor()
  }

  /** A call that is answered: from then on the PUC counts as exposed. */
  async function call(): Promise<string> {
    await holder.getByRole('button', { name: 'Insert the card Security key of Anna Lindqvist' }).click()
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const challenge = await readCode(holder, 'Challenge')
    await operator.getByRole('combobox').fill('lind')
    await operator.getByRole('option').first().click()
    await verifyInPerson(operator)
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.getByText('The challenge is right').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(operator, demo)
    return readCode(operator, 'Cryptogram for the caller')
  }

  async function setPin(cryptogram: string): Promise<void> {
    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.getByLabel('New PIN', { exact: true }).fill('730194')
    await holder.getByLabel('Confirm the new PIN').fill('730194')
    await holder.keyboard.press('Enter')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
  }

  test('list, filter, one card: suspended, refused in a call, resumed, revoked; its history names it', {
    timeout: 120_000,
  }, async () => {
    await go('Cards')
    await operator.getByRole('link', { name: SERIAL }).waitFor()
    const all = await operator.getByRole('row').count()
    await operator.getByLabel('Kind').selectOption('GIDS card')
    await operator.getByRole('link', { name: SERIAL }).waitFor({ state: 'detached' })
    expect(await operator.getByRole('row').count()).toBeLessThan(all)
    expect(pathOf()).toBe('/lifecycle/cards?family=gids')
    await operator.reload()
    await operator.getByRole('link', { name: 'WL-00031842' }).waitFor()
    expect(await operator.getByLabel('Kind').inputValue()).toBe('gids')
    // One filter at a time; back is the one before.
    await operator.getByRole('search').getByLabel('State').selectOption('Issued')
    await operator.getByRole('link', { name: SERIAL }).waitFor()
    expect(await operator.getByLabel('Kind').inputValue()).toBe('')
    await operator.goBack()
    await expect.poll(pathOf).toBe('/lifecycle/cards?family=gids')
    await operator.getByLabel('Kind').selectOption('Any')
    await operator.getByLabel('Order').selectOption('Printed serial')
    await operator.getByRole('link', { name: SERIAL }).waitFor()
    const serials = await operator.getByRole('rowheader').getByRole('link').allTextContents()
    expect(serials).toEqual(serials.toSorted())
    const [file] = await Promise.all([
      operator.waitForEvent('download'),
      operator.getByRole('link', { name: 'Save as CSV' }).click(),
    ])
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n')
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual(serials)

    await openCard(SERIAL)
    await move('Suspend', 'Lost', 'Suspended')
    await operator.getByRole('link', { name: 'Unblock this card' }).click()
    await operator.getByText('This card is suspended.').waitFor()
    await operator.goBack()
    await move('Resume', 'Found again', 'Issued')
    await operator.getByRole('link', { name: 'Unblock this card' }).click()
    await operator.getByLabel('Challenge', { exact: true }).waitFor()
    await operator.goBack()
    await move('Revoke for good', 'Stolen', 'Revoked')
    await operator.getByText('A revoked card stays revoked').waitFor()
    for (const words of ['Revoked: Stolen', 'Resumed: Found again', 'Suspended: Lost', 'Issued', 'Registered']) {
      await history().getByText(words, { exact: true }).first().waitFor()
    }
  })

  test('an exposed PUC stands in Health; the card comes back, goes to stock, and to somebody else', {
    timeout: 120_000,
  }, async () => {
    const cryptogram = await call()
    await go('Health')
    const finding = operator.getByRole('listitem').filter({ hasText: 'PUC exposed' })
    await finding.getByText('1 card', { exact: true }).waitFor()
    await finding.getByText('its next contact replaces the PUC').waitFor()
    await finding.getByRole('link').click()
    await operator.getByRole('link', { name: SERIAL }).click()
    await operator.getByText('May be known to Anna Lindqvist').waitFor()
    await history().getByText('Cryptogram released').waitFor()

    await setPin(cryptogram)
    await move('Return to stock', 'Given back', 'In stock')
    await operator.getByText('Nobody: the card is in stock').waitFor()
    await go('Health')
    await finding.waitFor({ state: 'detached' })
    await go('Smart Card Unblock')
    await operator.getByRole('heading', { name: 'Smart Card Unblock' }).waitFor()
    await operator.getByRole('combobox').fill(SERIAL)
    await operator.getByText('Nobody and no card').waitFor()

    await go('Register')
    await operator.getByRole('heading', { name: 'Register', exact: true }).waitFor()
    await operator.getByRole('combobox').fill('oka')
    await operator.getByRole('option').first().click()
    await operator.getByRole('button', { name: 'Register from stock' }).click()
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
    await openCard(SERIAL)
    await operator.getByText('Nobody outside knows it').waitFor()
    await history().getByText('Given to another person').waitFor()
    await history().getByText('Returned to stock: Given back').waitFor()
  })

  test('a lost card is replaced: the new one names it, and ends it when it is issued', {
    timeout: 120_000,
  }, async () => {
    await openCard(SERIAL)
    await operator.getByRole('button', { name: 'Replace this card' }).click()
    await operator.getByLabel('What happened to this card?').selectOption('Lost')
    expect(await operator.getByRole('radio', { name: /revoked then/ }).count()).toBe(0)
    await operator.getByRole('radio', { name: /suspended now/ }).click()
    await operator.getByRole('button', { name: 'Suspend, and go on to Register' }).click()
    await operator.getByText(`takes the place of ${SERIAL}`).waitFor()
    await holder.getByRole('button', { name: 'Insert the card New security key of nobody yet' }).click()
    await operator.getByRole('radio', { name: /not on record here/, checked: true }).waitFor()
    await operator.getByRole('textbox', { name: 'Printed serial' }).fill('YK-NEXT')
    await operator.getByRole('button', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
    await openCard('YK-NEXT')
    await operator.getByText('Takes the place of').waitFor()
    await operator.getByRole('link', { name: SERIAL }).click()
    await operator.getByText('Replaced by').waitFor()
    await history().getByText('Revoked: the new card was issued').waitFor()
  })
})
