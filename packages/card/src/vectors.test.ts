import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as gids from './gids/index.ts'
import { CardError, type Channel } from './iso7816/index.ts'
import { ascii, isEqual, type Octets, readHex, writeHex } from './octets.ts'
import * as piv from './piv/index.ts'

/**
 * Vectors are data: a header, then what was sent (`>`) and answered (`<`). Each is run as it stands, and with the card's
 * answers handed out in pieces of seven octets, which must make no difference.
 */

const HEADER_KEYS = ['source', 'card', 'run', 'expect', 'comment']

interface Vector {
  readonly name: string
  readonly run: string
  readonly expected: string
  readonly exchanges: { command: Octets; answer: Octets }[]
}

function readVector(path: string): Vector {
  const [head = '', body = ''] = readFileSync(path, 'utf8').split('\n\n')
  const header = new Map(head.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]))
  for (const key of header.keys()) if (!HEADER_KEYS.includes(key)) throw new Error(`${path}: unknown header ${key}`)
  const lines = body.trim().split('\n')
  const exchanges = lines.flatMap((line, i) => {
    if (line.startsWith('<')) return []
    return [{ command: readHex(line.slice(2)), answer: readHex((lines[i + 1] ?? '').slice(2)) }]
  })
  const { run, expected } = { run: header.get('run'), expected: header.get('expect') }
  if (!run || !expected || !header.get('source')) throw new Error(`${path}: incomplete header`)
  return { name: `${basename(dirname(path))}/${basename(path, '.txt')}`, run, expected, exchanges }
}

/** Answers the vector's commands in their order; another command fails. */
class VectorChannel implements Channel {
  readonly #exchanges: Vector['exchanges']
  #next = 0

  constructor(exchanges: Vector['exchanges']) {
    this.#exchanges = exchanges
  }

  get isUsedUp(): boolean {
    return this.#next === this.#exchanges.length
  }

  async transmit(command: Uint8Array): Promise<Octets> {
    const exchange = this.#exchanges[this.#next++]
    if (!exchange || !isEqual(exchange.command, command)) throw new Error(`not in the vector: ${writeHex(command)}`)
    return exchange.answer
  }
}

/** Hands out long answers in pieces, by GET RESPONSE. */
class PiecemealChannel implements Channel {
  readonly #inner: Channel
  #rest: Octets = new Uint8Array(0)

  constructor(inner: Channel) {
    this.#inner = inner
  }

  async transmit(command: Uint8Array): Promise<Octets> {
    const isGetResponse = command[1] === 0xc0 && this.#rest.length > 0
    const answer = isGetResponse ? this.#rest : await this.#inner.transmit(command)
    this.#rest = new Uint8Array(0)
    if (answer.length - 2 <= 7 || answer.at(-2) !== 0x90) return answer
    this.#rest = answer.slice(7)
    return Uint8Array.of(...answer.subarray(0, 7), 0x61, Math.min(this.#rest.length - 2, 255))
  }
}

const RUNS: Record<string, (channel: Channel, ...args: string[]) => Promise<unknown>> = {
  'piv.select': (channel) => piv.select(channel).then(() => undefined),
  'piv.readPinTries': async (channel) => {
    const tries = await piv.readPinTries(channel)
    return [
      tries.state,
      ...(tries.state === 'left' && tries.retriesLeft !== undefined ? [tries.retriesLeft] : []),
    ].join(' ')
  },
  'piv.verifyPin': (channel, pin = '') => piv.verifyPin(channel, ascii(pin)),
  'piv.resetRetryCounter': (channel, puk = '', pin = '') => piv.resetRetryCounter(channel, ascii(puk), ascii(pin)),
  'piv.changeReferenceData': (channel, reference = '', old = '', fresh = '') =>
    piv.changeReferenceData(channel, Number.parseInt(reference, 16), ascii(old), ascii(fresh)),
  'piv.getObject': (channel, tag = '') => piv.getObject(channel, Number.parseInt(tag, 16)),
  'piv.certificate': (channel) => piv.readAuthenticationCertificate(channel),
  'piv.sign': (channel, algorithm = '', digest = '') =>
    piv.signWithAuthenticationKey(channel, algorithm as piv.SigningAlgorithm, readHex(digest)),
  'piv.agree': (channel, point = '') => piv.agree(channel, readHex(point)),
  'yubico.findRetries': async (channel, reference = '') => {
    const found = await piv.findRetries(channel, Number.parseInt(reference, 16))
    return found ? `${found.limit} ${found.left}` : 'absent'
  },
  'gids.select': (channel) => gids.select(channel).then(() => undefined),
  'gids.getCardUuid': (channel) => gids.getCardUuid(channel),
  'gids.readPinRetries': async (channel) => {
    const { left, limit } = await gids.readPinRetries(channel)
    return `${left} ${limit}`
  },
  'gids.getAdminChallenge': (channel) => gids.getAdminChallenge(channel),
  'gids.answerAdminChallenge': (channel, response = '') => gids.answerAdminChallenge(channel, readHex(response)),
  'gids.resetRetryCounter': (channel, pin = '') => gids.resetRetryCounter(channel, ascii(pin)),
  'gids.verifyPin': (channel, pin = '') => gids.verifyPin(channel, ascii(pin)),
}

async function outcomeOf(vector: Vector, channel: Channel): Promise<string> {
  const [verb = '', ...args] = vector.run.split(' ')
  const run = RUNS[verb]
  if (!run) throw new Error(`nobody runs ${verb}`)
  try {
    const result = await run(channel, ...args)
    if (typeof result === 'string') return result
    return result instanceof Uint8Array ? `ok ${writeHex(result)}` : 'ok'
  } catch (error) {
    if (!(error instanceof CardError)) throw error
    const { fault } = error
    return 'retriesLeft' in fault && fault.retriesLeft !== undefined ? `${fault.code} ${fault.retriesLeft}` : fault.code
  }
}

describe('vectors', () => {
  const folder = join(import.meta.dirname, '..', 'vectors')
  for (const path of globSync('{piv,gids}/*.txt', { cwd: folder }).sort()) {
    const vector = readVector(join(folder, path))
    it(vector.name, async () => {
      const whole = new VectorChannel(vector.exchanges)
      expect(await outcomeOf(vector, whole)).toBe(vector.expected)
      expect(whole.isUsedUp).toBe(true)
      const pieces = new VectorChannel(vector.exchanges)
      expect(await outcomeOf(vector, new PiecemealChannel(pieces))).toBe(vector.expected)
    })
  }
})
