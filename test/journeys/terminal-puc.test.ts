import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from '@unlatch/server'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  addHolder,
  block,
  type HeldCard,
  isBlocked,
  issue,
  openHeld,
  openServer,
  openWorkplace,
  pukTries,
  signIn,
} from './call-stage.fixture.ts'

/** A cardholder with a PUC, alone at a terminal: nothing of it is an argument, a line on the screen, or in a file. */

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const NEW_PIN = '857142'

let folder: string
let server: RunningServer
let operator: OperatorClient
let yubikey: HeldCard
let gids: HeldCard

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-terminal-puc-'))
  server = await openServer(folder)
  operator = await signIn(server)
  const workplace = openWorkplace(folder, server)
  await workplace.agent.contactServer()
  const issueOne = async (kind: HeldCard['kind']) => {
    const held = await addHolder(server, folder, kind)
    workplace.reader.insert(openHeld(held))
    await issue(workplace, held)
    return held
  }
  yubikey = await issueOne('yubikey')
  gids = await issueOne('gids')
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  block(yubikey)
  block(gids)
})

/** What the letter says: the PUK that the system gave this card. */
function pucOf(held: HeldCard): string {
  const state = openHeld(held).save()
  if (state.kind === 'gids') throw new Error('a GIDS card has no PUC')
  return Buffer.from(state.puk.valueHex, 'hex').toString()
}

const argsOf = (held: HeldCard, ...more: string[]) => [
  ...['unblock', '--puc', '--virtual-card', held.path, '--folder', join(folder, 'agent')],
  ...['--server', server.url, '--configuration-key', server.configurationKeyHex],
  ...more,
]

/** A run that is given these lines on its standard input. */
function run(held: HeldCard, lines: readonly string[], ...more: string[]) {
  return runIn([process.execPath, UNLATCH, ...argsOf(held, ...more)], ['pipe', 'pipe', 'pipe'], (child) => {
    child.stdin?.end(lines.map((line) => `${line}\n`).join(''))
  })
}

async function runIn(
  [program = '', ...args]: readonly string[],
  stdio: 'pipe'[],
  speak: (child: ReturnType<typeof spawn>) => void,
) {
  const child = spawn(program, args, { stdio })
  onTestFinished(() => void child.kill('SIGKILL'))
  const told = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (octets) => {
      told[name] += octets
    })
  speak(child)
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, ...told }
}

const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex').toUpperCase(),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
]

/** Everything under a folder, as text. */
const textIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

const summaryOf = async ({ personId }: HeldCard) => (await operator.person(personId)).cards[0]

describe('unlatch unblock --puc', () => {
  test('PUC and new PIN set it; the server is told, and neither stands anywhere', async () => {
    const puc = pucOf(yubikey)
    const lines = [
      '1234',
      `${puc.slice(0, 4)} ${puc.slice(4)}`,
      '123456',
      '123456',
      NEW_PIN,
      '314159',
      NEW_PIN,
      NEW_PIN,
    ]
    const { status, stdout, stderr } = await run(yubikey, lines, '--trace')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    for (const text of [
      'eight digits of a PUC',
      'breaks the rules',
      'two PINs differ',
      'new PIN works',
      'was reported',
    ])
      expect(stderr).toContain(text)
    expect(stderr).toContain('Tries of the PUC left: 3')
    expect(acceptsPin(yubikey, NEW_PIN)).toBe(true)
    expect((await summaryOf(yubikey))?.exposedSince).toEqual(expect.any(String))
    const written = stderr + textIn(join(folder, 'agent')) + textIn(join(folder, 'server'))
    for (const secret of [puc, NEW_PIN].flatMap(formsOf)) expect(written).not.toContain(secret)
  })

  test('without the server: unblocked, and told at the next contact', async () => {
    const { status, stderr } = await run(yubikey, [pucOf(yubikey), NEW_PIN, NEW_PIN], '--server', 'http://localhost:1')
    expect(status).toBe(0)
    expect(stderr).toContain('will be reported when the server can be reached')
    expect(acceptsPin(yubikey, NEW_PIN)).toBe(true)
    const { agent } = openWorkplace(folder, server)
    expect(await agent.journal.unreported()).toMatchObject([{ outcome: 'unblocked', triesLeft: null }])
    await agent.contactServer()
    expect(await agent.journal.unreported()).toEqual([])
  })

  test('another PUC: exit 6, and how many tries are left; nothing is tried again', async () => {
    const { status, stderr } = await run(yubikey, ['11223344', NEW_PIN, NEW_PIN, NEW_PIN, NEW_PIN])
    expect(status).toBe(6)
    expect(stderr).toContain('hint: 2 tries left')
    expect(stderr).toMatch(/^unlatch: the card refused this PUC$/m)
    expect(pukTries(yubikey)).toBe(2)
    expect((await run(yubikey, [pucOf(yubikey), NEW_PIN, NEW_PIN])).status).toBe(0)
    expect(pukTries(yubikey)).toBe(3)
  })

  test('five times no PUC: exit 2, and the card was not asked', async () => {
    const { status, stderr } = await run(yubikey, new Array(5).fill('1234567'))
    expect(status).toBe(2)
    expect(stderr).toMatch(/^unlatch: a PUC has eight digits$/m)
    expect(pukTries(yubikey)).toBe(3)
    expect(isBlocked(yubikey)).toBe(true)
  })

  test('a card that is not blocked: exit 5; a GIDS card: exit 6; nothing is asked', async () => {
    expect((await run(yubikey, [pucOf(yubikey), NEW_PIN, NEW_PIN])).status).toBe(0)
    const notBlocked = await run(yubikey, [])
    expect(notBlocked).toEqual({ status: 5, stdout: '', stderr: 'unlatch: the card is not blocked\n' })
    const none = await run(gids, [])
    expect({ status: none.status, stdout: none.stdout }).toEqual({ status: 6, stdout: '' })
    expect(none.stderr).toBe('unlatch: this card cannot be unblocked this way\nunlatch: hint: this card has no PUC\n')
  })

  test('by another file descriptor, for a machine: one object a line', async () => {
    const { status, stdout } = await runIn(
      [process.execPath, UNLATCH, ...argsOf(yubikey, '--json', '--input-fd', '3')],
      ['pipe', 'pipe', 'pipe', 'pipe'],
      (child) => {
        const input = child.stdio[3]
        if (input && 'write' in input) input.end(`${pucOf(yubikey)}\n${NEW_PIN}\n${NEW_PIN}\n`)
      },
    )
    expect(status).toBe(0)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toEqual([{ event: 'card', pucTriesLeft: 3 }, { event: 'done' }])
  })

  test('the help says both ways', () => {
    const { stdout } = spawnSync(process.execPath, [UNLATCH, 'unblock', '--help'], { encoding: 'utf8' })
    expect(stdout).toMatch(/--offline +by telephone/)
    expect(stdout).toMatch(/--puc +with the PUC/)
  })
})

const SCRIPT = ['/usr/bin/script', '/bin/script'].find(existsSync)

describe.skipIf(!SCRIPT || process.platform !== 'linux')('at a terminal of its own', () => {
  test('nothing that is typed is seen', async () => {
    const words = [process.execPath, UNLATCH, ...argsOf(yubikey)].map((word) => `'${word}'`).join(' ')
    const puc = pucOf(yubikey)
    const { stdout } = await runIn(
      [SCRIPT ?? '', '-qfc', `${words}; echo "exit $?"`, '/dev/null'],
      ['pipe', 'pipe', 'pipe'],
      (child) => {
        let seen = ''
        const answers = [[/PUC \(eight digits\): $/, puc] as const, [/New PIN: $/, `${NEW_PIN}\r${NEW_PIN}`] as const]
        child.stdout?.on('data', (octets) => {
          seen += octets
          const [next] = answers
          if (next?.[0].test(seen)) {
            answers.shift()
            child.stdin?.write(`${next[1]}\r`)
          }
          if (seen.includes('exit ')) child.stdin?.end()
        })
      },
    )
    expect(stdout).toContain('exit 0')
    expect(stdout).not.toContain(puc)
    expect(stdout).not.toContain(NEW_PIN)
    expect(acceptsPin(yubikey, NEW_PIN)).toBe(true)
  })
})
