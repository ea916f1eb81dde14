import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { confirmByPassword, type Demo, openBoth, readCode, startDemo } from './running-demo.ts'
import { insert, setPin } from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

const isFocused = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).evaluate((field) => field === document.activeElement)

/** The card's block inside a challenge of our own screen: what Windows' screen would show. 13 symbols of base32, 64 bits. */
function readBlockHex(challenge: string): string {
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const bits = [...challenge.replaceAll(' ', '').slice(0, 13)].map((symbol) =>
    symbols.indexOf(symbol).toString(2).padStart(5, '0'),
  )
  return BigInt(`0b${bits.join('').slice(0, 64)}`)
    .toString(16)
    .toUpperCase()
    .padStart(16, '0')
}

needs('chromium')('a blocked card is unblocked by telephone, on the real pages, server and agent', () => {
  let browser: Browser
  let demo: Demo
  let both: Awaited<ReturnType<typeof openBoth>>
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  // A demo of its own for each call: the token of its unblock screen is good once.
  beforeEach(async () => {
    demo = await startDemo()
    both = await openBoth(browser, demo)
    return async () => {
      await both.close()
      await demo.stop()
    }
  })

  test('a PIV card: the operator never leaves the keyboard', { timeout: 60_000 }, async () => {
    const { operator, holder } = both
    const sent: string[] = []
    for (const page of [operator, holder])
      page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`))
    await insert(holder, 'Security key of Anna Lindqvist')
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const challenge = await readCode(holder, 'Challenge')

    // Search, person, the only card, verification, challenge.
    await operator.keyboard.type('lind')
    await operator.getByRole('option').first().waitFor()
    await operator.keyboard.press('ArrowDown')
    await operator.keyboard.press('Enter')
    await operator.getByText('Who is calling, and how do we know?').waitFor()
    await operator.locator('#verification [role=radio]:focus').waitFor()
    while ((await operator.locator('[role=radio]:focus').textContent())?.startsWith('In person') === false)
      await operator.keyboard.press('ArrowDown')
    await operator.keyboard.press('Enter')
    await operator.locator('#verification-panel select:focus').waitFor()
    await operator.keyboard.type('Passport')
    await operator.keyboard.press('Tab')
    await operator.keyboard.press('Space')
    await operator.keyboard.press('Enter')
    await operator.getByText('The caller is verified').waitFor()
    expect(await isFocused(operator, 'Challenge')).toBe(true)

    // Misheard first: it says so, and no try of the card is lost.
    const wrong = challenge.replace(/.$/, (symbol) => (symbol === '7' ? '8' : '7'))
    await operator.keyboard.type(wrong.toLowerCase())
    await operator.getByText('misheard').waitFor()
    await operator.keyboard.press('Backspace')
    await operator.keyboard.type(challenge.slice(-1))
    await operator.getByText('The challenge is right').waitFor()
    await operator.keyboard.press('Enter')
    await operator.keyboard.press('Enter')
    // Not now: the focus is back where it was. Then a wrong Operator PIN, and the right one.
    await operator.locator('[role=dialog] input[type=password]:focus').waitFor()
    await operator.keyboard.press('Escape')
    await expect.poll(() => operator.locator('#cryptogram:focus').count()).toBe(1)
    await operator.keyboard.press('Enter')
    await confirmByPassword(operator, { password: 'wrong' })
    await operator.getByText('password-wrong').waitFor()
    await confirmByPassword(operator, demo)
    const cryptogram = await readCode(operator, 'Cryptogram for the caller')

    // Neither address nor storage has a code.
    const kept = await operator.evaluate(() => location.href + JSON.stringify([localStorage, sessionStorage]))
    for (const code of [challenge, cryptogram]) {
      expect(kept).not.toContain(code)
      expect(kept).not.toContain(code.replaceAll(' ', ''))
    }

    // Typed wrong first: found before the card sees it.
    await holder.getByLabel('Cryptogram').fill(cryptogram.replace(/.$/, (digit) => (digit === '7' ? '8' : '7')))
    await holder.getByText('The cryptogram is not right').waitFor()
    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.getByText('The cryptogram is right').waitFor()
    expect(await isFocused(holder, 'New PIN')).toBe(true)
    await setPin(holder, '730194')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    const receipt = await readCode(holder, 'Receipt')

    // Neither page has sent PIN or cryptogram as it was typed, and no field still holds the PIN.
    expect(sent.length).toBeGreaterThan(10)
    expect(sent.join('\n')).not.toMatch(new RegExp(`730194|${cryptogram.replaceAll(' ', ' ?')}`))
    expect(await holder.evaluate(() => document.documentElement.outerHTML + document.title)).not.toContain('730194')

    await operator.getByLabel('Receipt').fill(receipt)
    await operator.keyboard.press('Enter')
    await operator.getByText('Anna Lindqvist can sign in with the new PIN').waitFor()
    await operator.getByText('The cardholder has been told at').waitFor()
    await operator.getByRole('complementary').getByText('Unblocked').waitFor()
    await operator.keyboard.press('Enter')
    expect(await isFocused(operator, 'Name, user name or printed serial')).toBe(true)
    expect(both.complaints()).toEqual([])
  })

  test('a card with an admin key: the other card first, a wrong group, and the word of the caller', {
    timeout: 60_000,
  }, async () => {
    const { operator, holder } = both
    await insert(holder, 'Windows logon card of Ben Okafor')
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const challenge = await readCode(holder, 'Challenge')

    await operator.getByRole('combobox').fill('PV-0005')
    await operator.getByRole('option').first().click()
    await verifyInPerson(operator)
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.keyboard.press('Enter')
    await operator.getByRole('button', { name: 'Switch to Windows logon card' }).click()
    await operator.keyboard.press('Enter')
    await operator.getByText('The challenge is right').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(operator, demo)
    const cryptogram = await readCode(operator, 'Cryptogram for the caller')

    const groups = cryptogram.split(' ')
    await holder.getByLabel('Cryptogram').fill([groups[1], groups[0], groups[2]].join(' '))
    await holder.getByText('Groups 1, 2 are wrong').waitFor()
    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.getByText('The cryptogram is right').waitFor()
    await setPin(holder, '730194')
    await holder.getByText('Tell the help desk that the new PIN works').waitFor()
    await operator.getByRole('button', { name: 'The new PIN works' }).click()
    await operator.getByText('Ben Okafor can sign in').waitFor()
    expect(both.complaints()).toEqual([])
  })

  test('a card taken out during the call gets a new challenge, and the page reloads to the same card', {
    timeout: 60_000,
  }, async () => {
    const { operator, holder } = both
    await insert(holder, 'Security key of Anna Lindqvist')
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const first = await readCode(holder, 'Challenge')
    await holder.getByRole('button', { name: 'Remove the card Security key' }).click()
    await holder.getByText('Put the card back and we make a new one').waitFor()
    await insert(holder, 'Security key of Anna Lindqvist')
    await holder.getByRole('heading', { name: 'Call the help desk' }).waitFor()
    expect(await readCode(holder, 'Challenge')).not.toBe(first)
    await holder.reload()
    await holder.getByRole('heading', { name: 'Call the help desk' }).waitFor()

    await operator.getByRole('combobox').fill('YK-20417733')
    await operator.getByRole('option').first().click()
    await operator.getByLabel('Challenge', { exact: true }).waitFor()
    await operator.reload()
    await operator.getByLabel('Challenge', { exact: true }).waitFor()
    expect(await isFocused(operator, 'Name, user name or printed serial')).toBe(true)
    await operator.goBack()
    await operator.getByText('Find the caller').waitFor()
    expect(both.complaints()).toEqual([])
  })

  test("Windows' own screen: confirmed twice, released once although the answer was lost, typed as hexadecimal", {
    timeout: 60_000,
  }, async () => {
    const { operator, holder } = both
    await insert(holder, 'Windows logon card of Ben Okafor')
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const bare = readBlockHex(await readCode(holder, 'Challenge'))

    await operator.getByRole('combobox').fill('WL-00031842')
    await operator.getByRole('option').first().click()
    await verifyInPerson(operator)
    await operator.getByLabel('Challenge', { exact: true }).fill(bare)
    await operator.keyboard.press('Enter')
    await operator.getByText('It has no check symbols').waitFor()
    // Pressed too early, the button leads to what is missing.
    await operator.getByRole('button', { name: 'Cryptogram' }).press('Enter')
    expect(await isFocused(operator, 'Challenge, a second time')).toBe(true)
    await operator.keyboard.type(bare.toLowerCase())
    await operator.keyboard.press('Enter')
    await expect.poll(() => operator.locator('#serial-end:focus').count()).toBe(1)
    await operator.keyboard.type('1842')
    await operator.keyboard.press('Enter')
    await expect.poll(() => operator.locator('#cryptogram:focus').count()).toBe(1)

    await operator.route(
      '**/cryptogram',
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 1 },
    )
    await operator.keyboard.press('Enter')
    await confirmByPassword(operator, demo)
    // Asked again with the signature that was given: nobody signs twice for one release.
    await operator.getByText('Nothing you typed is lost').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    const cryptogram = await readCode(operator, 'Cryptogram for the caller')
    expect(cryptogram).toMatch(/^([0-9A-F]{4} ?){4}$/)

    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.keyboard.press('Enter')
    await holder.getByText('The cryptogram is right').waitFor()
    await setPin(holder, '730194')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    await operator.getByRole('button', { name: 'The new PIN works' }).click()
    await operator.getByText('Ben Okafor can sign in').waitFor()
  })
})
