import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { findBarriers, openBrowser } from './browser.ts'
import { confirmByPassword, type Demo, openBoth, openConsole, readCode, startDemo } from './running-demo.ts'
import { setPin, untilChallenged, untilSigned } from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

/** Two operators at one desk: a call is handed over in its middle, and found again after a reload at each of its steps. */

needs('chromium')('the Live desk, on the real pages, server and agent', () => {
  let browser: Browser
  let demo: Demo
  beforeAll(async () => {
    ;[browser, demo] = await Promise.all([openBrowser(), startDemo()])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  test('begun by one, handed over, gone on with by the other, and counted', { timeout: 120_000 }, async () => {
    const both = await openBoth(browser, demo)
    const { operator: otto, holder } = both
    const olivia = await openConsole(browser, demo, 'olivia')
    const { page } = olivia
    const challenge = await untilChallenged(holder, 'Security key of Anna Lindqvist')

    await otto.getByRole('link', { name: 'Live desk' }).click()
    await otto.getByText('No attempt is open').waitFor()
    await page.getByRole('combobox').fill('YK-20417733')
    await page.getByRole('option').first().click()
    await verifyInPerson(page)
    await page.getByLabel('Challenge', { exact: true }).fill(challenge)
    await page.getByText('The challenge is right').waitFor()
    await page.getByRole('link', { name: 'Live desk' }).click()

    // Both see it; the one whose it is hands it over, and it is the other one's at once.
    const row = otto.getByRole('row').filter({ hasText: 'Anna Lindqvist' })
    await row.getByText('Olivia Operator').waitFor()
    await page.getByRole('button', { name: 'Hand over Anna Lindqvist' }).click()
    await page.getByLabel('Operator', { exact: true }).selectOption({ label: 'Otto Operator (otto)' })
    await page.getByLabel('Reason').fill('My shift ends')
    await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
    await page.getByRole('button', { name: 'Take over Anna Lindqvist from Otto Operator' }).waitFor()
    await otto.getByRole('button', { name: 'Resume for Anna Lindqvist' }).waitFor()
    await otto.mouse.move(640, 700)
    expect(await findBarriers(otto)).toEqual([])

    // He verifies nobody again, gives the cryptogram, and a reload leaves him the form for its outcome and no code.
    await otto.getByRole('button', { name: 'Resume for Anna Lindqvist' }).click()
    await otto.getByText('The caller is verified').waitFor()
    await otto.getByLabel('Challenge', { exact: true }).fill(challenge)
    await otto.getByText('The challenge is right').waitFor()
    await otto.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(otto, demo)
    const cryptogram = await readCode(otto, 'Cryptogram for the caller')
    await otto.reload()
    await otto.getByLabel('Receipt').waitFor()
    expect((await otto.content()).replaceAll(/\s/g, '')).not.toContain(cryptogram.replaceAll(' ', ''))
    await otto.getByRole('link', { name: 'Live desk' }).click()
    await row.getByText('the outcome of the cryptogram').waitFor()
    await otto.getByRole('button', { name: 'Resume for Anna Lindqvist' }).click()
    await otto.getByLabel('Receipt').waitFor()
    await otto.getByRole('link', { name: 'Live desk' }).click()
    await row.waitFor()

    // The station reports what became of it: the page follows by itself.
    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.getByText('The cryptogram is right').waitFor()
    await setPin(holder, '730194')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    await otto.getByText('No attempt is open').waitFor()

    await otto.getByRole('link', { name: 'Help desk in numbers' }).click()
    await otto.getByRole('img', { name: /: 1 in all$/ }).waitFor()
    await otto.mouse.move(640, 880)
    expect(await findBarriers(otto)).toEqual([])
    expect([...both.complaints(), ...olivia.complaints]).toEqual([])
    await olivia.close()
    await both.close()
  })

  test('ended by a supervisor: whoever had it is told at the next step', { timeout: 90_000 }, async () => {
    const otto = await openConsole(browser, demo, 'otto')
    const olivia = await openConsole(browser, demo, 'olivia')
    await otto.page.getByRole('combobox').fill('WL-00031842')
    await otto.page.getByRole('option').first().click()
    await verifyInPerson(otto.page)
    await olivia.page.getByRole('link', { name: 'Live desk' }).click()
    await olivia.page.getByRole('button', { name: 'End the attempt for Ben Okafor' }).click()
    await olivia.page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
    await olivia.page.getByText('No attempt is open').waitFor()
    await otto.page.reload()
    await otto.page.getByRole('radio', { name: 'In person, with a document' }).waitFor()
    expect(await otto.page.getByText('The caller is verified').count()).toBe(0)
    await otto.close()
    await olivia.close()
  })

  test('an unblock in a reader is found again after a reload, and signed', { timeout: 90_000 }, async () => {
    const own = await startDemo()
    const both = await openBoth(browser, own)
    const { operator, holder } = both
    await untilSigned(operator, holder, 'Security key of Anna Lindqvist', '490712')
    await operator.reload()
    await confirmByPassword(operator, own)
    await operator.getByText('The new PIN works').waitFor()
    await holder.getByText('Your new PIN works').waitFor()
    expect(both.complaints()).toEqual([])
    await both.close()
    await own.stop()
  })
})
