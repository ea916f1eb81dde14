import type { Problem } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import type { Terminal } from './terminal.ts'

const words = MESSAGES.en.terminal

/** Whatever goes wrong here changes nothing on the card, and must not hide how the unblock itself ended. */
export async function tellServer(agent: Agent, terminal: Terminal): Promise<void> {
  if ((await agent.journal.unreported()).length === 0) return
  await agent.contactServer().catch(() => {})
  const isTold = (await agent.journal.unreported()).length === 0
  terminal.tell(isTold ? words.reported : words.notReported)
}

/** What happened, what it means for the card, what to do now; with the facts that help. */
export function tellProblem(terminal: Terminal, problem: Problem): void {
  const text = MESSAGES.en.problems[problem.code]
  terminal.tell(`unlatch: ${text.happened} ${text.card} ${text.now}`)
  const { rules, entriesLeft, wrongGroups, triesLeft } = problem.facts
  if (Array.isArray(rules)) terminal.tell(`unlatch: hint: rules broken: ${rules.join(', ')}`)
  if (Array.isArray(wrongGroups) && wrongGroups.length > 0)
    terminal.tell(`unlatch: hint: wrong groups: ${wrongGroups.join(', ')}`)
  if (typeof entriesLeft === 'number') terminal.tell(`unlatch: hint: ${entriesLeft} entries left`)
  if (typeof triesLeft === 'number') terminal.tell(`unlatch: hint: ${triesLeft} tries left`)
}
