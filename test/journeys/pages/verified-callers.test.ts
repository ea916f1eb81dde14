import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openCardFile } from '@unlatch/virtual-cards'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { MANAGER } from '../../../packages/unlatch/src/demo/cast.ts'
import { blockPin } from '../../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../../peers/needs.ts'
import { addAuthenticator } from './authenticator.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'
import { confirmByPassword, type Demo, openBoth, readCode, startDemo } from './running-demo.ts'
import { endCall, insert, remove, untilChallenged } from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

/** Every way by which a caller proves who he is, on the real pages, with the mails that really left and people who really answer. */

const ANNA = { card: 'Security key of Anna Lindqvist', serial: 'YK-20417733' }
const BEN = { card: 'Windows logon card of Ben Okafor', serial: 'WL-00031842' }
const VERIFIED = 'The caller is verified'

needs('chromium')('a caller proves who he is', () => {
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

  /** The code in the last mail to an address, as it stands there on a line of its own. */
  async function readMail(address: string, count = 1): Promise<string> {
    const mails = () => demo.told().split(`Mail to ${address}: `).slice(1)
    await expect.poll(() => mails().length, { timeout: 20_000 }).toBe(count)
    return /^ {8}(\S.*)$/m.exec(mails().at(-1) ?? '')?.[1] ?? ''
  }

  async function findCaller(serial: string): Promise<void> {
    await operator.getByRole('combobox').fill(serial)
    await operator.getByRole('option').first().click()
    await operator.getByText('Who is calling, and how do we know?').waitFor()
  }

  const choose = (way: RegExp) => operator.getByRole('radio', { name: way }).click()
  const stands = (text: RegExp) =>
    operator.getByRole('list', { name: 'What was done to verify the caller' }).getByText(text).first().waitFor()

  async function answer(field: string, said: string): Promise<void> {
    await operator.getByLabel(field).fill(said)
    await operator.getByRole('button', { name: 'Check', exact: true }).click()
  }

  /** The call to its end: a challenge, the cryptogram for it, a new PIN. */
  async function finishCall(challenge: string, pin: string): Promise<void> {
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.getByText('The challenge is right').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(operator, demo)
    await endCall(operator, holder, pin)
  }

  test('called back, he reads the two words of the mail; wrong ones first', { timeout: 90_000 }, async () => {
    const challenge = await untilChallenged(holder, ANNA.card)
    await findCaller(ANNA.serial)
    // What was typed before anybody is verified is checked, and nothing is given for it.
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.getByText('The challenge is right').waitFor()
    await choose(/^Call back/)
    await operator.getByText('+46 8 555 0101').last().waitFor()
    await operator.getByRole('button', { name: 'Send the words' }).click()
    const words = await readMail('anna.lindqvist@example.org')
    expect(words).toMatch(/^[a-z]+ [a-z]+$/)
    expect(await operator.content()).not.toContain(words)
    await answer('The two words', 'zebra zebra')
    await operator.getByRole('alert').getByText('4 tries are left').waitFor()
    expect(await findBarriers(operator)).toEqual([])
    await answer('The two words', ` ${words.toUpperCase().replace(' ', ' -  ')} `)
    await operator.getByText(VERIFIED).waitFor()
    // A reload forgets nothing of it.
    await operator.reload()
    await operator.getByText(VERIFIED).waitFor()
    await finishCall(challenge, '730194')
  })

  test('a code to the second mailbox: five wrong ones end it, another code does', { timeout: 90_000 }, async () => {
    await findCaller(ANNA.serial)
    await choose(/^Code to a registered address/)
    // The mailbox of his own comes first, not the one that the domain password opens.
    expect(await operator.getByLabel('Send a code to').inputValue()).toBe('secondEmail')
    await operator.getByRole('button', { name: 'Send the code' }).click()
    const code = await readMail('anna@lindqvist.example')
    const wrong = code.replace(/\d$/, (digit) => `${(Number(digit) + 1) % 10}`)
    for (let left = 4; left > 0; left--) {
      await answer('The code that the caller reads', wrong)
      await operator
        .getByRole('alert')
        .getByText(left === 1 ? '1 try is left' : `${left} tries are left`)
        .waitFor()
    }
    await answer('The code that the caller reads', wrong)
    await stands(/failed/)
    // The right one comes too late; a fresh one is asked for.
    await choose(/^Code to a registered address/)
    await operator.getByRole('button', { name: 'Send the code' }).click()
    const fresh = await readMail('anna@lindqvist.example', 2)
    await answer('The code that the caller reads', fresh)
    await operator.getByText(VERIFIED).waitFor()
  })

  test('his manager, signed in elsewhere, says no; asked again, yes', { timeout: 90_000 }, async () => {
    const manager = await openPage(browser, { width: 1280, scheme: 'light' })
    await manager.page.goto(`${demo.console}/approvals`)
    await manager.page.getByLabel('User name').fill(MANAGER.userName)
    await manager.page.getByLabel('Password').fill(demo.password)
    await manager.page.keyboard.press('Enter')
    await manager.page.getByText('Nobody asks you anything now').waitFor()

    await findCaller(ANNA.serial)
    await choose(/^The manager confirms/)
    await operator.getByRole('button', { name: 'Ask Maya Bergström' }).click()
    await operator.getByText('Waiting for Maya Bergström').waitFor()
    const question = manager.page.getByRole('region', { name: 'Anna Lindqvist' })
    await question.getByText('asked by Otto Operator').waitFor()
    expect(await findBarriers(manager.page)).toEqual([])
    await question.getByRole('button', { name: /^No/ }).click()
    await stands(/failed/)
    await manager.page.getByText('You said no').waitFor()

    await choose(/^The manager confirms/)
    await operator.getByRole('button', { name: 'Ask Maya Bergström' }).click()
    await question.getByRole('button', { name: /^Yes/ }).click()
    await operator.getByText(VERIFIED).waitFor()
    expect(manager.complaints).toEqual([])
    await manager.close()
  })

  test('by a passkey of his own: invited in person, too new at first, declined once, then used', {
    timeout: 90_000,
  }, async () => {
    const telephone = await openPage(browser, { width: 390, scheme: 'light' })
    const { page } = telephone
    await addAuthenticator(page)
    await findCaller(ANNA.serial)
    await operator
      .getByText(/passkey/i)
      .first()
      .waitFor()
    const person = new URL(operator.url()).searchParams.get('person') ?? ''
    await operator.goto(`${demo.console}/people/${person}`)
    await operator.getByRole('button', { name: 'Invite to add a passkey' }).click()
    const dialog = operator.getByRole('dialog')
    await dialog.getByLabel('Document', { exact: true }).selectOption('passport')
    await dialog.getByLabel('The face is the one on the document').check()
    await dialog.getByRole('button', { name: 'Make the invitation' }).click()
    const invitation = await readCode(operator, 'Invitation')
    await dialog.getByRole('button', { name: 'Done' }).click()

    await typeAtProve(page, invitation)
    await page.getByLabel('What this passkey is called').fill('Private telephone')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByText('The passkey was added').waitFor()
    expect(await findBarriers(page)).toEqual([])

    await operator.getByRole('link', { name: 'Smart Card Unblock' }).click()
    await findCaller(ANNA.serial)
    await operator.getByText('Not possible now').waitFor()
    expect(await operator.getByRole('radio', { name: /passkey/ }).count()).toBe(0)
    endWait()
    await operator.reload()

    const readOut = await askForPasskey()
    await typeAtProve(page, readOut)
    await page.getByText('Otto Operator of the help desk is on the telephone').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('button', { name: 'No, I asked for nothing' }).click()
    await page.getByText('The help desk was told that it is not you').waitFor()
    await stands(/failed/)
    // The number was good for that question alone.
    await typeAtProve(page, readOut)
    await page.getByText('This code is not valid').waitFor()

    await typeAtProve(page, await askForPasskey())
    await page.getByRole('button', { name: 'Yes, use my passkey' }).click()
    await page.getByText('The help desk knows that it is you').waitFor()
    await operator.getByText(VERIFIED).waitFor()
    expect(telephone.complaints).toEqual([])
    await telephone.close()
  })

  async function typeAtProve(page: Page, code: string): Promise<void> {
    await page.goto(`${demo.console}/prove`)
    await page.getByLabel('Number or invitation').fill(code)
    await page.getByRole('button', { name: 'Go on' }).click()
  }

  /** The number that the operator reads out. */
  async function askForPasskey(): Promise<string> {
    await choose(/passkey on another device/)
    await operator.getByRole('button', { name: 'Show the number to read out' }).click()
    await operator.getByText('Waiting for the caller').waitFor()
    return operator
      .locator('#verification-panel')
      .getByText(/^[\d ]+$/)
      .innerText()
  }

  /** Seven days go by for every passkey. */
  function endWait(): void {
    const database = new DatabaseSync(join(demo.folder, 'server', 'unlatch.db'), { timeout: 5000 })
    database.exec(`UPDATE person_passkeys SET usable_from = '2020-01-01T00:00:00.000Z'`)
    database.close()
  }

  test('seen by video with a badge; another caller in person', { timeout: 90_000 }, async () => {
    await findCaller(ANNA.serial)
    await choose(/^By video/)
    await operator.getByRole('button', { name: 'I have seen them' }).click()
    await operator.getByText('Type what you read on the badge').waitFor()
    await operator.getByLabel('What the badge says').fill('A. Lindqvist 4711')
    await operator.getByLabel('The face is the one on the badge').check()
    await operator.getByRole('button', { name: 'I have seen them' }).click()
    await operator.getByText(VERIFIED).waitFor()

    const challenge = await untilChallenged(holder, BEN.card)
    await findCaller(BEN.serial)
    await operator.getByText(VERIFIED).waitFor({ state: 'detached' })
    await verifyInPerson(operator)
    await finishCall(challenge, '730194')
  })

  test('a template demands two roots: two of one are refused, two different ones release', {
    timeout: 150_000,
  }, async () => {
    await operator.getByRole('link', { name: 'Card templates' }).click()
    await operator
      .getByRole('link', { name: /Add a card template/ })
      .first()
      .click()
    await operator.getByLabel('Name of the template').fill('Two roots')
    await operator.getByRole('radio', { name: 'Two ways that rest on different things' }).click()
    await operator.getByRole('button', { name: 'Add the card template' }).click()
    await operator.getByText('Version 1').first().waitFor()
    const fresh = 'New security key of nobody yet'
    await insert(holder, fresh)
    await operator.getByRole('link', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Register', exact: true }).waitFor()
    await operator.getByRole('combobox', { name: /printed serial/ }).fill('martin')
    await operator.getByRole('option').first().click()
    await operator.getByRole('textbox', { name: 'Printed serial' }).fill('TWO-0001')
    await operator.getByLabel('Card template').selectOption('Two roots')
    await operator.getByRole('button', { name: 'Register', exact: true }).click()
    await operator.getByRole('heading', { name: 'Issue', exact: true }).waitFor()
    await operator.getByRole('radio', { checked: true }).waitFor()
    await operator.getByRole('button', { name: 'Issue', exact: true }).click()
    await operator.getByText('The card is issued').waitFor({ timeout: 30_000 })
    await remove(holder, 'New security key')
    blockPin(openCardFile(join(demo.folder, 'cards', 'YK-NEW-1.json'), 'yubikey'))

    const challenge = await untilChallenged(holder, fresh)
    await operator.getByRole('link', { name: 'Smart Card Unblock' }).click()
    await findCaller('TWO-0001')
    await operator.getByText('This card demands two').waitFor()
    await choose(/^In person/)
    await operator.getByLabel('Document', { exact: true }).selectOption('passport')
    await operator.getByLabel('The face is the one on the document').check()
    await operator.getByRole('button', { name: 'I have seen them' }).click()
    await stands(/In person.*done/)
    // Seen by video rests on the same: somebody who saw him.
    await choose(/^By video/)
    await operator.getByLabel('What the badge says').fill('C. Martin')
    await operator.getByLabel('The face is the one on the badge').check()
    await operator.getByRole('button', { name: 'I have seen them' }).click()
    await stands(/By video.*done/)
    expect(await operator.getByText(VERIFIED).count()).toBe(0)
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.getByText('The challenge is right').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).press('Enter')
    await expect.poll(() => operator.locator('#verification [role=radio]:focus').count()).toBe(1)
    expect(await operator.getByRole('dialog').count()).toBe(0)

    await choose(/^Call back/)
    await operator.getByRole('button', { name: 'Send the words' }).click()
    await answer('The two words', await readMail('chloe.martin@example.org'))
    await operator.getByText(VERIFIED).waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(operator, demo)
    await endCall(operator, holder, '730194')
  })
})
