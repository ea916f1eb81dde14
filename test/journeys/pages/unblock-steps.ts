import type { Page } from 'playwright-core'
import { readCode } from './running-demo.ts'
import { verifyInPerson } from './verify-caller.ts'

/** What cardholder and operator do in every unblock, on the real pages. */

export const insert = (holder: Page, card: string) =>
  holder.getByRole('button', { name: `Insert the card ${card}` }).click()
export const remove = (holder: Page, card: string) =>
  holder.getByRole('button', { name: `Remove the card ${card}` }).click()

/** A new PIN, confirmed. */
export async function setPin(holder: Page, pin: string): Promise<void> {
  await holder.getByLabel('New PIN', { exact: true }).fill(pin)
  await holder.getByLabel('Confirm the new PIN').fill(pin)
  await holder.keyboard.press('Enter')
}

/** The card is in the station's reader; the operator verifies its holder. */
async function verifyHere(operator: Page): Promise<void> {
  await operator.getByRole('radio', { name: /Here, in a reader/ }).click()
  await operator.getByText('PIN blocked').waitFor()
  await verifyInPerson(operator)
}

/** He asks for its unblock. */
export async function askHere(operator: Page): Promise<void> {
  await verifyHere(operator)
  await operator.getByRole('button', { name: 'Unblock', exact: true }).click()
}

/** From the card in the station's reader to the moment at which the operator is to sign. */
export async function untilSigned(operator: Page, holder: Page, card: string, pin: string): Promise<void> {
  await insert(holder, card)
  await askHere(operator)
  await setPin(holder, pin)
  await holder.getByText('confirms it now').waitFor()
}

/** The holder calls with a blocked card: what he reads out. */
export async function untilChallenged(holder: Page, card: string): Promise<string> {
  await insert(holder, card)
  await holder.getByRole('button', { name: 'OK', exact: true }).click()
  return readCode(holder, 'Challenge')
}

/** A call, from the challenge to the moment at which the operator is to sign; the card's printed serial is searched for. */
export async function callUntilSigned(operator: Page, holder: Page, card: string, serial: string): Promise<void> {
  const challenge = await untilChallenged(holder, card)
  await operator.getByRole('combobox').fill(serial)
  await operator.getByRole('option').first().click()
  await verifyInPerson(operator)
  await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
  await operator.getByText('The challenge is right').waitFor()
  await operator.getByRole('button', { name: 'Cryptogram' }).click()
}

/** The cryptogram is typed, and a new PIN set. */
export async function endCall(operator: Page, holder: Page, pin: string): Promise<void> {
  await holder.getByLabel('Cryptogram').fill(await readCode(operator, 'Cryptogram for the caller'))
  await holder.getByText('The cryptogram is right').waitFor()
  await setPin(holder, pin)
  await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
}

/** At the page of her own agent Olivia reads what she signs, and types the PIN of her operator card. */
export async function signAtLaptop(laptop: Page, pin: string): Promise<void> {
  await laptop.getByRole('heading', { name: /Olivia Operator/ }).waitFor()
  await laptop.getByLabel('PIN of your operator card').fill(pin)
  await laptop.keyboard.press('Enter')
}

/** In the dialog: with the operator card, in the reader that is offered. */
export const signWithCard = (operator: Page) =>
  operator.getByRole('dialog').getByRole('button', { name: 'Sign with my operator card' }).click()

/** An operator adds a passkey to his own account. */
export async function addPasskey(page: Page, password: string): Promise<void> {
  await page.getByRole('link', { name: 'My account' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the passkey').fill('Desk')
  await dialog.getByLabel('Present password').fill(password)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
}
