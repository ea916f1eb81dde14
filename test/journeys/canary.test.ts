import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { backUp } from '@unlatch/server'
import { createVirtualCard } from '@unlatch/virtual-cards'
import { Secret, TOTP } from 'otpauth'
import { chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openKeyStore } from '../../packages/server/src/adapters/soft-keys/key-store.ts'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { type MailServer, mailedBy, smtpOf, startMailServer } from '../../packages/unlatch/src/demo/mail-server.ts'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { WEB_FOLDER } from '../../packages/unlatch/src/web-folder.ts'
import { needs } from '../peers/needs.ts'
import { personLdif, startSlapd } from '../peers/slapd.ts'
import { type ForeignSecrets, linesOf, runStation, writeForeignCard } from './foreign-card.fixture.ts'
import { LAUNCH } from './pages/browser.ts'
import { confirmByPassword, type Demo, openBoth, readCode, startDemo } from './pages/running-demo.ts'
import { verifyInPerson } from './pages/verify-caller.ts'

/**
 * The secrets canary: a call with secrets that stand nowhere else, then a search for them in everything that was written and
 * sent, in every form that a program writes. Excluded by name: the virtual cards' own files, and the one command that exchanges
 * a PUK, on its way to a station.
 */

const PIN = '83017264'
/** Chosen at the page and at the terminal, each with a PUC. */
const PUC_PINS = ['70931584', '19480537'] as const
/** Chosen while the card was in a reader that the operator sees. */
const READER_PIN = '60219573'
const CARD = 'YK-20417733'
const CHOSEN_PASSWORD = 'nine-tall-canary-gardens'
const MAIL_PASSWORD = 'seven-canary-letterboxes'
const DIRECTORY_PASSWORD = 'eight-canary-directories'

/** A secret in the forms in which it would be found. */
function formsOf(secret: Buffer): Buffer[] {
  const hex = secret.toString('hex')
  const utf16 = Buffer.from(secret.toString('latin1'), 'utf16le')
  const base64 = secret.toString('base64').replace(/=+$/, '')
  const texts = [hex, hex.toUpperCase(), base64, secret.toString('base64url')]
  return [secret, utf16, ...texts.map((text) => Buffer.from(text))]
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

needs(
  'chromium',
  'tcpdump',
  'slapd',
)('the secrets canary', () => {
  let demo: Demo
  let capture: ChildProcess
  const scratch = mkdtempSync(join(tmpdir(), 'unlatch-canary-'))
  const captureFile = join(scratch, 'server.pcap')

  beforeAll(async () => {
    demo = await startDemo(['--log', 'trace'])
    const { port } = new URL(demo.console)
    capture = spawn('tcpdump', ['-i', 'lo', '-U', '--immediate-mode', '-w', captureFile, 'tcp', 'port', port], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      capture.once('exit', () => reject(new Error('tcpdump ended')))
      capture.stderr?.on('data', (text) => String(text).includes('listening on') && resolve())
    })
  })
  afterAll(async () => {
    await demo?.stop()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('a call leaves no PIN, PUK, key, cryptogram or password anywhere', { timeout: 180_000 }, async () => {
    const profile = join(scratch, 'profile')
    const context = await chromium.launchPersistentContext(profile, LAUNCH)
    const both = await openBoth({ newContext: async () => context } as never, demo)
    const { operator, holder } = both
    await holder.getByRole('button', { name: 'Insert the card Security key of Anna Lindqvist' }).click()
    await holder.getByRole('button', { name: 'OK', exact: true }).click()
    const challenge = await readCode(holder, 'Challenge')
    await operator.getByRole('combobox').fill('lind')
    await operator.getByRole('option').first().click()
    await verifyInPerson(operator)
    await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
    await operator.getByText('The challenge is right').waitFor()
    await operator.getByRole('button', { name: 'Cryptogram' }).click()
    await confirmByPassword(operator, demo)
    const cryptogram = (await readCode(operator, 'Cryptogram for the caller')).replaceAll(' ', '')
    await holder.getByLabel('Cryptogram').fill(cryptogram)
    await holder.getByText('The cryptogram is right').waitFor()
    await holder.getByLabel('New PIN', { exact: true }).fill(PIN)
    await holder.getByLabel('Confirm the new PIN').fill(PIN)
    await holder.keyboard.press('Enter')
    await holder.getByRole('heading', { name: 'Your new PIN works' }).waitFor()
    const receipt = await readCode(holder, 'Receipt')
    await operator.getByLabel('Receipt').fill(receipt)
    await operator.keyboard.press('Enter')
    await operator.getByText('can sign in with the new PIN').waitFor()
    const pucOnPage = await usePucOnPage(holder, join(demo.folder, 'cards', `${CARD}.json`))
    const sealed = await unblockInReader(both, join(demo.folder, 'cards', `${CARD}.json`), demo.password)
    const oneTime = await setUpOneTime(holder)
    const setUpCode = await inviteAndSetUp(operator, demo.console)
    await context.close()
    const imported = await takeOver(demo, join(scratch, 'foreign.json'))
    const pucAtTerminal = await usePucAtTerminal(demo, join(scratch, 'foreign.json'))
    const { mail, puc: delivered } = await deliverPuc(demo, join(scratch, 'delivered.json'))
    await mail.close()
    await searchDirectory(demo)
    const shelf = join(scratch, 'shelf')
    await backUp({ folder: join(demo.folder, 'server'), webFolder: WEB_FOLDER, logLevel: 'silent' }, shelf)
    await sleep(300)
    capture.removeAllListeners('exit')
    const captured = new Promise((resolve) => capture.once('exit', resolve))
    capture.kill('SIGINT')
    await captured

    const memory = JSON.parse(readFileSync(join(demo.folder, 'cards', `${CARD}.json`), 'utf8'))
    const puk = findPuk(memory)
    const isMailed = mail.mails.some(({ text }) => text.includes(`${delivered}`.replace(/(.{4})/, '$1 ')))
    expect(isMailed).toBe(true)
    const pucs = { 'PUC by mail': delivered, 'PUC at the page': pucOnPage, 'PUC at the terminal': pucAtTerminal }
    const pins = { 'PIN by PUC, page': Buffer.from(PUC_PINS[0]), 'PIN by PUC, terminal': Buffer.from(PUC_PINS[1]) }
    const keys = join(demo.folder, 'server', 'keys')
    const { master, unblockKeys } = await openKeyStore(join(keys, 'keys.json'), { keyFile: join(keys, 'unlock.key') })
    const secrets = {
      PIN: Buffer.from(PIN),
      PUK: puk,
      master,
      'unblock key': unblockKeys[0] as Buffer,
      'PUK that was sealed': sealed,
      'PIN in a reader': Buffer.from(READER_PIN),
      ...pucs,
      ...pins,
    }
    const written = [
      ...filesIn(join(demo.folder, 'server')),
      ...filesIn(join(demo.folder, 'agent')),
      ...filesIn(profile),
      ...filesIn(shelf),
    ]
    const places = new Map([
      ...written.map((path) => [path, readFileSync(path)] as const),
      ['what the demo said', Buffer.from(demo.told())],
      ['traffic of the server', withoutKeyCommands(readFileSync(captureFile))],
    ])
    expect(places.get('what the demo said')?.includes('incoming request')).toBe(true)
    expect(places.get('traffic of the server')?.includes('challenge-check')).toBe(true)
    expect(places.get('traffic of the server')?.includes('/api/puc-reports')).toBe(true)
    expect(places.get('traffic of the server')?.includes('encapsulated')).toBe(true)
    expect(written.some((path) => path.endsWith('unlatch.db-wal'))).toBe(true)

    const found: string[] = []
    const search = (name: string, secret: Buffer, isExcluded: (place: string) => boolean = () => false) => {
      for (const [place, octets] of places) {
        if (!isExcluded(place) && formsOf(secret).some((form) => octets.includes(form)))
          found.push(`${name} in ${place}`)
      }
    }
    for (const [name, secret] of Object.entries(secrets)) search(name, secret)
    const unlock = join(keys, 'unlock.key')
    search('what opens the key store', readFileSync(unlock), (place) => place === unlock)
    expect(written.some((path) => path.startsWith(shelf) && path.endsWith('unlatch.db'))).toBe(true)
    // A station's request carries what another system gave a card: on the wire of the server, and sealed in its database.
    const isRequest = (place: string) => place === 'traffic of the server'
    search('imported PUK', Buffer.from(`${imported.puk}\xff\xff`, 'latin1'), isRequest)
    search('imported key 9B', Buffer.from(imported.managementKey), isRequest)
    expect(places.get('traffic of the server')?.includes('currentSecrets')).toBe(true)
    // One answer to the operator carries the cryptogram, one request the password: on the wire of the server, nowhere else.
    const isWire = (place: string) => place === 'traffic of the server'
    search('cryptogram', Buffer.from(cryptogram), isWire)
    search('masked PUK', Buffer.from(cryptogram.slice(0, 8)), isWire)
    search('password', Buffer.from(demo.password), (place) => isWire(place) || place === 'what the demo said')
    search('password of the mail server', Buffer.from(MAIL_PASSWORD), isWire)
    expect(places.get('traffic of the server')?.includes(MAIL_PASSWORD)).toBe(true)
    search('password of the directory', Buffer.from(DIRECTORY_PASSWORD), isWire)
    expect(places.get('traffic of the server')?.includes(DIRECTORY_PASSWORD)).toBe(true)
    // One answer carries the secret of a one-time password to its holder's page, one request its first code in hexadecimal.
    search('one-time secret', Buffer.from(oneTime.key), isWire)
    search('one-time secret, as octets', oneTime.secret)
    expect(places.get('traffic of the server')?.includes(oneTime.key)).toBe(true)
    // Six digits alone stand anywhere by chance.
    search('one-time code', Buffer.from(`"${oneTime.code}"`))
    search('one-time code, as it was sent', Buffer.from(Buffer.from(oneTime.code).toString('hex')), isWire)
    search('set-up code', Buffer.from(setUpCode), isWire)
    search('chosen password', Buffer.from(CHOSEN_PASSWORD), isWire)
    expect(found).toEqual([])
    // The search can find: the challenge is on record, and no secret.
    search('challenge', Buffer.from(challenge.replaceAll(' ', '')))
    expect(found.some((line) => line.includes('unlatch.db'))).toBe(true)
    expect(places.get('traffic of the server')?.includes(Buffer.from(cryptogram))).toBe(true)
  })
})

/** A card of another system is registered and issued at the demo's station, with the secrets that it has. */
async function takeOver(demo: { folder: string }, path: string): Promise<ForeignSecrets> {
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
async function usePucOnPage(holder: Page, path: string): Promise<Buffer> {
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
async function unblockInReader(
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
async function setUpOneTime(holder: Page): Promise<{ key: string; secret: Buffer; code: string }> {
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
async function deliverPuc(
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
async function searchDirectory(demo: { console: string; password: string }): Promise<void> {
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

/** The same at the terminal, with a card that is not blocked. */
async function usePucAtTerminal(demo: { folder: string }, path: string): Promise<Buffer> {
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

/** What a station's channel is for: an exchange of the PUK is sent whole, to one card. It is excluded, and nothing else. */
function withoutKeyCommands(captured: Buffer): Buffer {
  return Buffer.from(captured.toString('latin1').replace(/"0024008110[0-9A-F]{32}"/g, '"key command"'), 'latin1')
}

/** The operator adds a colleague, who sets himself up: the code as it stands on the wire. */
async function inviteAndSetUp(page: Page, url: string): Promise<string> {
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
function findPuk(memory: unknown): Buffer {
  const hex = JSON.stringify(memory).match(/"puk":\{[^}]*?"([0-9A-F]{16})"/)?.[1]
  if (!hex) throw new Error('no PUK in the card')
  return Buffer.from(hex, 'hex')
}
