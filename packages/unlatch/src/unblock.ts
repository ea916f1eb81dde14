import { fstatSync } from 'node:fs'
import { openTerminal, unblock } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { type AgentOptions, withAgent } from './terminal-agent.ts'

/** What the command line may say. */
interface Options extends AgentOptions {
  readonly inputFd?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** `unblock --offline`. */
export async function unblockAtTerminal(options: Options): Promise<void> {
  const terminal = openTerminal(readFd(options.inputFd))
  try {
    await withAgent(options, (agent) => {
      const { reader, force = false, json = false } = options
      return unblock(agent, terminal, { reader, isForced: force, isJson: json })
    })
  } finally {
    terminal.close()
  }
}

/** A file descriptor that is open. */
function readFd(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    if (!/^\d{1,5}$/.test(text)) throw new RangeError('not a number')
    fstatSync(Number(text))
    return Number(text)
  } catch (cause) {
    throw new Problem('wrong-usage', { detail: `--input-fd ${text}: there is no such file descriptor`, cause })
  }
}
