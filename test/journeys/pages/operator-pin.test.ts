import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { addAuthenticator } from './authenticator.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'
import { type Demo, openBoth, openConsole, PROGRAM, startDemo } from './running-demo.ts'
import {
  addPasskey,
  askHere,
  callUntilSigned,
  endCall,
  setPin,
  signAtLaptop,
  signWithCard,
  untilSigned,
} from './unblock-steps.ts'
import { verifyInPerson } from './verify-caller.ts'

/** The Operator PIN, on the real pages, server and agents: a passkey, an operator card at its own agent, two operators. */

const PIV = 'Security key of Anna Lindqvist'
const GIDS = 'Windows logon card of Ben Okafor'

needs('chromium')('an operator signs', () => {
  let browser: Browser
  let demo: Demo
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    demo = await startDemo()
    return () => demo.stop()
  })

  test('with a passkey: a card in a reader, and a call', { timeout: 90_000 }, async () => {
    const both = await openBoth(browser, demo, 'otto')
    const { operator, holder } = both
    const devtools = await addAuthenticator(operator)
    await addPasskey(operator, demo.password)
    await operator.getByRole('link', { name: 'Smart Card Unblock' }).click()

    await untilSigned(operator, holder, PIV, '490712')
    // Whoever is not verified by the authenticator signs nothing; and is asked again.
    await devtools.verify(false)
    await operator.getByRole('button', { name: 'Confirm with my passkey' }).click()
    await operator.getByRole('dialog').getByRole('alert').waitFor()
    await devtools.verify(true)
    await operator.getByRole('button', { name: 'Confirm with my passkey' }).click()
    await operator.getByText('The new PIN works').waitFor()
    await holder.getByText('Your new PIN works').waitFor()
    await operator.getByRole('button', { name: 'Next cardholder' }).click()

    await operator.getByRole('radio', { name: /on the telephone/ }).click()
    await callUntilSigned(operator, holder, GIDS, 'WL-00031842')
    await operator.getByRole('button', { name: 'Confirm with my passkey' }).click()
    await endCall(operator, holder, '730194')
    expect(both.complaints()).toEqual([])
    await both.close()
  })

  test('with an operator card at her own laptop: a wrong PIN, the right one; a card in a reader, and a call', {
    timeout: 90_000,
  }, async () => {
    const both = await openBoth(browser, demo, 'olivia')
    const { operator, holder } = both
    const laptop = await openLaptop(browser, demo)
    const sent: string[] = []
    for (const page of [operator, holder, laptop.page])
      page.on('request', (request) => sent.push(`${request.url()} ${request.postData()}`))

    await untilSigned(operator, holder, PIV, '490712')
    // Her password signs nothing: she has a card.
    await operator.getByRole('button', { name: 'Sign with my operator card' }).waitFor()
    expect(await operator.getByLabel('Password, in place of an Operator PIN').count()).toBe(0)
    expect(await findBarriers(operator)).toEqual([])
    await signWithCard(operator)
    await laptop.page.getByText('YK-20417733').waitFor()
    await laptop.page.getByText('Anna Lindqvist').waitFor()
    expect(await findBarriers(laptop.page)).toEqual([])
    await signAtLaptop(laptop.page, '999999')
    await laptop.page.getByText('2 tries left').waitFor()
    await holder.getByText('confirms it now').waitFor()
    await signAtLaptop(laptop.page, demo.operatorPin)
    await operator.getByText('The new PIN works').waitFor()
    await holder.getByText('Your new PIN works').waitFor()
    await operator.getByRole('button', { name: 'Next cardholder' }).click()

    await operator.getByRole('radio', { name: /on the telephone/ }).click()
    await callUntilSigned(operator, holder, GIDS, 'WL-00031842')
    await signWithCard(operator)
    await laptop.page.getByText('Ben Okafor').waitFor()
    // Declined at first: nothing was signed, and it is asked again.
    await laptop.page.getByRole('button', { name: 'Do not sign' }).click()
    await operator.getByText('signing-declined').waitFor()
    await signWithCard(operator)
    await signAtLaptop(laptop.page, demo.operatorPin)
    await endCall(operator, holder, '730194')

    expect(sent.filter((text) => text.includes(demo.operatorPin))).toEqual([])
    expect([...both.complaints(), ...laptop.complaints]).toEqual([])
    await laptop.close()
    await both.close()
  })

  test('the operator closes the dialog while her card is to sign: her laptop says so, and she signs again', {
    timeout: 90_000,
  }, async () => {
    const both = await openBoth(browser, demo, 'olivia')
    const { operator, holder } = both
    const { page: laptop, complaints, close } = await openLaptop(browser, demo)
    await untilSigned(operator, holder, PIV, '490712')
    await signWithCard(operator)
    await laptop.getByLabel('PIN of your operator card').fill('27490')
    await operator.getByRole('dialog').getByRole('button', { name: 'Not now' }).click()
    await laptop.getByText('The signature was cancelled in the console').waitFor()
    expect(await laptop.getByLabel('PIN of your operator card').count()).toBe(0)
    expect(await findBarriers(laptop)).toEqual([])
    await laptop.getByRole('button', { name: 'Close this notice' }).click()
    await laptop.getByText('The signature was cancelled in the console').waitFor({ state: 'detached' })
    await holder.getByText('confirms it now').waitFor()

    await operator.getByRole('button', { name: 'Enter the Operator PIN' }).click()
    await signWithCard(operator)
    await signAtLaptop(laptop, demo.operatorPin)
    await operator.getByText('The new PIN works').waitFor()
    expect([...both.complaints(), ...complaints]).toEqual([])
    await close()
    await both.close()
  })

  test('the agent at her card is killed while it asks for the PIN: she is told, and signs at another one', {
    timeout: 90_000,
  }, async () => {
    const both = await openBoth(browser, demo, 'olivia')
    const { operator, holder } = both
    const elsewhere = await startAgentWith(demo, 'ST-00000417')
    const dying = await openPage(browser, { width: 800, scheme: 'light' })
    await dying.page.goto(elsewhere.pageAddress)
    await untilSigned(operator, holder, PIV, '490712')
    const reader = operator.getByRole('dialog').getByLabel('My card is in')
    await reader.selectOption({ label: 'demo laptop · Virtual reader' })
    await signWithCard(operator)
    await dying.page.getByLabel('PIN of your operator card').waitFor()
    await elsewhere.kill()
    await operator.getByText('went away while it waited for your PIN').waitFor()
    await holder.getByText('confirms it now').waitFor()

    const { page: laptop, close } = await openLaptop(browser, demo)
    await signWithCard(operator)
    await signAtLaptop(laptop, demo.operatorPin)
    await operator.getByText('The new PIN works').waitFor()
    expect(both.complaints()).toEqual([])
    for (const one of [{ close }, dying, both]) await one.close()
  })

  test('two operators ask for the same card: the second is told, and goes on when the first ends', {
    timeout: 90_000,
  }, async () => {
    const both = await openBoth(browser, demo, 'otto')
    const { operator: otto, holder } = both
    const olivia = await openConsole(browser, demo, 'olivia')
    const laptop = await openLaptop(browser, demo)
    await untilSigned(otto, holder, PIV, '490712')
    await otto.getByRole('dialog').getByRole('button', { name: 'Not now' }).click()

    await askHere(olivia.page)
    await olivia.page.getByText('Another operator unblocks this card at this moment').waitFor()
    await holder.getByText('confirms it now').waitFor()
    await otto.getByRole('button', { name: 'Cancel the unblock' }).click()
    await holder.getByText('The operator cancelled the unblock').waitFor()

    // The second one now has the card, and the first is told the same.
    await olivia.page.getByRole('button', { name: 'Unblock', exact: true }).click()
    await setPin(holder, '490712')
    await holder.getByText('Olivia Operator confirms it now').waitFor()
    await otto.getByRole('button', { name: 'Begin again' }).click()
    await verifyInPerson(otto)
    await otto.getByRole('button', { name: 'Unblock', exact: true }).click()
    await otto.getByText('Another operator unblocks this card at this moment').waitFor()
    await signWithCard(olivia.page)
    await signAtLaptop(laptop.page, demo.operatorPin)
    await olivia.page.getByText('The new PIN works').waitFor()
    await holder.getByText('Your new PIN works').waitFor()
    expect([...both.complaints(), ...olivia.complaints, ...laptop.complaints]).toEqual([])
    for (const one of [laptop, olivia, both]) await one.close()
  })
})

/** The page of the agent at her laptop, whose reader has her operator card. */
async function openLaptop(browser: Browser, demo: Demo) {
  const opened = await openPage(browser, { width: 800, scheme: 'light' })
  await opened.page.goto(demo.laptop)
  await opened.page.getByText('Staff card · Olivia Operator').waitFor()
  return opened
}

/** The holder's agent of the demo in a process of its own, with a card of the demo in its reader. */
async function startAgentWith(demo: Demo, printedSerial: string) {
  const { pinnedKeyHex } = JSON.parse(readFileSync(join(demo.folder, 'agent', 'agent.json'), 'utf8'))
  const card = join(demo.folder, 'cards', `${printedSerial}.json`)
  const words = ['agent', '--folder', join(demo.folder, 'holder'), '--virtual-card', card]
  const at = ['--server', demo.console, '--configuration-key', pinnedKeyHex]
  const agent = spawn(process.execPath, [PROGRAM, ...words, ...at], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(agent, 'exit')
  let told = ''
  agent.stderr.on('data', (octets) => {
    told += octets
  })
  const opener = join(demo.folder, 'holder', 'page.html')
  await expect
    .poll(() => told, { timeout: 20_000 })
    .toMatch(/connected as[\s\S]*page for card|page for card[\s\S]*connected as/)
  return {
    pageAddress: /url=([^"]+)/.exec(readFileSync(opener, 'utf8'))?.[1] ?? '',
    async kill() {
      agent.kill('SIGKILL')
      await ended
    },
  }
}
