import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeHex } from '@unlatch/card'
import { backUp } from '@unlatch/server'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openKeyStore } from '../../packages/server/src/adapters/soft-keys/key-store.ts'
import { WEB_FOLDER } from '../../packages/unlatch/src/web-folder.ts'
import { needs } from '../peers/needs.ts'
import {
  ACCOUNT_PASSWORDS,
  ALONE_PIN,
  CARD,
  CHOSEN_PASSWORD,
  DIRECTORY_PASSWORD,
  deliverPuc,
  findPuk,
  formsOf,
  inviteAndSetUp,
  MAIL_PASSWORD,
  PIN,
  PUC_PINS,
  READER_PIN,
  searchDirectory,
  setUpOneTime,
  takeOver,
  unblockAlone,
  unblockInReader,
  usePucAtTerminal,
  usePucOnPage,
} from './canary.fixture.ts'
import { LAUNCH } from './pages/browser.ts'
import { confirmByPassword, type Demo, openBoth, readCode, startDemo } from './pages/running-demo.ts'
import { verifyInPerson } from './pages/verify-caller.ts'

/**
 * The secrets canary: a call with secrets that stand nowhere else, then a search for them in everything that was written and
 * sent, in every form that a program writes. Excluded by name: the virtual cards' own files, and the one command that exchanges
 * a PUK, on its way to a station.
 */

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
    const alone = await unblockAlone(demo, join(scratch, 'alone.json'))
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
      'PIN of a holder alone': Buffer.from(ALONE_PIN),
      'PUK of a card whose holder was alone': alone.puk,
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
    // A holder alone: requests carry the password of the account and the code in hexadecimal, an answer to the operator the code.
    for (const [name, password] of Object.entries(ACCOUNT_PASSWORDS)) {
      search(`${name} password of an account`, Buffer.from(password), isWire)
      expect(places.get('traffic of the server')?.includes(writeHex(Buffer.from(password)))).toBe(true)
    }
    search('unblock code', Buffer.from(alone.code), isWire)
    expect(places.get('traffic of the server')?.includes(writeHex(Buffer.from(alone.code)))).toBe(true)
    search('set-up code', Buffer.from(setUpCode), isWire)
    search('chosen password', Buffer.from(CHOSEN_PASSWORD), isWire)
    expect(found).toEqual([])
    // The search can find: the challenge is on record, and no secret.
    search('challenge', Buffer.from(challenge.replaceAll(' ', '')))
    expect(found.some((line) => line.includes('unlatch.db'))).toBe(true)
    expect(places.get('traffic of the server')?.includes(Buffer.from(cryptogram))).toBe(true)
  })
})

/** What a station's channel is for: an exchange of the PUK is sent whole, to one card. It is excluded, and nothing else. */
function withoutKeyCommands(captured: Buffer): Buffer {
  return Buffer.from(captured.toString('latin1').replace(/"0024008110[0-9A-F]{32}"/g, '"key command"'), 'latin1')
}
