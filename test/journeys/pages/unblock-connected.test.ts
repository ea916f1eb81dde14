import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { type Demo, openBoth, startDemo } from './running-demo.ts'
import { askHere, insert, remove, setPin, untilSigned } from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

/** The card is in a reader that the server sees: the operator asks, the holder chooses a PIN, the operator confirms. */

needs('chromium')('a blocked card in a reader is unblocked, on the real pages, server and agent', () => {
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

  test.each(['Security key of Anna Lindqvist', 'Windows logon card of Ben Okafor'])(
    '%s',
    { timeout: 60_000 },
    async (card) => {
      const { operator, holder } = both
      const sent: string[] = []
      for (const page of [operator, holder])
        page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`))
      await untilSigned(operator, holder, card, '490712')

      // A wrong Operator PIN first: told, and nothing happened to the card.
      const pin = operator.getByRole('dialog').getByLabel('Password, in place of an Operator PIN')
      await pin.fill('wrong')
      await operator.keyboard.press('Enter')
      await operator.getByText('password-wrong').waitFor()
      await pin.fill(demo.password)
      await operator.keyboard.press('Enter')
      await operator.getByText('The new PIN works').waitFor()
      await holder.getByText('Your new PIN works').waitFor()
      await holder.getByText('The operator sees it as well').waitFor()
      expect(sent.filter((text) => text.includes('490712'))).toEqual([])
      expect(both.complaints()).toEqual([])
    },
  )

  test('the holder declines, the operator cancels, the card is pulled: each is told on both pages', {
    timeout: 60_000,
  }, async () => {
    const { operator, holder } = both
    const card = 'Security key of Anna Lindqvist'
    await insert(holder, card)
    await askHere(operator)
    await holder.getByRole('button', { name: 'Do not unblock the card' }).click()
    await operator.getByText('The cardholder declined the unblock').waitFor()
    await operator.getByRole('button', { name: 'Begin again' }).click()
    await verifyInPerson(operator)
    await operator.getByRole('button', { name: 'Unblock', exact: true }).click()
    await holder.getByText('Choose a new PIN').waitFor()
    await operator.getByRole('button', { name: 'Cancel the unblock' }).click()
    await holder.getByText('The operator cancelled the unblock').waitFor()
    await operator.getByRole('button', { name: 'Begin again' }).click()
    await verifyInPerson(operator)
    await operator.getByRole('button', { name: 'Unblock', exact: true }).click()
    await setPin(holder, '490712')
    await holder.getByText('confirms it now').waitFor()
    await remove(holder, card)
    await operator.keyboard.press('Escape')
    await operator.getByText('card-removed').waitFor()
    expect(both.complaints()).toEqual([])
  })
})
