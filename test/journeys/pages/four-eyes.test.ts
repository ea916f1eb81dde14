import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { addAuthenticator } from './authenticator.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'
import { type Demo, openBoth, openConsole, startDemo } from './running-demo.ts'
import { addPasskey, endCall, signAtLaptop, signWithCard, untilChallenged } from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

/** Two operators in two browsers: one asks, the other sees the evidence and approves with his own passkey, and the call goes on. */

const ANNA = { name: 'Anna Lindqvist', card: 'Security key of Anna Lindqvist', serial: 'YK-20417733' }

needs('chromium')('four eyes, on the real pages and server', () => {
  let browser: Browser
  let demo: Demo
  beforeAll(async () => {
    ;[browser, demo] = await Promise.all([openBrowser(), startDemo()])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  test('declined, not answered, refused to whoever asked, and then approved', { timeout: 180_000 }, async () => {
    const both = await openBoth(browser, demo, 'olivia')
    const { operator: olivia, holder } = both
    const second = await openConsole(browser, demo, 'otto')
    const { page: otto } = second
    await addAuthenticator(otto)
    await addPasskey(otto, demo.password)
    await otto.goto(`${demo.console}/approvals`)
    await otto.getByText('No colleague asks for an approval now').waitFor()
    const request = otto.getByRole('region', { name: `A second operator is needed: ${ANNA.name}` })
    const notice = olivia.getByRole('alert').filter({ hasText: 'A second operator must approve this' })

    await markSensitive(olivia)
    const challenge = await untilChallenged(holder, ANNA.card)
    await findCaller(olivia)
    await verifyInPerson(olivia)
    await olivia.getByLabel('Challenge', { exact: true }).fill(challenge)
    await olivia.getByText('The challenge is right').waitFor()
    await notice.getByText('This person is marked for it.').waitFor()
    // Nothing leaves before: there is not even anything to sign.
    await olivia.getByRole('button', { name: 'Cryptogram' }).press('Enter')
    expect(await olivia.getByRole('dialog').count()).toBe(0)

    await askFor(olivia, 'She is at the airport')
    await request.getByText('Asked by Olivia Operator').waitFor()
    await request.getByText('“She is at the airport”').waitFor()
    await request.getByText(/In person, with a document.*Passport/).waitFor()
    await otto.mouse.move(640, 880)
    expect(await findBarriers(otto)).toEqual([])
    await request.getByRole('button', { name: 'No', exact: true }).click()
    await olivia.getByText('Otto Operator said no.').waitFor()
    expect(await findBarriers(olivia)).toEqual([])

    await askFor(olivia, 'She has to board')
    await request.waitFor()
    letTimePass(demo)
    await olivia.getByText('Nobody answered in time.').waitFor()
    await otto.getByText(/not answered in time/).waitFor()

    await askFor(olivia, 'She boards now')
    await request.getByText('“She boards now”').waitFor()
    await olivia.goto(`${demo.console}/approvals`)
    await olivia.getByText('You asked for this yourself').waitFor()
    // Her browser with his account: that is not a second person.
    await changeAccount(olivia, demo, 'otto')
    await olivia.goto(`${demo.console}/approvals`)
    await olivia.getByRole('button', { name: 'Approve…' }).click()
    await olivia.getByRole('dialog').getByText('Nobody approves what he asked for himself').waitFor()
    await olivia.getByRole('dialog').getByRole('button', { name: 'Not now' }).click()
    await changeAccount(olivia, demo, 'olivia')

    await request.getByRole('button', { name: 'Approve…' }).click()
    const dialog = otto.getByRole('dialog')
    await dialog.getByText('Olivia Operator').waitFor()
    await dialog.getByText('In person, with a document').waitFor()
    expect(await findBarriers(otto)).toEqual([])
    await dialog.getByRole('button', { name: 'Confirm with my passkey' }).click()
    await otto.getByText('No colleague asks for an approval now').waitFor()

    await findCaller(olivia)
    await olivia.getByText('Approved by Otto Operator.').waitFor()
    await olivia.getByLabel('Challenge', { exact: true }).fill(challenge)
    await olivia.getByText('The challenge is right').waitFor()
    const laptop = await openPage(browser, { width: 800, scheme: 'light' })
    await laptop.page.goto(demo.laptop)
    await olivia.getByRole('button', { name: 'Cryptogram' }).click()
    await signWithCard(olivia)
    await signAtLaptop(laptop.page, demo.operatorPin)
    await endCall(olivia, holder, '730194')
    // That his account approved in her browser is looked into by a third one.
    await otto.goto(`${demo.console}/evidence/incidents`)
    const caught = otto.getByRole('row').filter({ hasText: 'from the browser in which it was asked for' })
    await caught.filter({ hasText: ANNA.name }).filter({ hasText: 'Olivia Operator' }).getByRole('link').first().click()
    await otto.getByText('Another supervisor must look into it').waitFor()
    expect(await findBarriers(otto)).toEqual([])
    expect([...both.complaints(), ...second.complaints, ...laptop.complaints]).toEqual([])
    for (const one of [laptop, second, both]) await one.close()
  })
})

async function markSensitive(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'People', exact: true }).click()
  await page.getByRole('link', { name: ANNA.name }).first().click()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('A second operator approves each release').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
}

async function findCaller(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Smart Card Unblock' }).click()
  await page.getByRole('radio', { name: /on the telephone/ }).click()
  await page.getByRole('combobox').fill(ANNA.serial)
  await page.getByRole('option').first().click()
  await page.getByText('Who is calling, and how do we know?').waitFor()
}

async function askFor(page: Page, note: string): Promise<void> {
  await page.getByLabel('What the second operator should know').fill(note)
  await page.getByRole('button', { name: 'Ask for the approval' }).click()
  await page.getByText('Asked. A colleague answers').waitFor()
}

async function changeAccount(page: Page, demo: Demo, who: 'olivia' | 'otto'): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('User name').fill(who)
  await page.getByLabel('Password').fill(demo.password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** A quarter of an hour goes by for what was asked. */
function letTimePass(demo: Demo): void {
  const database = new DatabaseSync(join(demo.folder, 'server', 'unlatch.db'), { timeout: 5000 })
  database.exec(`UPDATE approvals SET expires_at = '2020-01-01T00:00:00.000Z' WHERE state = 'asked'`)
  database.close()
}
