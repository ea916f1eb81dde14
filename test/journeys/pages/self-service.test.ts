import type { Loopback } from '@unlatch/agent'
import type { VirtualCard } from '@unlatch/virtual-cards'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { OPERATOR } from '../../../packages/unlatch/src/demo/cast.ts'
import { type DemoProvider, startProvider } from '../../../packages/unlatch/src/demo/identity-provider.ts'
import { blockPin, verifies } from '../../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../../peers/needs.ts'
import { EVA_PASSWORD, openSelfServiceStage, type SelfServiceStage } from '../self-service-stage.fixture.ts'
import { addAuthenticator } from './authenticator.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'

/** A cardholder alone at her computer: the real page, agent, server, directory and identity provider. */

const NEW_PIN = '490712'

needs('chromium', 'slapd')('a cardholder unblocks her card herself', () => {
  let browser: Browser
  let eva: SelfServiceStage
  let pages: Loopback
  let provider: DemoProvider
  let providerId: string
  beforeAll(async () => {
    browser = await openBrowser()
    eva = await openSelfServiceStage()
    provider = await startProvider()
    const settings = { issuer: provider.issuer, clientId: provider.clientId, authority: '', isOwnRoot: true }
    const wish = { kind: 'identity-provider', name: 'Staff sign-in', provider: settings } as const
    providerId = (await eva.operator.addConnection(wish)).id
    await eva.stage.server.addIdentity({ personId: eva.personId, issuer: provider.issuer, subject: 'eva' })
    pages = await eva.openPages()
  })
  afterAll(async () => {
    await pages?.close()
    await provider?.close()
    await eva?.close()
    await browser?.close()
  })

  afterEach(() => eva.stage.holder.reader.remove())

  /** Her page, with a blocked card put in. */
  async function open(card: VirtualCard) {
    const opened = await openPage(browser, { width: 800, scheme: 'light' })
    await opened.page.goto(pages.pageAddress())
    eva.stage.holder.reader.insert(card)
    await opened.page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
    return opened
  }
  async function choosePin(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByLabel('New PIN', { exact: true }).fill(NEW_PIN)
    await page.getByLabel('Confirm the new PIN').fill(NEW_PIN)
    await page.getByRole('button', { name: 'Unblock', exact: true }).click()
  }
  const isAt = (page: Page, type: string) =>
    page.evaluate((wanted) => (document.activeElement as HTMLInputElement | null)?.type === wanted, type)
  const done = (page: Page) => page.getByRole('heading', { name: 'Your new PIN works' }).waitFor()

  test('with the password of her account, by keyboard alone; a wrong one first', { timeout: 90_000 }, async () => {
    const card = await eva.issueBlocked('yubikey')
    const { page, complaints, close } = await open(card)
    const sent: string[] = []
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`))
    // To the radio buttons, of which the first is chosen.
    for (let stop = 0; stop < 5 && !(await isAt(page, 'radio')); stop++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type(NEW_PIN)
    await page.keyboard.press('Enter')
    await page.keyboard.type(NEW_PIN)
    await page.keyboard.press('Enter')
    await page.getByText('You are taken for Eva Berg').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type('wrong swans')
    await page.keyboard.press('Enter')
    await page.getByText('This is not the password of your account').waitFor()
    await page.getByText('1 try is left').waitFor()
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type(EVA_PASSWORD)
    await page.keyboard.press('Enter')
    await done(page)
    await page.getByText('You unblocked your card yourself').waitFor()
    expect(verifies(card, NEW_PIN)).toBe(true)
    expect(sent.filter((text) => text.includes(NEW_PIN) || text.includes('swans'))).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  test('at the identity provider, in a window of its own', { timeout: 90_000 }, async () => {
    const card = await eva.issueBlocked('gids', {
      demand: { ways: ['identity-provider'], identityProviderId: providerId },
    })
    const { page, complaints, close } = await open(card)
    await choosePin(page)
    await page.getByRole('button', { name: 'Go on' }).click()
    const link = page.getByRole('link', { name: 'Open the page of Staff sign-in' })
    const [window] = await Promise.all([page.context().waitForEvent('page'), link.click()])
    // A page of somebody else's sends the browser here with an answer of its own: nothing happens by it.
    const other = await page.context().newPage()
    await other.goto(`${pages.url}/self-service/signed-in?code=forged&state=forged`)
    await other.getByText('That did not do').waitFor()
    await window.getByPlaceholder('Enter any login').fill('eva')
    await window.getByPlaceholder('and password').fill('any')
    await window.getByRole('button', { name: 'Sign-in' }).click()
    await window.getByRole('button', { name: 'Continue' }).click()
    await window.getByRole('heading', { name: 'That was you' }).waitFor()
    await done(page)
    expect(verifies(card, NEW_PIN)).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })

  test('with an unblock code that the help desk gives in the console', { timeout: 90_000 }, async () => {
    const card = await eva.issueBlocked('piv-strict', { demand: { ways: ['unblock-code'] } })
    const desk = await openPage(browser, { width: 1280, scheme: 'light' })
    const operator = desk.page
    await operator.goto(eva.stage.server.url)
    await operator.getByLabel('User name').fill(OPERATOR.userName)
    await operator.getByLabel('Password').fill(OPERATOR.password)
    await operator.keyboard.press('Enter')
    await operator.getByRole('combobox').waitFor()
    const { people } = await eva.operator.findPeople('Eva')
    const { cards = [] } = people[0] ?? {}
    const cardId = cards.find(({ label }) => label === 'piv-strict card')?.id ?? ''
    await eva.operator.verifyInPerson(cardId, 'telephone')
    await operator.goto(
      `${eva.stage.server.url}/actions/smart-card-unblock?place=telephone&person=${eva.personId}&card=${cardId}`,
    )
    await operator.getByRole('button', { name: 'Give a code to say' }).click()
    const groups = operator.getByRole('list', { name: 'Unblock code' }).locator('[aria-hidden]')
    await groups.first().waitFor()
    const code = (await groups.allTextContents()).join('')
    expect(await findBarriers(operator)).toEqual([])
    await desk.close()

    const { page, complaints, close } = await open(card)
    await choosePin(page)
    await page.getByRole('textbox', { name: 'Unblock code' }).fill(code.replace(/(...)/, '$1 '))
    await page.getByRole('button', { name: 'OK' }).click()
    await done(page)
    expect(verifies(card, NEW_PIN)).toBe(true)
    expect([...complaints, ...desk.complaints]).toEqual([])
    await close()
  })

  test('with two ways that rest on different things, and the card is pulled in between', {
    timeout: 90_000,
  }, async () => {
    const card = await eva.issueBlocked('piv-lenient', {
      demand: { count: 2, ways: ['domain', 'identity-provider'], identityProviderId: providerId },
    })
    const { page, close } = await open(card)
    await choosePin(page)
    await page.getByText('0 of 2 done').waitFor()
    await page.getByLabel('Password of eva').fill(EVA_PASSWORD)
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByText('1 of 2 done').waitFor()
    eva.stage.holder.reader.remove()
    await page.getByText('The card was removed').waitFor()
    eva.stage.holder.reader.insert(card)
    await page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
    await choosePin(page)
    // What was shown for another attempt counts in no other.
    await page.getByText('0 of 2 done').waitFor()
    await page.getByLabel('Password of eva').fill(EVA_PASSWORD)
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByRole('radio', { name: 'Sign in with Staff sign-in' }).check()
    await page.getByRole('button', { name: 'Go on' }).click()
    const link = page.getByRole('link', { name: 'Open the page of Staff sign-in' })
    const [window] = await Promise.all([page.context().waitForEvent('page'), link.click()])
    await window.getByPlaceholder('Enter any login').fill('eva')
    await window.getByPlaceholder('and password').fill('any')
    await window.getByRole('button', { name: 'Sign-in' }).click()
    await window.getByRole('button', { name: 'Continue' }).click()
    await done(page)
    expect(verifies(card, NEW_PIN)).toBe(true)
    await close()
  })

  describe('and where she cannot', () => {
    test('is told what is left: the directory is down, self-service is not allowed', { timeout: 90_000 }, async () => {
      const card = await eva.issueBlocked('yubikey')
      const { page, close } = await open(card)
      await choosePin(page)
      eva.slapd.freeze()
      await page.getByLabel('Password of eva').fill(EVA_PASSWORD)
      await page.getByRole('button', { name: 'OK' }).click()
      await page.getByText('directory-unreachable').waitFor()
      eva.slapd.thaw()
      await page.getByLabel('Password of eva').fill(EVA_PASSWORD)
      await page.getByRole('button', { name: 'OK' }).click()
      await done(page)
      await close()
      const other = await eva.issueBlocked('yubikey', {
        document: { allows: { operator: true, telephone: true, selfService: false } },
      })
      const helped = await open(other)
      await helped.page.getByText('Have a telephone ready').waitFor()
      expect(await helped.page.getByText('Unblock PIN (Crypto)').count()).toBe(0)
      blockPin(other)
      await helped.close()
    })
  })

  test('with a one-time password that she set up while her card worked', { timeout: 90_000 }, async () => {
    const card = await eva.issueBlocked('yubikey', { demand: { ways: ['domain', 'one-time-password'] } })
    await eva.unblock(card)
    await eva.contact()
    eva.stage.holder.reader.remove()
    const { page, close } = await openPage(browser, { width: 800, scheme: 'dark' })
    await page.goto(pages.pageAddress())
    eva.stage.holder.reader.insert(card)
    await page.getByRole('button', { name: 'My Sign-in' }).click()
    await page.getByLabel('PIN of your card').fill(NEW_PIN)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Set up a one-time password' }).click()
    await page.getByLabel('What it is called').fill('Private phone')
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: 'Square with the key of the one-time password' }).waitFor()
    const key = /Key: ([A-Z2-7 ]+)/.exec(await page.locator('main').innerText())?.[1]?.replaceAll(' ', '') ?? ''
    const app = new TOTP({ secret: Secret.fromBase32(key) })
    const first = app.generate()
    await page.getByLabel('The six digits that it shows now').fill(first)
    await page.keyboard.press('Enter')
    await page.getByText('counts from').waitFor()
    eva.endWait()

    eva.stage.holder.reader.remove()
    blockPin(card)
    eva.stage.holder.reader.insert(card)
    await page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
    await choosePin(page)
    await page.getByRole('radio', { name: 'One-time password' }).check()
    // What was shown once is used.
    await page.getByLabel('The six digits').fill(first)
    await page.getByRole('button', { name: 'OK' }).click()
    await page.getByText('This one-time password is not right').waitFor()
    await page.getByLabel('The six digits').fill(app.generate({ timestamp: Date.now() + 30_000 }))
    await page.getByRole('button', { name: 'OK' }).click()
    await done(page)
    expect(verifies(card, NEW_PIN)).toBe(true)
    await close()
  })

  test('with her passkey on another device', { timeout: 90_000 }, async () => {
    const card = await eva.issueBlocked('yubikey-3des', { demand: { ways: ['passkey'] } })
    const { page, close } = await open(card)
    await choosePin(page)
    // Nothing is set up: that is told, with what is left.
    await page.getByText('Nothing of what this card asks for is set up for you').waitFor()
    await page.getByRole('button', { name: 'Stop, and leave the card as it is' }).click()

    const phone = await openPage(browser, { width: 390, scheme: 'dark' })
    await addAuthenticator(phone.page)
    const type = async (code: string) => {
      await phone.page.goto(`${eva.stage.server.url}/prove`)
      await phone.page.getByLabel('Number or invitation').fill(code)
      await phone.page.getByRole('button', { name: 'Go on' }).click()
    }
    await type(await eva.operator.invitePasskey(eva.personId))
    await phone.page.getByRole('button', { name: 'Make a passkey' }).click()
    await phone.page.getByText('The passkey was added').waitFor()
    eva.endWait()

    await page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
    await choosePin(page)
    await page.getByRole('button', { name: 'Go on' }).click()
    const groups = page.getByRole('list', { name: 'Code' }).locator('[aria-hidden]')
    await groups.first().waitFor()
    await type((await groups.allTextContents()).join(''))
    await phone.page.getByText('Is that you, at your own computer?').waitFor()
    await phone.page.getByRole('button', { name: 'Yes, use my passkey' }).click()
    await phone.page.getByText('That was you').waitFor()
    await done(page)
    expect(verifies(card, NEW_PIN)).toBe(true)
    await phone.close()
    await close()
  })
})
