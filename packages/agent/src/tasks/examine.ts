import { AGENT_CLOCK_SKEW_SECONDS, type ProblemCode } from '@unlatch/contract'
import type { MESSAGES } from '@unlatch/contract/messages'
import { type CardReaders, ReaderError } from './ports.ts'

/** Whether this computer can do its work, and keeps what it is told to itself: facts, and what is to be said of them. */

export interface ComputerFacts {
  /** The readers, each with how its card answers; or no service. */
  readonly readers: readonly ReaderFact[] | 'no-service'
  readonly server: ServerFact
  /** Where something records what cards are sent. */
  readonly apduLogs: readonly string[]
  /** What a crash leaves behind; null where nobody can tell. */
  readonly coreDumps: { readonly limit: string; readonly pattern: string } | null
  /** Windows: whether the policy allows its unblock screen to show a challenge; null elsewhere. */
  readonly allowsUnblockScreen: boolean | null
}

export interface ReaderFact {
  readonly name: string
  readonly card: 'none' | 'free' | 'in-use' | 'silent'
}

export type ServerFact =
  | { readonly kind: 'unsaid' }
  | { readonly kind: 'unreachable' | 'untrusted'; readonly url: string; readonly why: string }
  | {
      readonly kind: 'reached'
      readonly url: string
      /** By its Date header; null when it has none. */
      readonly secondsAhead: number | null
      /** What it says to this agent: who it is, or a problem. */
      readonly hello: { readonly name: string; readonly isStation: boolean } | ProblemCode
    }

type Words = (typeof MESSAGES)['en']['doctor']
export type Level = keyof Words['levels']

/** One line of the report. */
export interface Finding {
  readonly check: keyof Words['checks']
  readonly level: Level
  readonly finding: keyof Words['findings']
  /** What stands in its words. */
  readonly facts: Readonly<Record<string, string | number>>
}

/** A clock that differs by more than this will soon differ by too much. */
const CLOCK_WARNING_SECONDS = 60

/** What is to be said of a computer, in the order in which things depend on each other. */
export function examine(facts: ComputerFacts): Finding[] {
  return [
    ...examineReaders(facts.readers),
    ...examineServer(facts.server),
    facts.apduLogs.length === 0
      ? finding('apdu-log', 'ok', 'apdu-log-off')
      : finding('apdu-log', 'failed', 'apdu-log-on', { where: facts.apduLogs.join(', ') }),
    ...(facts.coreDumps === null ? [] : [examineCoreDumps(facts.coreDumps)]),
    ...(facts.allowsUnblockScreen === null
      ? []
      : [
          facts.allowsUnblockScreen
            ? finding('unblock-screen', 'ok', 'unblock-screen-on')
            : finding('unblock-screen', 'warning', 'unblock-screen-off'),
        ]),
  ]
}

/** The worst level of a report. */
export function worstOf(findings: readonly Finding[]): Level {
  const levels = findings.map(({ level }) => level)
  if (levels.includes('failed')) return 'failed'
  return levels.includes('warning') ? 'warning' : 'ok'
}

const finding = (
  check: Finding['check'],
  level: Level,
  code: Finding['finding'],
  facts: Finding['facts'] = {},
): Finding => ({ check, level, finding: code, facts })

function examineReaders(readers: ComputerFacts['readers']): Finding[] {
  if (readers === 'no-service') return [finding('pcsc', 'failed', 'pcsc-absent')]
  const runs = finding('pcsc', 'ok', 'pcsc-runs')
  if (readers.length === 0) return [runs, finding('readers', 'failed', 'readers-none')]
  const there = finding('readers', 'ok', 'readers-there', { names: readers.map(({ name }) => name).join(', ') })
  const cards = readers.flatMap(({ name: reader, card }) => {
    if (card === 'none') return []
    if (card === 'free') return [finding('cards', 'ok', 'card-free', { reader })]
    return [finding('cards', 'warning', card === 'in-use' ? 'card-in-use' : 'card-silent', { reader })]
  })
  return [runs, there, ...(cards.length > 0 ? cards : [finding('cards', 'warning', 'card-none')])]
}

function examineServer(server: ServerFact): Finding[] {
  switch (server.kind) {
    case 'unsaid':
      return [finding('server', 'failed', 'server-unsaid')]
    case 'unreachable':
    case 'untrusted': {
      const { url, why } = server
      return [finding('server', 'failed', `server-${server.kind}`, { url, why })]
    }
    case 'reached': {
      const { url, secondsAhead, hello } = server
      return [
        finding('server', 'ok', 'server-trusted', { url }),
        // An agent whose clock is wrong is not told whether it is enrolled.
        ...(hello === 'agent-clock' ? [] : [examineEnrolment(hello)]),
        ...(secondsAhead === null ? [] : [examineClock(secondsAhead)]),
      ]
    }
  }
}

function examineEnrolment(hello: Extract<ServerFact, { kind: 'reached' }>['hello']): Finding {
  if (typeof hello === 'object') {
    return finding('enrolment', 'ok', hello.isStation ? 'enrolled-station' : 'enrolled-holder', { name: hello.name })
  }
  switch (hello) {
    case 'agent-unknown':
      return finding('enrolment', 'failed', 'enrolled-not')
    case 'agent-too-old':
      return finding('enrolment', 'failed', 'agent-old')
    case 'server-too-old':
      return finding('enrolment', 'failed', 'server-old')
    default:
      return finding('enrolment', 'failed', 'enrolled-unknown', { why: hello })
  }
}

function examineClock(secondsAhead: number): Finding {
  const seconds = Math.abs(secondsAhead)
  if (seconds > AGENT_CLOCK_SKEW_SECONDS) return finding('clock', 'failed', 'clock-wrong', { seconds })
  if (seconds > CLOCK_WARNING_SECONDS) return finding('clock', 'warning', 'clock-off', { seconds })
  return finding('clock', 'ok', 'clock-right', { seconds })
}

/** A pattern that begins with a bar hands the memory to a program, whatever the limit; systemd's own obeys it. [core(5)] */
function examineCoreDumps({ limit, pattern }: NonNullable<ComputerFacts['coreDumps']>): Finding {
  const isObeyed = !pattern.startsWith('|') || pattern.includes('systemd-coredump')
  if (limit === '0' && isObeyed) return finding('core-dumps', 'ok', 'core-dumps-off')
  return finding('core-dumps', 'warning', 'core-dumps-on', { limit, pattern })
}

/** The readers, each with how its card answers. A card that can be reached is reset, as after every look at one. */
export async function lookAtReaders(readers: CardReaders): Promise<ReaderFact[] | 'no-service'> {
  try {
    const facts: ReaderFact[] = []
    for (const { name, hasCard, isInUse } of await readers.list()) {
      // One that another program has open is not tried: a call that waits for that program cannot be taken back.
      if (isInUse) facts.push({ name, card: 'in-use' })
      else facts.push({ name, card: hasCard ? await tryCard(readers, name) : 'none' })
    }
    return facts
  } catch (error) {
    if (error instanceof ReaderError) return 'no-service'
    throw error
  }
}

async function tryCard(readers: CardReaders, reader: string): Promise<ReaderFact['card']> {
  try {
    await (await readers.connect(reader)).disconnect()
    return 'free'
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    return error.code === 'in-use' ? 'in-use' : 'silent'
  }
}
