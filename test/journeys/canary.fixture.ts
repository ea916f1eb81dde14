import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAgent, SelfServiceUnblock, virtualReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { createVirtualCard, loadVirtualCardFile, VirtualReader } from '@unlatch/virtual-cards'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { type MailServer, smtpOf, startMailServer } from '../../packages/unlatch/src/demo/mail-server.ts'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { aloneBy, mailedBy } from '../../packages/unlatch/src/demo/templates.ts'
import { readKept } from '../../packages/unlatch/src/terminal-agent.ts'
import { personLdif, startSlapd } from '../peers/slapd.ts'
import { type ForeignSecrets, linesOf, runStation, writeForeignCard } from './foreign-card.fixture.ts'
import { readCode } from './pages/running-demo.ts'
import { verifyInPerson } from './pages/verify-caller.ts'

/** What the secrets canary does with the product, and the secrets that it uses: they stand nowhere else. */

export const PIN = '83017264'
/** Chosen at the page and at the terminal, each with a PUC. */
export const PUC_PINS = ['70931584', '19480537'] as const
/** Chosen while the card was in a reader that the operator sees. */
export const READER_PIN = '60219573'
/** Chosen by a holder whom nobody helps. */
export const ALONE_PIN = '35917264'
export const ACCOUNT_PASSWORDS = { right: 'ten canary chimneys', wrong: 'eleven canary chimneys' }
export const CARD = 'YK-20417733'
export const CHOSEN_PASSWORD = 'nine-tall-canary-gardens'
export const MAIL_PASSWORD = 'seven-canary-letterboxes'
export const DIRECTORY_PASSWORD = 'eight-canary-directories'

/** A secret in the forms in which it would be found. */
export function formsOf(secret: Buffer): Buffer[] {
  const hex = secret.toString('hex')
  const utf16 = Buffer.from(secret.toString('latin1'), 'utf16le')
  const base64 = secret.toString('base64').replace(/=+$/, '')
  const texts = [hex, hex.toUpperCase(), base64, secret.toString('base64url')]
  return [secret, utf16, ...texts.map((text) => Buffer.from(text))]
}

/** A card of another system is registered and issued at the demo's station, with the secrets that it has. */
export async function takeOver(demo: { folder: string }, path: string): Promise<ForeignSecrets> {
  const secrets = writeForeignCard(path)
  const at = ['--virtual-card', path, '--folder', join(demo.folder, 'agent'), '--trace']
  const registered = await runStation(['register', '--user', 'anna.lindqvist', '--serial', 'FOREIGN-1', ...at])
  const card = registered.stdout.trim()
  const issued = await runStation(['issue', '--card', card, '--current-keys-fd', '3', ...at], linesOf(secrets))
  expect({ registered: registered.status, issued: issued.status }).toEqual({ registered: 0, issued: 0 })
  return secrets
}

/** The card is blocked once more, by its holder: a wrong PIN, three times. */
async function block(holder: Page): Promise<void> {
  const card = 'the card Security key of Anna Lindqvist'
  await holder.getByRole('button', { name: `Remove ${card}` }).click()
  await holder.getByRole('button', { name: `Insert ${card}` }).click()
  await holder.getByRole('button', { name: 'Set a PIN of my own' }).click()
  for (const triesLeft of [2, 1, 0]) {
    await holder.getByLabel('Current PIN').fill('99999999')
    await holder.getByLabel('New PIN', { exact: true }).fill(PIN)
    await holder.getByLabel('Confirm the new PIN').fill(PIN)
    if (triesLeft === 0) await holder.getByLabel('I understand').check()
    await holder.getByLabel('Confirm the new PIN').press('Enter')
    if (triesLeft > 0) await holder.getByText(triesLeft === 1 ? '1 try is left' : '2 tries are left').waitFor()
  }
  await holder.getByRole('button', { name: 'I have a PUC' }).waitFor()
}

/**
 * Blocked again, and unblocked with the PUC of its holder's letter. The demo's agent is a station: it reports, and gives the
 * card another PUK.
 *
 * @param path - the virtual card's memory.
 */
export async function usePucOnPage(holder: Page, path: string): Promise<Buffer> {
  await block(holder)
  await holder.getByRole('button', { name: 'I have a PUC' }).click()
  const puc = readPuk(path)
  await holder.getByLabel('PUC', { exact: true }).fill(puc.toString('latin1'))
  await holder.getByLabel('New PIN', { exact: true }).fill(PUC_PINS[0])
  await holder.getByLabel('Confirm the new PIN').fill(PUC_PINS[0])
  await holder.getByLabel('Confirm the new PIN').press('Enter')
  await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
  await expect.poll(() => readPuk(path).equals(puc), { timeout: 10_000 }).toBe(false)
  return puc
}

/** Blocked again, and unblocked where it is, with the Operator PIN: the PUK goes over the wire, sealed; the station replaces it. */
export async function unblockInReader(
  both: { operator: Page; holder: Page },
  path: string,
  password: string,
): Promise<Buffer> {
  const { operator, holder } = both
  await block(holder)
  const puk = readPuk(path)
  await operator.getByRole('radio', { name: /Here, in a reader/ }).click()
  await operator.getByText('PIN blocked').waitFor()
  await verifyInPerson(operator)
  await operator.getByRole('button', { name: 'Unblock', exact: true }).click()
  await holder.getByRole('heading', { name: 'Choose a new PIN' }).waitFor()
  await holder.getByLabel('New PIN', { exact: true }).fill(READER_PIN)
  await holder.getByLabel('Confirm the new PIN').fill(READER_PIN)
  await holder.getByLabel('Confirm the new PIN').press('Enter')
  await operator.getByRole('dialog').getByLabel('Password, in place of an Operator PIN').fill(password)
  await operator.keyboard.press('Enter')
  await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
  await expect.poll(() => readPuk(path).equals(puk), { timeout: 10_000 }).toBe(false)
  return puk
}

/** The card works: its holder sets up a one-time password. */
export async function setUpOneTime(holder: Page): Promise<{ key: string; secret: Buffer; code: string }> {
  const card = 'the card Security key of Anna Lindqvist'
  await holder.getByRole('button', { name: `Remove ${card}` }).click()
  await holder.getByRole('button', { name: `Insert ${card}` }).click()
  await holder.getByRole('button', { name: 'My Sign-in' }).click()
  await holder.getByLabel('PIN of your card').fill(READER_PIN)
  await holder.keyboard.press('Enter')
  await holder.getByRole('button', { name: 'Set up a one-time password' }).click()
  await holder.getByLabel('What it is called').fill('Private phone')
  await holder.keyboard.press('Enter')
  await holder.getByRole('img', { name: 'Square with the key of the one-time password' }).waitFor()
  const key = /Key: ([A-Z2-7 ]+)/.exec(await holder.locator('main').innerText())?.[1]?.replaceAll(' ', '') ?? ''
  const secret = Secret.fromBase32(key)
  const code = new TOTP({ secret }).generate()
  await holder.getByLabel('The six digits that it shows now').fill(code)
  await holder.keyboard.press('Enter')
  await holder.getByText('counts from').waitFor()
  return { key, secret: Buffer.from(secret.buffer), code }
}

/** A card whose PUC goes to its holder by mail, over TLS and under a password that the operator typed. */
export async function deliverPuc(
  demo: { folder: string; console: string; password: string },
  path: string,
): Promise<{ mail: MailServer; puc: Buffer }> {
  const mail = await startMailServer({ password: MAIL_PASSWORD })
  const operator = new OperatorClient(demo.console)
  await operator.signIn(OPERATOR.userName, demo.password)
  const { id } = await operator.addConnection({ kind: 'smtp', name: 'Mail', smtp: smtpOf(mail), secret: MAIL_PASSWORD })
  await operator.testConnection(id, 'administrator@example.org')
  await operator.addTemplate({ name: 'Mailed', document: mailedBy(id) })
  writeFileSync(path, JSON.stringify(createVirtualCard('yubikey').save()))
  const at = ['--virtual-card', path, '--folder', join(demo.folder, 'agent'), '--trace']
  const wish = ['--user', 'anna.lindqvist', '--serial', 'MAILED-1', '--template', 'Mailed']
  const registered = await runStation(['register', ...wish, ...at])
  const issued = await runStation(['issue', '--card', registered.stdout.trim(), ...at])
  expect({ registered: registered.status, issued: issued.status }).toEqual({ registered: 0, issued: 0 })
  await expect.poll(() => mail.mails.length, { timeout: 20_000 }).toBe(2)
  return { mail, puc: readPuk(path) }
}

/** People of a directory, under a password that the operator typed; and a wrong one, of which the directory speaks. */
export async function searchDirectory(demo: { console: string; password: string }): Promise<void> {
  const slapd = await startSlapd(personLdif({ uid: 'canary', cn: 'Canary' }), { password: DIRECTORY_PASSWORD })
  const operator = new OperatorClient(demo.console)
  await operator.signIn(OPERATOR.userName, demo.password)
  const wish = { kind: 'directory', name: 'Directory', directory: slapd.settings() } as const
  const { id } = await operator.addConnection({ ...wish, secret: DIRECTORY_PASSWORD })
  await operator.testConnection(id, '')
  const { entries } = await operator.searchDirectory(id, 'can')
  expect(entries.map(({ userName }) => userName)).toEqual(['canary'])
  const wrong = { ...wish, directory: slapd.settings({ bindDn: 'cn=nobody,dc=clinic,dc=example' }) }
  const { id: other } = await operator.addConnection({ ...wrong, secret: DIRECTORY_PASSWORD })
  await expect(operator.testConnection(other, '')).rejects.toMatchObject({ code: 'directory-sign-in' })
  await slapd.stop()
}

/** A holder out of a directory unblocks his card himself: a wrong password of the account first, then that and an unblock code. */
export async function unblockAlone(
  demo: { folder: string; console: string; password: string },
  path: string,
): Promise<{ puk: Buffer; code: string }> {
  const person = { uid: 'alone', cn: 'Alone', userPassword: ACCOUNT_PASSWORDS.right }
  const slapd = await startSlapd(personLdif(person), { password: DIRECTORY_PASSWORD })
  const operator = new OperatorClient(demo.console)
  await operator.signIn(OPERATOR.userName, demo.password)
  const wish = { kind: 'directory', name: 'Accounts', directory: slapd.settings() } as const
  const { id } = await operator.addConnection({ ...wish, secret: DIRECTORY_PASSWORD })
  await operator.testConnection(id, '')
  const { entries } = await operator.searchDirectory(id, 'alone')
  await operator.takePeople(id, [entries[0]?.key ?? ''])
  const document = aloneBy({ count: 2, ways: ['domain', 'unblock-code'] })
  await operator.addTemplate({ name: 'Alone', document })
  writeFileSync(path, JSON.stringify(createVirtualCard('yubikey').save()))
  const at = ['--virtual-card', path, '--folder', join(demo.folder, 'agent'), '--trace']
  const registered = await runStation([
    ...['register', '--user', 'alone', '--serial', 'ALONE-1', '--template', 'Alone'],
    ...at,
  ])
  const cardId = registered.stdout.trim()
  const issued = await runStation(['issue', '--card', cardId, ...at])
  expect({ registered: registered.status, issued: issued.status }).toEqual({ registered: 0, issued: 0 })
  await operator.verifyInPerson(cardId, 'telephone')
  const [code = ''] = (await operator.giveUnblockCodes(cardId, 'sheet')).codes
  const card = loadVirtualCardFile(path)
  blockPin(card)
  const reader = new VirtualReader('Reader')
  const folder = join(demo.folder, 'agent')
  const { pinnedKeyHex = '' } = readKept(folder)
  const agent = openAgent({ folder, serverUrl: demo.console, pinnedKeyHex, readers: virtualReaders([reader]) })
  await agent.contactServer()
  reader.insert(card)
  const { readers, journal, server, keySha256, configuration } = agent
  const tools = { readers, journal, server, keySha256, configuration: configuration(), now: () => new Date() }
  const attempt = await SelfServiceUnblock.begin(tools, reader.name)
  const answer = (way: 'domain' | 'unblock-code', secret: string) => attempt.answer(way, ascii(secret))
  await expect(answer('domain', ACCOUNT_PASSWORDS.wrong)).rejects.toMatchObject({ code: 'logon-wrong' })
  await answer('domain', ACCOUNT_PASSWORDS.right)
  await answer('unblock-code', code)
  const puk = readPuk(path)
  await attempt.setNewPin(ascii(ALONE_PIN), false)
  expect(verifies(card, ALONE_PIN)).toBe(true)
  await slapd.stop()
  return { puk, code }
}

/** The same at the terminal, with a card that is not blocked. */
export async function usePucAtTerminal(demo: { folder: string }, path: string): Promise<Buffer> {
  const puc = readPuk(path)
  const lines = `${[puc.toString('latin1'), PUC_PINS[1], PUC_PINS[1]].join('\n')}\n`
  const at = ['--virtual-card', path, '--folder', join(demo.folder, 'agent'), '--trace']
  const { status, stderr } = await runStation(['unblock', '--puc', '--force', '--input-fd', '3', ...at], lines)
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('was reported') })
  for (const secret of [puc, Buffer.from(PUC_PINS[1])])
    expect(formsOf(secret).some((form) => stderr.includes(form.toString('latin1')))).toBe(false)
  return puc
}

const readPuk = (path: string) => findPuk(JSON.parse(readFileSync(path, 'utf8')))

/** The operator adds a colleague, who sets himself up: the code as it stands on the wire. */
export async function inviteAndSetUp(page: Page, url: string): Promise<string> {
  await page.getByRole('link', { name: 'Operators and roles' }).click()
  await page.getByRole('button', { name: 'Add an operator' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Carl Kowalski')
  await page.getByLabel('User name').fill('carl')
  await page.keyboard.press('Enter')
  const code = await readCode(page, 'Set-up code')
  await page.getByRole('button', { name: 'I have passed it on' }).click()
  await page.goto(`${url}/set-up`)
  await page.getByLabel('Set-up code').fill(code)
  await page.keyboard.press('Enter')
  await page.getByLabel('Password', { exact: true }).fill(CHOSEN_PASSWORD)
  await page.getByLabel('Password, a second time').fill(CHOSEN_PASSWORD)
  await page.getByRole('button', { name: 'Finish without a passkey' }).click()
  await page.getByRole('heading', { name: 'My account' }).waitFor()
  return code.replaceAll(' ', '')
}

/** The PUK in a virtual card's memory: eight octets, as the card compares them. */
export function findPuk(memory: unknown): Buffer {
  const hex = JSON.stringify(memory).match(/"puk":\{[^}]*?"([0-9A-F]{16})"/)?.[1]
  if (!hex) throw new Error('no PUK in the card')
  return Buffer.from(hex, 'hex')
}
