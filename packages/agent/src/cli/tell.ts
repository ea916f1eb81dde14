import type { Problem } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import { LANGUAGE } from './language.ts'
import type { Terminal } from './terminal.ts'

const words = MESSAGES[LANGUAGE].terminal

/** Whatever goes wrong here changes nothing on the card, and must not hide how the unblock itself ended. */
export async function tellServer(agent: Agent, terminal: Terminal): Promise<void> {
  if ((await agent.journal.unreported()).length === 0) return
  await agent.contactServer().catch(() => {})
  const isTold = (await agent.journal.unreported()).length === 0
  terminal.tell(isTold ? words.reported : words.notReported)
}

/** What happened, what it means for the card, what to do now; with the facts that help. */
export function tellProblem(terminal: Terminal, problem: Problem): void {
  const text = MESSAGES[LANGUAGE].problems[problem.code]
  terminal.tell(`unlatch: ${text.happened} ${text.card} ${text.now}`)
  const { rules, entriesLeft, wrongGroups, triesLeft } = problem.facts
  const { hints } = words
  const hint = (text: string, value: string | number) =>
    terminal.tell(`unlatch: ${text.replace(/\{\{\w+\}\}/, String(value))}`)
  if (Array.isArray(rules)) hint(hints.rules, rules.join(', '))
  if (Array.isArray(wrongGroups) && wrongGroups.length > 0) hint(hints.wrongGroups, wrongGroups.join(', '))
  if (typeof entriesLeft === 'number') hint(hints.entriesLeft, entriesLeft)
  if (typeof triesLeft === 'number') hint(hints.triesLeft, triesLeft)
}
