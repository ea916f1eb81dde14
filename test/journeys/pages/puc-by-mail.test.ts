import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailServer, startMailServer } from '../../../packages/unlatch/src/demo/mail-server.ts'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { type Demo, openBoth, readCode, startDemo } from './running-demo.ts'
import { verifyInPerson } from './verify-caller.ts'

/** A new administrator sets up mail and a template; a card is issued by it, and its holder unblocks it with what came. */

needs('chromium')('a PUC by mail, on the real pages, server, agent and mail server', () => {
  let browser: Browser
  let demo: Demo
  let mail: MailServer
  beforeAll(async () => {
    ;[browser, demo, mail] = await Promise.all([openBrowser(), startDemo(), startMailServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await mail?.close()
  })

  async function addConnection(operator: Page): Promise<void> {
    await operator.getByRole('link', { name: 'Connections' }).click()
    await operator.getByRole('link', { name: 'Add a connection' }).first().click()
    await operator.getByLabel('Name of the connection').fill('Mail server')
    await operator.getByLabel('Host').fill('localhost')
    await operator.getByLabel('Port').fill(`${mail.port}`)
    await operator.getByLabel('Certificate of the authority').fill(mail.authority)
    await operator.getByLabel('Sender').fill('cards@example.org')
    await operator.getByLabel('User name').fill(mail.user.name)
    await operator.getByRole('button', { name: 'Enter one' }).click()
    await operator.getByLabel('Password', { exact: true }).fill('wrong')
    await operator.getByRole('button', { name: 'Add the connection' }).click()
    await operator.getByLabel('Send the test to').fill('administrator@example.org')
    await operator.getByRole('button', { name: 'Test', exact: true }).click()
    await operator.getByText('did not accept user name and password').waitFor()
    await operator.getByRole('button', { name: 'Replace' }).click()
    await operator.getByLabel('Password', { exact: true }).fill(mail.user.password)
    await operator.getByRole('button', { name: 'Save the connection' }).click()
    await operator.getByText('Now press Test').waitFor()
    await operator.getByRole('button', { name: 'Test', exact: true }).click()
    await operator.getByText('took the e-mail for administrator@example.org').waitFor()
    expect(mail.mails).toHaveLength(1)
  }

  async function addTemplate(operator: Page): Promise<void> {
    await operator.getByRole('link', { name: 'Card templates' }).click()
    await operator
      .getByRole('link', { name: /Add a card template/ })
      .first()
      .click()
    await operator.getByLabel('Name of the template').fill('Staff card')
    await operator.getByRole('radio', { name: 'Delivered to the cardholder' }).click()
    await operator.getByLabel('Delivered by').selectOption('Mail server')
    await operator.getByRole('button', { name: /Add the (card )?template/ }).click()
    await operator.getByText('Version 1').first().waitFor()
  }

  test('connection, template, Register, Issue, mail, and the card that it opens', { timeout: 150_000 }, async () => {
    const both = await openBoth(browser, demo)
    const { operator, holder } = both
    await addConnection(operator)
    await addTemplate(operator)

    await holder.getByRole('button', { name: 'Insert the card New security key of nobody yet' }).click()
    await operator.getByRole('link', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Register', exact: true }).waitFor()
    await operator.getByRole('combobox', { name: /printed serial/ }).fill('lind')
    await operator
      .getByRole('option', { name: /Lindqvist/ })
      .first()
      .click()
    await operator.getByRole('textbox', { name: 'Printed serial' }).fill('MAIL-0001')
    await operator.getByLabel('Card template').selectOption('Staff card')
    await operator.getByRole('button', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    expect(mail.mails).toHaveLength(1)
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
    await expect.poll(() => mail.mails.length, { timeout: 20_000 }).toBe(2)
    const puc =
      /^ {4}(\d{4}) (\d{4})/m
        .exec(mail.mails[1]?.text ?? '')
        ?.slice(1)
        .join('') ?? ''

    await operator.getByRole('link', { name: 'Smart Card Unblock' }).click()
    await operator.getByRole('combobox', { name: /printed serial/ }).fill('MAIL-0001')
    await operator.getByRole('option').first().click()
    await operator.getByRole('button', { name: 'Show deliveries' }).click()
    await operator.getByText('Delivered', { exact: true }).first().waitFor()
    await verifyInPerson(operator)
    await operator.getByRole('button', { name: 'Read the PUC' }).click()
    await operator.getByLabel('Reason').fill('The letter was lost')
    await operator.getByLabel('Your own password').fill(demo.password)
    await operator.keyboard.press('Enter')
    expect((await readCode(operator, 'PUC of the card')).replaceAll(' ', '')).toBe(puc)
    await operator.getByRole('button', { name: 'Hide now' }).click()
    expect(await operator.content()).not.toContain(puc.slice(0, 4))
    expect(both.complaints()).toEqual([])
    await both.close()
  })
})
