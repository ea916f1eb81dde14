import { groupCode, Problem, spellGroup } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import { chooseReader } from '../tasks/choose-reader.ts'
import { OfflineUnblock } from '../tasks/unblock-offline.ts'
import type { Terminal } from './terminal.ts'

/** What may be chosen on the command line. */
export interface UnblockOptions {
  readonly reader: string | undefined
  readonly isForced: boolean
  /** Machine-readable: one JSON object a line on the output. */
  readonly isJson: boolean
}

const words = MESSAGES.en.terminal
/** Times that a PIN may be typed wrongly before the command gives up. */
const PIN_ENTRIES = 5

/**
 * `unblock --offline`: the whole call at a terminal. The challenge and the receipt go to the output, everything else that a
 * person reads to the error channel.
 */
export async function unblock(agent: Agent, terminal: Terminal, options: UnblockOptions): Promise<void> {
  const reader = await chooseReader(agent.readers, options.reader)
  await agent.contactServer().catch(() => {})
  if (!agent.isConfigured()) terminal.tell(words.notConfigured)
  const { readers, journal } = agent
  const tools = { readers, journal, configuration: agent.configuration(), now: () => new Date() }
  const attempt = await OfflineUnblock.begin(tools, reader, options.isForced)
  const lost = attempt.whenLost().then((problem) => Promise.reject(problem))
  lost.catch(() => {})
  try {
    showChallenge(terminal, attempt, agent.configuration().helpDeskPhone, options.isJson)
    await Promise.race([lost, askCryptogram(terminal, attempt)])
    const receipt = await askNewPin(terminal, attempt, lost)
    showEnd(terminal, receipt, options.isJson)
  } finally {
    await attempt.end()
    await tellServer(agent, terminal)
  }
}

function showChallenge(terminal: Terminal, attempt: OfflineUnblock, phone: string, isJson: boolean): void {
  const { challenge, form } = attempt.way
  if (isJson) {
    console.log(JSON.stringify({ event: 'challenge', challenge, form }))
    return
  }
  const groups = groupCode(challenge, form)
  if (attempt.reading.isBlocked) terminal.tell(words.blocked)
  if (phone) terminal.tell(words.callHelpDesk.replace('{{phone}}', phone))
  terminal.tell(`${words.keepCard}\n\n${words.readChallenge}\n`)
  console.log(`  ${groups.join(' ')}`)
  terminal.tell(`  ${groups.map((group) => spellGroup(group)).join(', ')}\n`)
}

async function askCryptogram(terminal: Terminal, attempt: OfflineUnblock): Promise<void> {
  for (;;) {
    const typed = await terminal.ask(words.cryptogram, false)
    try {
      return await attempt.enterCryptogram(typed)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'cryptogram-mistyped') throw error
      tellProblem(terminal, error)
    } finally {
      typed.fill(0)
    }
  }
}

async function askNewPin(terminal: Terminal, attempt: OfflineUnblock, lost: Promise<never>): Promise<string | null> {
  let hasConsent = false
  for (let entry = 1; ; entry++) {
    const newPin = await Promise.race([lost, askTwice(terminal)])
    try {
      if (!newPin) throw new Problem('pin-mismatch')
      return (await attempt.setNewPin(newPin, hasConsent)).receipt
    } catch (error) {
      if (!(error instanceof Problem) || entry === PIN_ENTRIES) throw error
      if (error.code === 'last-try') hasConsent = await askConsent(terminal, error)
      else if (!['pin-mismatch', 'pin-policy', 'pin-refused-by-card'].includes(error.code)) throw error
      tellProblem(terminal, error)
    }
  }
}

/** The new PIN, twice; undefined when the two differ. */
async function askTwice(terminal: Terminal): Promise<Uint8Array | undefined> {
  const first = await terminal.ask(words.newPin, true)
  const second = await terminal.ask(words.confirm, true)
  const isSame = first.length === second.length && first.every((octet, i) => octet === second[i])
  second.fill(0)
  if (!isSame) first.fill(0)
  return isSame ? first : undefined
}

async function askConsent(terminal: Terminal, problem: Problem): Promise<boolean> {
  const typed = new TextDecoder().decode(await terminal.ask(words.consent, false))
  if (typed.trim() !== words.consentWord) throw problem
  return true
}

function showEnd(terminal: Terminal, receipt: string | null, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify({ event: 'done', receipt }))
    return
  }
  terminal.tell(`\n${words.done}`)
  if (receipt === null) return
  terminal.tell(`${words.readReceipt}\n`)
  console.log(`  ${receipt}`)
  terminal.tell(`  ${spellGroup(receipt)}`)
}

/** Whatever goes wrong here changes nothing on the card, and must not hide how the unblock itself ended. */
async function tellServer(agent: Agent, terminal: Terminal): Promise<void> {
  if ((await agent.journal.unreported()).length === 0) return
  await agent.contactServer().catch(() => {})
  const isTold = (await agent.journal.unreported()).length === 0
  terminal.tell(isTold ? words.reported : words.notReported)
}

/** What happened, what it means for the card, what to do now; with the facts that help. */
function tellProblem(terminal: Terminal, problem: Problem): void {
  const text = MESSAGES.en.problems[problem.code]
  terminal.tell(`unlatch: ${text.happened} ${text.card} ${text.now}`)
  const { rules, entriesLeft, wrongGroups } = problem.facts
  if (Array.isArray(rules)) terminal.tell(`unlatch: hint: rules broken: ${rules.join(', ')}`)
  if (Array.isArray(wrongGroups) && wrongGroups.length > 0)
    terminal.tell(`unlatch: hint: wrong groups: ${wrongGroups.join(', ')}`)
  if (typeof entriesLeft === 'number') terminal.tell(`unlatch: hint: ${entriesLeft} entries left`)
}
