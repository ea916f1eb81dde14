import { groupCode, Problem, spellGroup } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import { OfflineUnblock } from '../tasks/unblock-offline.ts'
import { askNewPin } from './ask-new-pin.ts'
import { beginUnblock, type UnblockOptions } from './begin-unblock.ts'
import { LANGUAGE } from './language.ts'
import { tellProblem, tellServer } from './tell.ts'
import type { Terminal } from './terminal.ts'

const words = MESSAGES[LANGUAGE].terminal

/**
 * `unblock --offline`: the whole call at a terminal. The challenge and the receipt go to the output, everything else that a
 * person reads to the error channel.
 */
export async function unblock(agent: Agent, terminal: Terminal, options: UnblockOptions): Promise<void> {
  const { attempt, lost } = await beginUnblock(agent, terminal, options, OfflineUnblock.begin)
  try {
    showChallenge(terminal, attempt, agent.configuration().helpDeskPhone, options.isJson)
    await Promise.race([lost, askCryptogram(terminal, attempt)])
    const { receipt } = await askNewPin(terminal, attempt, lost)
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
  terminal.tell(`  ${groups.map((group) => spellGroup(group, LANGUAGE)).join(', ')}\n`)
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

function showEnd(terminal: Terminal, receipt: string | null, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify({ event: 'done', receipt }))
    return
  }
  terminal.tell(`\n${words.done}`)
  if (receipt === null) return
  terminal.tell(`${words.readReceipt}\n`)
  console.log(`  ${receipt}`)
  terminal.tell(`  ${spellGroup(receipt, LANGUAGE)}`)
}
