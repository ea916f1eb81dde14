import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from '@unlatch/server'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  addHolder,
  answerCall,
  beliefOf,
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

/** The command line, as a person and a program meet it. */

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))
const NEW_PIN = '857142'

let folder: string
let server: RunningServer
let operator: OperatorClient
let cards: Record<'yubikey' | 'gids', HeldCard>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-terminal-'))
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
  cards = { yubikey: await issueOne('yubikey'), gids: await issueOne('gids') }
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  for (const held of Object.values(cards)) block(held)
})

/** A run that is told nothing. */
async function run(...args: string[]) {
  const { told, ended } = talk(args, ['ignore', 'pipe', 'pipe'])
  return { status: await ended, ...told }
}

const unblockArgs = (held: HeldCard, ...more: string[]) => [
  'unblock',
  '--offline',
  ...['--virtual-card', held.path, '--folder', join(folder, 'agent')],
  ...['--server', server.url, '--configuration-key', server.configurationKeyHex],
  ...more,
]

/** A run that is spoken to. */
function talk(args: string[], stdio: ('pipe' | 'ignore')[] = ['pipe', 'pipe', 'pipe']) {
  const child = spawn(process.execPath, [UNLATCH, ...args], { stdio })
  onTestFinished(() => void child.kill('SIGKILL'))
  return listenTo(child)
}

function listenTo(child: ChildProcess) {
  const told = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (octets) => {
      told[name] += octets
      for (const look of waiting) look()
    })
  }
  const ended = once(child, 'close').then(([status]) => status as number | null)
  const until = (pattern: RegExp, where: 'stdout' | 'stderr') =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(told[where])
        if (found) resolve(found)
      }
      waiting.add(look)
      look()
      void ended.then(() => reject(new Error(`it ended without ${pattern}: ${told.stdout} ${told.stderr}`)))
    })
  return { child, told, until, ended }
}

const CARD_NOT_BLOCKED = 'unlatch: the card is not blocked\n'
const CHALLENGE = /^ {2}((?:[0-9A-Z]{5} ?)+)$/m

describe('what it says of itself', () => {
  test('no word: what it can do, by audience, on the output', async () => {
    const { status, stdout, stderr } = await run()
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const audiences = ['To look around:', 'For cardholders:', 'For operators', 'For administrators:', 'For developers:']
    for (const audience of audiences) expect(stdout).toContain(audience)
    expect((await run('--help')).stdout).toBe(stdout)
  })

  test.each([
    [['dmeo'], /^unlatch: unknown command 'dmeo'\n(unlatch: hint: .*\n)?$/],
    [['unblock'], /^unlatch: .*\nunlatch: hint: say --offline \(by telephone\) or --puc\n$/],
    [['unblock', '--offline', '--puc'], /^unlatch: .*\nunlatch: hint: say --offline \(by telephone\) or --puc\n$/],
    [['unblock', '--puc', '12345678', '--folder', '/nowhere'], /^unlatch: too many arguments/],
    [
      ['demo', '--script', 'nothing'],
      /^unlatch: the command is not used like this\nunlatch: hint: there is no script nothing\n$/,
    ],
    [['demo', '--port', 'x'], /^unlatch: .*\nunlatch: hint: a port is 0 to 65535\n$/],
    [['unblock', '--offline', '--folder', '/nowhere'], /hint: enrol this computer with: unlatch agent enrol\n$/],
    [['unblock', '--offline', '--pin', '123456'], /^unlatch: unknown option '--pin'\n$/],
    [['unblock', '--offline', '--input-fd', 'x', '--server', 'http://localhost:1'], /hint: --input-fd x/],
  ])('%j is wrong usage: exit 2, on the error channel', async (args, message) => {
    const { status, stdout, stderr } = await run(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('a file that is no card', async () => {
    const path = join(folder, 'no-card.json')
    writeFileSync(path, '{}')
    const { status, stderr } = await run(...unblockArgs({ ...cards.yubikey, path }))
    expect(status).toBe(2)
    expect(stderr).toContain('is not a virtual card')
    expect((await run(...unblockArgs({ ...cards.yubikey, path: `${path}.not` }))).stderr).toContain('there is no card')
  })

  test('a spoiled file of what was kept: said again, it is written anew', async () => {
    const own = join(folder, 'spoiled')
    const before = await run(...unblockArgs(cards.yubikey, '--folder', own))
    writeFileSync(join(own, 'agent.json'), '{"serv')
    expect((await run('unblock', '--offline', '--folder', own)).stderr).toContain('unlatch agent enrol')
    expect((await run(...unblockArgs(cards.yubikey, '--folder', own))).status).toBe(before.status)
    expect(JSON.parse(readFileSync(join(own, 'agent.json'), 'utf8'))).toMatchObject({ serverUrl: server.url })
  })

  test('a reader that is not there: nothing there, or no PC/SC at all', async () => {
    const { status, stdout, stderr } = await run(...unblockArgs(cards.yubikey, '--reader', 'nobody’s'))
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' })
    expect(stderr).toBe('unlatch: there is no card reader\n')
    const [, , , , ...real] = unblockArgs(cards.yubikey)
    const { status: exit, stderr: said } = await run('unblock', '--offline', ...real)
    expect([4, 7]).toContain(exit)
    expect(said).toMatch(/^unlatch: (the card readers cannot be reached|there is no card( reader| in the reader))\n/)
  })
})

describe('a card', () => {
  test('that is not blocked: exit 5, and nothing is asked', async () => {
    const unissued = await addHolder(server, folder, 'piv-lenient')
    expect(await run(...unblockArgs(unissued))).toMatchObject({ status: 5, stdout: '', stderr: CARD_NOT_BLOCKED })
    const issued = cards.yubikey
    await unblockBy(issued)
    expect(await run(...unblockArgs(issued))).toMatchObject({ status: 5, stdout: '', stderr: CARD_NOT_BLOCKED })
  })

  test('nothing more to read: the attempt ends, exit 2, the card is as it was', async () => {
    const { status, stderr } = await run(...unblockArgs(cards.yubikey))
    expect(status).toBe(2)
    expect(stderr).toContain('hint: nothing more to read')
    expect(isBlocked(cards.yubikey)).toBe(true)
  })

  test('without the server: unblocked, and kept for the next contact', async () => {
    await unblockBy(cards.yubikey, ['--server', 'http://localhost:1'])
    expect((await run(...unblockArgs(cards.yubikey))).status).toBe(5)
  })
})

/** A call by answers on the standard input; what it said on both channels. */
async function unblockBy(held: HeldCard, more: string[] = []) {
  const { child, told, until, ended } = talk(unblockArgs(held, ...more))
  const [, challenge = ''] = await until(CHALLENGE, 'stdout')
  const code = await answerCall(operator, held, challenge.replaceAll(' ', ''))
  child.stdin?.write(`000000000000\n${code}\n123456\n123456\n${NEW_PIN}\n314159\n${NEW_PIN}\n${NEW_PIN}\n`)
  expect(await ended).toBe(0)
  expect(acceptsPin(held, NEW_PIN)).toBe(true)
  return { ...told, code }
}

/** A secret as it might be printed. */
const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex').toUpperCase(),
  Buffer.from(secret).toString('base64'),
]

describe('a call', () => {
  test.each(['yubikey', 'gids'] as const)(
    '%s: challenge and receipt on the output, the rest beside it',
    async (kind) => {
      const { stdout, stderr } = await unblockBy(cards[kind])
      const receipt = kind === 'yubikey' ? / {2}0\d{3}\n$/ : /^/
      expect(stdout).toMatch(CHALLENGE)
      expect(stdout).toMatch(receipt)
      expect(stdout.trim().split('\n')).toHaveLength(kind === 'yubikey' ? 2 : 1)
      for (const text of ['mistyped', 'breaks the rules', 'two PINs differ', 'Your new PIN works', 'was reported']) {
        expect(stderr).toContain(text)
      }
      expect((await beliefOf(operator, cards[kind])).outcomes[0]).toBe('unblocked')
    },
  )

  test.each(['yubikey', 'gids'] as const)(
    '%s: a trace shows the commands, and no PIN, PUK or cryptogram',
    async (kind) => {
      const state = openHeld(cards[kind]).save()
      const { stdout, stderr, code } = await unblockBy(cards[kind], ['--trace'])
      expect(stderr).toContain('RESET RETRY COUNTER')
      expect(stderr).toContain('not shown')
      const puk = state.kind === 'gids' ? (state.adminKeyHex ?? '') : Buffer.from(state.puk.valueHex, 'hex').toString()
      const response = kind === 'gids' ? [0, 7, 14, 21].map((i) => code.slice(i, i + 5)).join('') : code
      const secrets = [
        ...formsOf(NEW_PIN),
        ...formsOf(puk),
        ...formsOf(code),
        BigInt(response).toString(16).toUpperCase(),
      ]
      for (const secret of secrets) expect(`${stdout}${stderr}`).not.toContain(secret)
    },
  )

  test('by another file descriptor, for a machine: one object a line', async () => {
    const { child, told, until, ended } = talk(unblockArgs(cards.yubikey, '--json', '--input-fd', '3'), [
      'ignore',
      'pipe',
      'pipe',
      'pipe',
    ])
    const [line] = await until(/^\{.*\}$/m, 'stdout')
    const { event, challenge, form } = JSON.parse(line)
    expect({ event, form }).toEqual({ event: 'challenge', form: 'masked' })
    const input = child.stdio[3] as Writable
    input.write(`${await answerCall(operator, cards.yubikey, challenge)}\n${NEW_PIN}\n${NEW_PIN}\n`)
    expect(await ended).toBe(0)
    const events = told.stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text))
    expect(events.map((said) => said.event)).toEqual(['challenge', 'done'])
    expect(events[1].receipt).toMatch(/^0\d{3}$/)
    expect(acceptsPin(cards.yubikey, NEW_PIN)).toBe(true)
  })

  test('whose output nobody reads any more is done to its end', async () => {
    const { child, until, ended } = talk(unblockArgs(cards.yubikey))
    const [, challenge = ''] = await until(CHALLENGE, 'stdout')
    const closing = child.stdout as Readable
    closing.destroy()
    const code = await answerCall(operator, cards.yubikey, challenge.replaceAll(' ', ''))
    child.stdin?.write(`${code}\n${NEW_PIN}\n${NEW_PIN}\n`)
    expect(await ended).toBe(0)
    expect(acceptsPin(cards.yubikey, NEW_PIN)).toBe(true)
  })

  test('five wrong cryptograms: exit 5, and no try is lost', async () => {
    const { child, told, ended } = talk(unblockArgs(cards.yubikey))
    child.stdin?.write('123\n'.repeat(5))
    expect(await ended).toBe(5)
    expect(told.stderr).toContain('unlatch: the challenge is no longer valid')
    expect(pukTries(cards.yubikey)).toBe(3)
  })
})

const SCRIPT = ['/usr/bin/script', '/bin/script'].find(existsSync)

describe.skipIf(!SCRIPT || process.platform !== 'linux')('at a terminal', () => {
  /** A run on a terminal of its own; how that terminal is left is told at the end. */
  function atTerminal(held: HeldCard) {
    const words = [process.execPath, UNLATCH, ...unblockArgs(held)].map((word) => `'${word}'`).join(' ')
    const command = `${words}; echo "exit $?"; stty -a`
    const child = spawn(SCRIPT ?? '', ['-qfc', command, '/dev/null'], { stdio: 'pipe' })
    onTestFinished(() => void child.kill('SIGKILL'))
    return listenTo(child)
  }

  test('what is typed is seen, but for the PIN; afterwards the terminal is as it was', async () => {
    const { child, told, until, ended } = atTerminal(cards.yubikey)
    const [, challenge = ''] = await until(/ {2}([0-9A-Z]{5} [0-9A-Z]{5})\r?\n/, 'stdout')
    const code = await answerCall(operator, cards.yubikey, challenge.replaceAll(' ', ''))
    await until(/Cryptogram: $/, 'stdout')
    child.stdin?.write(`9\u007f${code}\r`)
    await until(/New PIN: $/, 'stdout')
    // Both at once, as fast fingers do.
    child.stdin?.write(`${NEW_PIN}\r${NEW_PIN}\r`)
    await until(/exit 0\r?\n[\s\S]* icanon/, 'stdout')
    child.stdin?.end()
    await ended
    expect(told.stdout).toContain(code)
    expect(told.stdout).not.toContain(NEW_PIN)
    expect(told.stdout).toMatch(/[^-]icanon/)
    expect(told.stdout).toMatch(/[^-]echo\b/)
    expect(acceptsPin(cards.yubikey, NEW_PIN)).toBe(true)
  })

  test('Ctrl C at a prompt ends it; the terminal is as it was, and the card too', async () => {
    const { child, told, until } = atTerminal(cards.yubikey)
    await until(/Cryptogram: $/, 'stdout')
    child.stdin?.write('\u0003')
    await until(/exit 5\r?\n[\s\S]* icanon/, 'stdout')
    expect(told.stdout).toMatch(/[^-]icanon/)
    expect(isBlocked(cards.yubikey)).toBe(true)
  })
})
