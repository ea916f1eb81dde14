import { isEqual, type Octets, readHex, writeHex } from '@unlatch/card'
import { type Channel, type CommandApdu, readAll, readCommand, readResponse, readSequence } from '@unlatch/card/iso7816'
import type { VirtualCard } from './virtual-card.ts'

/**
 * Recorded transcripts, as data: a header (`source:`, `card:`, `expect:`, `comment:`), an empty line, then commands (`>`),
 * answers (`<`) and remarks (`#`): `RESET`, `POWER ON`, and `====` before what a client was asked to do.
 *
 * A transcript serves two ways: as a card that answers what was recorded, and as a client whose commands another card must
 * answer alike.
 */

/** One command with its answer. */
export interface Exchange {
  readonly command: Octets
  readonly answer: Octets
  /** Line of the command, from 1. */
  readonly line: number
  /** What the client was asked to do. */
  readonly task: string
  /** The card was powered or reset since the exchange before. */
  readonly isAfterReset: boolean
}

/** A transcript as read. */
export interface Transcript {
  readonly header: Readonly<Record<string, readonly string[]>>
  readonly exchanges: readonly Exchange[]
}

/** A transcript is malformed, or a client left it. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
}

const HEADER_KEYS = ['source', 'card', 'expect', 'comment']

/** Reads a transcript; an unknown header key or line is an error. */
export function readTranscript(text: string): Transcript {
  const lines = text.split('\n')
  const end = lines.indexOf('')
  return { header: readHeader(lines.slice(0, end)), exchanges: readExchanges(lines, end) }
}

function readHeader(lines: readonly string[]): Record<string, string[]> {
  const header: Record<string, string[]> = {}
  for (const line of lines) {
    const [, key = '', value = ''] = /^(\w+): (.+)$/.exec(line) ?? []
    if (!HEADER_KEYS.includes(key)) throw new ReplayError(`unknown header: ${line}`)
    header[key] = [...(header[key] ?? []), value]
  }
  return header
}

function readExchanges(lines: readonly string[], from: number): Exchange[] {
  const exchanges: Exchange[] = []
  let [task, isAfterReset] = ['', true]
  let command: { octets: Octets; line: number } | undefined
  for (const [index, line] of lines.entries()) {
    if (index <= from || line === '') continue
    if (line.startsWith('# ====')) task = line.slice(7)
    else if (/^# (RESET|POWER ON)/.test(line)) isAfterReset = true
    else if (line.startsWith('> ')) command = { octets: readHex(line.slice(2)), line: index + 1 }
    else if (line.startsWith('< ') && command) {
      const answer = readHex(line.slice(2))
      exchanges.push({ command: command.octets, answer, line: command.line, task, isAfterReset })
      ;[isAfterReset, command] = [false, undefined]
    } else if (!line.startsWith('#')) throw new ReplayError(`line ${index + 1} is neither command nor answer`)
  }
  return exchanges
}

/** A card that is a transcript: it answers its commands in their order, and fails on any other one. */
export class ReplayChannel implements Channel {
  readonly #exchanges: readonly Exchange[]
  #next = 0

  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges
  }

  /** True when nothing recorded is left. */
  get isAtEnd(): boolean {
    return this.#next === this.#exchanges.length
  }

  /** @throws ReplayError when the command is not the next one of the transcript. */
  async transmit(command: Uint8Array): Promise<Octets> {
    const expected = this.#exchanges[this.#next]
    if (!expected || !isEqual(command, expected.command)) {
      const wanted = expected ? `line ${expected.line} has ${writeHex(expected.command)}` : 'nothing is left'
      throw new ReplayError(`${writeHex(command)} sent; ${wanted}`)
    }
    this.#next++
    return expected.answer
  }
}

/** Where a card answered otherwise than the recorded one. */
export interface ReplayDifference {
  readonly line: number
  readonly task: string
  readonly command: string
  readonly recorded: string
  readonly answered: string
}

/** A random source that gives the octets prepared for it, and otherwise those of another source. */
export class PreparedRandom {
  #prepared: Octets[] = []
  readonly #otherwise: (length: number) => Uint8Array

  constructor(otherwise: (length: number) => Uint8Array) {
    this.#otherwise = otherwise
  }

  prepare(...octets: Octets[]): void {
    this.#prepared = octets
  }

  readonly draw = (length: number): Uint8Array => {
    const at = this.#prepared.findIndex((octets) => octets.length === length)
    return at === -1 ? this.#otherwise(length) : (this.#prepared.splice(at, 1)[0] as Octets)
  }
}

/**
 * Sends a transcript's commands to a card and lists where it answers otherwise.
 *
 * The card's random source is prepared with the challenges of the transcript, so that the recorded cryptograms are right
 * for it too; a recorded refusal meets a challenge that is really random.
 */
export function replay(exchanges: readonly Exchange[], card: VirtualCard, random: PreparedRandom): ReplayDifference[] {
  const differences: ReplayDifference[] = []
  for (const [index, { command, answer, line, task, isAfterReset }] of exchanges.entries()) {
    if (isAfterReset) card.reset()
    random.prepare(...findChallenge(command, answer, exchanges[index + 1]))
    const answered = writeHex(card.transmit(command))
    const recorded = writeHex(answer)
    if (answered !== recorded) differences.push({ line, task, command: writeHex(command), recorded, answered })
  }
  return differences
}

const INS_GENERAL_AUTHENTICATE = 0x87

/**
 * The octets that the recorded card drew for this answer. A challenge stands in the answer; a witness is known only from
 * the client that deciphered it rightly.
 */
function findChallenge(command: Octets, answer: Octets, next: Exchange | undefined): Octets[] {
  const asked = findTemplate(readCommand(command))
  if (asked?.get(0x80)?.length === 0 && next && isGood(next.answer)) {
    const witness = findTemplate(readCommand(next.command))?.get(0x80)
    return witness ? [witness] : []
  }
  const challenge = asked?.has(0x81) && findTemplate({ ...readCommand(command), data: readResponse(answer).data })
  return challenge ? [...challenge.values()] : []
}

const isGood = (answer: Octets) => writeHex(answer).endsWith('9000')

function findTemplate({ ins, data }: CommandApdu): Map<number, Octets> | undefined {
  if (ins !== INS_GENERAL_AUTHENTICATE || !data?.length) return undefined
  const inside = readAll(data, (cursor) => cursor.read(0x7c))
  return new Map(readSequence(inside).map(({ tag, value }) => [tag, value]))
}
