import { Problem } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import { UnblockWithPuc } from '../tasks/unblock-with-puc.ts'
import { askNewPin, ENTRIES } from './ask-new-pin.ts'
import { beginUnblock, type UnblockOptions } from './begin-unblock.ts'
import { LANGUAGE } from './language.ts'
import { tellProblem, tellServer } from './tell.ts'
import type { Terminal } from './terminal.ts'

const words = MESSAGES[LANGUAGE].terminal

/**
 * `unblock --puc`: the PUC and the new PIN, both hidden, with nobody else. Only the JSON lines go to the output; everything
 * that a person reads goes to the error channel. The server is told afterwards, when it can be reached.
 */
export async function unblockWithPuc(agent: Agent, terminal: Terminal, options: UnblockOptions): Promise<void> {
  const { attempt, lost } = await beginUnblock(agent, terminal, options, UnblockWithPuc.begin)
  try {
    showCard(terminal, attempt, options.isJson)
    await Promise.race([lost, askPuc(terminal, attempt)])
    await askNewPin(terminal, attempt, lost)
    if (options.isJson) console.log(JSON.stringify({ event: 'done' }))
    else terminal.tell(`\n${words.done}`)
  } catch (error) {
    if (error instanceof Problem && error.code === 'puc-refused') tellProblem(terminal, error)
    throw error
  } finally {
    await attempt.end()
    await tellServer(agent, terminal)
  }
}

function showCard(terminal: Terminal, { reading, triesLeft }: UnblockWithPuc, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify({ event: 'card', pucTriesLeft: triesLeft ?? null }))
    return
  }
  if (reading.isBlocked) terminal.tell(words.blocked)
  terminal.tell(words.keepCard)
  if (triesLeft !== undefined) terminal.tell(words.pucTriesLeft.replace('{{count}}', String(triesLeft)))
}

async function askPuc(terminal: Terminal, attempt: UnblockWithPuc): Promise<void> {
  for (let entry = 1; ; entry++) {
    const typed = await terminal.ask(words.puc, true)
    try {
      return attempt.enterPuc(typed)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'puc-malformed' || entry === ENTRIES) throw error
      tellProblem(terminal, error)
    }
  }
}
