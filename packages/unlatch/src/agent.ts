import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Agent, type ChannelState, contactCard, type Loopback, openLoopback } from '@unlatch/agent'
import { PROBLEMS } from '@unlatch/contract'
import { type AgentOptions, withAgent } from './terminal-agent.ts'
import { WEB_FOLDER } from './web-folder.ts'

/** `agent`: this computer's agent with its page and its channel to the server, until it is told to stop. */
export async function runAgent(options: AgentOptions & { open?: boolean; port?: string }): Promise<void> {
  await withAgent(options, async (agent) => {
    console.error(`unlatch: this agent's key: ${agent.publicKeyHex}`)
    await agent.contactServer().catch((error) => console.error(`unlatch: ${error.message}`))
    const opener = join(agent.folder, 'page.html')
    const openPage = () => {
      loopback.writeOpener(opener)
      openBrowser(opener)
    }
    const loopback: Loopback = await openLoopback(
      { ...screenToolsOf(agent), openPage },
      {
        webFolder: WEB_FOLDER,
        ...(options.port !== undefined && { port: Number(options.port) }),
      },
    )
    let told: string | undefined
    const onState = (state: ChannelState) => {
      const news = state.kind === 'connected' ? state.kind : state.problem
      if (news === told) return
      told = news
      if (state.kind === 'connected') {
        const { name, isStation } = state.welcome.agent
        console.error(`unlatch: connected as ${isStation ? 'station' : 'agent'} ${name}`)
      } else {
        console.error(`unlatch: ${PROBLEMS[state.problem].title.toLowerCase()}; trying again`)
        if (state.secondsAhead !== undefined) console.error(`unlatch: hint: ${describeSkew(state.secondsAhead)}`)
        if (state.problem === 'agent-unknown') console.error('unlatch: hint: enrol it with: unlatch agent enrol')
      }
    }
    const channel = agent.openChannel({
      onState,
      unblock: (job, news) => loopback.unblock(job, news),
      sign: (job, news) => loopback.sign(job, news),
    })
    loopback.writeOpener(opener)
    if (options.open) openBrowser(opener)
    console.error(`unlatch: the page for cardholders: ${opener} (good once, for a minute; SIGUSR2 writes a fresh one)`)
    process.on('SIGUSR2', () => loopback.writeOpener(opener))
    await new Promise<void>((stop) => {
      process.once('SIGINT', () => stop())
      process.once('SIGTERM', () => stop())
    })
    channel.close()
    await loopback.close()
  })
}

/** How wrong this computer's clock is. */
function describeSkew(secondsAhead: number): string {
  const seconds = Math.abs(secondsAhead)
  return `the clock is ${seconds} seconds ${secondsAhead > 0 ? 'ahead of' : 'behind'} the server's`
}

/** What the unblock screen of an agent works with. */
export function screenToolsOf(agent: Agent) {
  return {
    readers: agent.readers,
    journal: agent.journal,
    policies: agent.policies,
    configuration: () => agent.configuration(),
    isConfigured: () => agent.isConfigured(),
    contactServer: () => agent.contactServer(),
    now: () => new Date(),
    panel: undefined,
    lookAgain: (reader: string) => agent.lookAgain(reader),
    connected: { server: agent.server, keySha256: agent.keySha256 },
    contactCard: (reader: string) => {
      const { readers, server } = agent
      return contactCard({ readers, server, configuration: agent.configuration() }, reader)
    },
  }
}

/** Only a file's path stands on the command line: the token is inside, and the file is this user's alone. */
export function openBrowser(path: string): void {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ]
  const browser = spawn(program as string, [...args, path], { stdio: 'ignore', detached: true })
  browser.on('error', () => console.error(`unlatch: no browser could be started; open ${path}`))
  browser.unref()
}
