import { openTerminal, unblock } from '@unlatch/agent'
import { readFd } from './read-fd.ts'
import { type AgentOptions, withAgent } from './terminal-agent.ts'

/** What the command line may say. */
interface Options extends AgentOptions {
  readonly inputFd?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** `unblock --offline`. */
export async function unblockAtTerminal(options: Options): Promise<void> {
  const terminal = openTerminal(readFd('--input-fd', options.inputFd))
  try {
    await withAgent(options, (agent) => {
      const { reader, force = false, json = false } = options
      return unblock(agent, terminal, { reader, isForced: force, isJson: json })
    })
  } finally {
    terminal.close()
  }
}
