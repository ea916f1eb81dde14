import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser, openPage } from './browser.ts'
import { startPageHost } from './page-host.ts'
import { calmScene, respondAsServer, type ServerScene } from './pretend-server.ts'
import { DOCUMENT, TEMPLATE } from './pretend-templates.ts'

const PASSWORD = 'nobody-reads-this-7'

needs('chromium')('card templates, connections and a card’s PUC, on the real pages', () => {
  let browser: Browser
  let server: ServerScene
  let page: Page
  let url: string
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    server = calmScene()
    const host = await startPageHost('console.html', respondAsServer(server))
    const opened = await openPage(browser, { width: 1280, scheme: 'light' })
    page = opened.page
    url = host.url
    return async () => {
      await opened.close()
      await host.close()
      expect(opened.complaints).toEqual([])
    }
  })

  /** The body of the last request of this kind. */
  const sent = (request: string) => server.bodies[server.asked.lastIndexOf(request)]
  const everything = async () => (await page.content()) + JSON.stringify(server.bodies)

  test('a template is added with the keyboard alone; a PIN that is tried is never sent', async () => {
    await page.goto(`${url}/templates/card-templates`)
    await page.getByRole('link', { name: 'Add a card template' }).press('Enter')
    await page.getByLabel('Name of the template').fill('Visitor')
    await page.getByLabel('PIV card').first().focus()
    await page.getByRole('radio', { name: 'SP 800-63B-4' }).press('Space')
    await page.getByLabel('A PIN to try').fill('730194')
    await page.getByText('This PIN would be accepted').waitFor()
    await page.keyboard.press('Enter')
    expect(server.asked).not.toContain('POST /api/card-templates')
    await page.getByRole('radio', { name: 'Delivered to the cardholder' }).press('Space')
    await page.getByLabel('Delivered by').selectOption('Mail server of the clinic')
    await page.getByRole('button', { name: 'Add the card template' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Visitor' }).waitFor()
    expect(sent('POST /api/card-templates')).toMatchObject({
      name: 'Visitor',
      document: {
        family: 'piv',
        pin: { preset: 'sp-800-63b-4', minLength: 6 },
        puc: 'delivered',
        connectionId: 'conn-1',
      },
    })
    expect(await everything()).not.toContain('730194')
  })

  test('what contradicts itself is not saved: the button leads to it', async () => {
    await page.goto(`${url}/templates/card-templates/tpl-1`)
    await page.getByRole('radio', { name: 'GIDS card' }).check()
    await page.getByRole('button', { name: 'Save as version 4' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('puc')
    expect(server.asked).not.toContain('POST /api/card-templates/tpl-1')
    await page.getByRole('radio', { name: 'No PUC for anybody' }).check()
    await page.getByRole('button', { name: 'Save as version 4' }).click()
    await page.getByText('Version 4 is saved').waitFor()
  })

  test('somebody else saved meanwhile: nothing that was typed is lost, and it is saved after that version', async () => {
    await page.goto(`${url}/templates/card-templates/tpl-1`)
    await page.getByLabel('Name of the template').fill('Staff card of the clinic')
    await page.getByLabel('PINs that are refused').fill('19450508\n\n20011109\n')
    server.templates.templates = [{ ...TEMPLATE, version: 4, document: { ...DOCUMENT, cardRoute: 'post' } }]
    await page.getByRole('button', { name: 'Save as version 4' }).click()
    const notice = page.getByRole('alert')
    await notice.getByText('Somebody else saved version 4 meanwhile').waitFor()
    await notice.getByText('By post').waitFor()
    expect(await page.getByLabel('Name of the template').inputValue()).toBe('Staff card of the clinic')
    await page.getByRole('button', { name: 'Keep what I typed' }).click()
    await page.getByRole('button', { name: 'Save as version 5' }).click()
    await page.getByText('Version 5 is saved').waitFor()
    expect(sent('POST /api/card-templates/tpl-1')).toMatchObject({
      version: 4,
      name: 'Staff card of the clinic',
      document: { cardRoute: 'handed-over', pin: { blockList: ['19450508', '20011109'] } },
    })
    expect(sent('POST /api/card-templates/tpl-1')).not.toHaveProperty('templateId')
  })

  test("a connection's password is written and never comes back; left alone, it is not sent", async () => {
    await page.goto(`${url}/options/connections/conn-1`)
    await page.getByLabel('Host').fill('mail.hospital.example')
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Saved. Now press Test').waitFor()
    expect(sent('POST /api/connections/conn-1')).not.toHaveProperty('secret')

    await page.getByRole('button', { name: 'Replace' }).click()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('One is stored').waitFor()
    expect(sent('POST /api/connections/conn-1')).toMatchObject({ secret: PASSWORD })
    expect(await page.content()).not.toContain(PASSWORD)
    const fields = await page
      .locator('input, textarea')
      .evaluateAll((all) => (all as HTMLInputElement[]).map(({ value }) => value))
    expect(fields).not.toContain(PASSWORD)

    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('It is removed when you save').waitFor()
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Saved. Now press Test').waitFor()
    expect(sent('POST /api/connections/conn-1')).toMatchObject({ secret: '' })
  })

  test('a PUC is read with a reason and a password, and leaves the page after its time', async () => {
    await page.clock.install()
    await page.goto(`${url}/actions/smart-card-unblock?search=ada&person=person-1&card=card-1`)
    await page.getByRole('heading', { name: 'PUC of this card' }).waitFor()
    expect(server.asked.join()).not.toContain('deliveries')
    await page.getByRole('button', { name: 'Read the PUC' }).click()
    await page.getByLabel('Reason').fill('On a ship')
    await page.getByLabel('Your own password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('four zero seven one').waitFor()
    expect(sent('POST /api/cards/card-1/puc')).toEqual({ reason: 'On a ship', password: PASSWORD })
    expect(await page.getByRole('timer').textContent()).toMatch(/Hidden in \d+ seconds/)
    await page.clock.fastForward('00:58')
    expect(await page.content()).toContain('4071')
    await page.clock.fastForward('00:05')
    await page.getByText('The PUC is hidden').waitFor()
    expect(await page.content()).not.toMatch(/4071|3958|four zero seven one/)

    // Closed early, it is gone at once.
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Read the PUC' }).click()
    expect(await page.getByLabel('Your own password').inputValue()).toBe('')
    await page.getByLabel('Reason').fill('On a ship')
    await page.getByLabel('Your own password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('four zero seven one').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.content()).not.toMatch(/4071|3958|four zero seven one/)
    const kept = await page.evaluate(() => location.href + JSON.stringify([localStorage, sessionStorage]))
    expect(kept).not.toMatch(/4071|3958/)
  })

  test('whoever may do nothing here sees no way to it', async () => {
    server.permissions = ['person:read', 'unblock:release']
    await page.goto(`${url}/actions/smart-card-unblock?search=ada&person=person-1&card=card-1`)
    await page.getByLabel('Challenge', { exact: true }).waitFor()
    for (const name of ['Card templates', 'Connections']) expect(await page.getByRole('link', { name }).count()).toBe(0)
    expect(await page.getByText('PUC of this card').count()).toBe(0)
  })

  test('a card is registered by a template; one that cannot be used cannot be chosen, and says why', async () => {
    const card = { kind: 'piv', firmware: null, family: 'piv', hardwareNumber: null, isBlocked: null, managed: null }
    server.at['GET /api/stations'] = {
      json: { stations: [{ id: 'station-1', name: 'Desk 1', readers: [{ name: 'Omnikey', card }] }] },
    }
    await page.goto(`${url}/lifecycle/register?search=ada&person=person-1`)
    await page.getByRole('radio', { name: /not on record here/ }).click()
    const choice = page.getByLabel('Card template')
    await choice.waitFor()
    const options = await choice
      .locator('option')
      .evaluateAll((all) =>
        (all as HTMLOptionElement[]).map(({ value, disabled }) => `${value} ${disabled ? 'no' : 'yes'}`),
      )
    expect(options).toEqual([' yes', 'tpl-1 yes', 'tpl-2 no', 'tpl-4 no'])
    await page.getByText('no connection is chosen').waitFor()
    await choice.selectOption('tpl-1')
    await page.getByRole('textbox', { name: 'Printed serial' }).fill('UN-1')
    await page.getByRole('button', { name: 'Register', exact: true }).click()
    await expect.poll(() => sent('POST /api/registrations')).toMatchObject({ family: 'piv', templateId: 'tpl-1' })
  })
})
