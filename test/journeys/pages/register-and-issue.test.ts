import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { type Demo, openBoth, startDemo } from './running-demo.ts'
import { insert, remove } from './unblock-steps.ts'

needs('chromium')('a card from the factory becomes its holder’s, on the real pages, server and agent', () => {
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

  /** Register: the card in the reader becomes this person's. */
  async function register(operator: Page, search: string, serial: string): Promise<void> {
    await operator.getByRole('link', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Register', exact: true }).waitFor()
    await operator.getByRole('combobox').fill(search)
    await operator.getByRole('option').first().click()
    await operator.getByRole('radio', { name: /not on record here/, checked: true }).waitFor()
    await operator.getByRole('textbox', { name: 'Printed serial' }).fill(serial)
    await operator.getByRole('button', { name: 'Register', exact: true }).click()
  }

  async function issue(operator: Page): Promise<void> {
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
  }

  test.each([
    ['a security key', 'New security key of nobody yet'],
    ['a strict PIV card, with RSA', 'New PIV card of nobody yet'],
    ['a GIDS card', 'New Windows card of nobody yet'],
  ])('%s: Register, Issue, a PIN of its holder’s own', { timeout: 90_000 }, async (_, card) => {
    const { operator, holder } = both
    await insert(holder, card)
    await register(operator, 'lind', 'NEW-0001')
    await issue(operator)
    // The card was never taken out: the holder's page has followed.
    await holder.getByRole('button', { name: 'Set a PIN of my own' }).click()
    await holder.getByLabel('Current PIN').fill('654321')
    await holder.getByLabel('New PIN', { exact: true }).fill('857142')
    await holder.getByLabel('Confirm the new PIN').fill('857142')
    await holder.keyboard.press('Enter')
    await holder.getByText('The PIN is wrong.').waitFor()
    await holder.getByText('2 tries are left.').waitFor()
    await holder.getByLabel('Current PIN').fill('123456')
    await holder.getByLabel('New PIN', { exact: true }).fill('857142')
    await holder.getByLabel('Confirm the new PIN').fill('857142')
    await holder.keyboard.press('Enter')
    await holder.getByText('Your new PIN works').waitFor()
    expect(both.complaints()).toEqual([])
  })

  test('pulled out in the middle, it goes on; a card on record is not registered again', {
    timeout: 90_000,
  }, async () => {
    const { operator, holder } = both
    const card = 'New security key of nobody yet'
    await insert(holder, card)
    await register(operator, 'lind', 'NEW-0002')
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await remove(holder, card)
    // Too late to pull: then it is issued already.
    const pulled = operator.getByText('The card was removed', { exact: false }).first()
    await pulled.or(operator.getByText('The card is issued')).first().waitFor()
    await insert(holder, card)
    if (await pulled.isVisible()) {
      await operator.getByRole('radio', { checked: true }).waitFor()
      await operator.getByRole('button', { name: 'Go on with Issue' }).click()
      await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
    }
    await operator.getByRole('link', { name: 'Register the next card' }).click()
    await operator.getByRole('heading', { name: 'Register', exact: true }).waitFor()
    await operator.getByRole('combobox').fill('lind')
    await operator.getByRole('option').first().click()
    await operator.getByRole('radio', { name: /YubiKey/ }).click()
    await operator.getByText('This card is on record already').waitFor()
    expect(await operator.getByRole('button', { name: 'Register', exact: true }).isDisabled()).toBe(true)
    await operator.getByRole('link', { name: 'Issue', exact: true }).click()
    await operator.getByText('No card waits to be issued').waitFor()
    await operator.reload()
    await operator.getByText('No card waits to be issued').waitFor()
    expect(both.complaints()).toEqual([])
  })
})
