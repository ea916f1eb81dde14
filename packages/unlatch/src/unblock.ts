import { openTerminal, unblock, unblockWithPuc } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { readFd } from './read-fd.ts'
import { type AgentOptions, withAgent } from './terminal-agent.ts'

/** What the command line may say. */
interface Options extends AgentOptions {
  readonly offline?: boolean
  readonly puc?: boolean
  readonly inputFd?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** `unblock --offline`, by telephone; `unblock --puc`, with the PUC that its holder has. */
export async function unblockAtTerminal(options: Options): Promise<void> {
  const { reader, offline = false, puc = false, force = false, json = false } = options
  if (offline === puc) throw new Problem('wrong-usage', { detail: 'say --offline (by telephone) or --puc' })
  const terminal = openTerminal(readFd('--input-fd', options.inputFd))
  try {
    await withAgent(options, (agent) => {
      const work = puc ? unblockWithPuc : unblock
      return work(agent, terminal, { reader, isForced: force, isJson: json })
    })
  } finally {
    terminal.close()
  }
}
