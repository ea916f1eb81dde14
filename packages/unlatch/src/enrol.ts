import { enrolThisComputer, openTerminal } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { type AgentOptions, expectSafe, folderOf, keepServer, trustAuthority } from './terminal-agent.ts'

/** `agent enrol`: this computer belongs to a server from now on, as what an administrator added it as. */
export async function enrolAgent(options: AgentOptions & { code?: string; newKey?: boolean }): Promise<void> {
  const { server, configurationKey, ca, newKey = false } = options
  const folder = folderOf(options)
  if (server === undefined) throw new Problem('wrong-usage', { detail: 'say --server, the address of the server' })
  expectSafe(server)
  trustAuthority(folder, ca)
  const code = options.code ?? (await askCode())
  const enrolled = await enrolThisComputer({
    folder,
    serverUrl: server,
    code,
    pinnedKeyHex: configurationKey,
    isNewKey: newKey,
  }).catch(adviseNewKey)
  keepServer(folder, { serverUrl: server, pinnedKeyHex: enrolled.configurationKeyHex, ca })
  const kind = enrolled.isStation ? 'station' : "holder's agent"
  console.error(`unlatch: enrolled as ${kind} ${enrolled.name}`)
  console.error('unlatch: next: unlatch agent')
}

/** What the server cannot know: how this program makes another key. */
function adviseNewKey(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== 'agent-exists') throw error
  throw new Problem('agent-exists', { detail: 'with --new-key this computer becomes another agent', cause: error })
}

async function askCode(): Promise<string> {
  const terminal = openTerminal()
  try {
    return Buffer.from(await terminal.ask('Enrolment code: ', false)).toString('utf8')
  } finally {
    terminal.close()
  }
}
