import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  type Agent,
  type ChannelState,
  contactCard,
  type Loopback,
  loadActiveUser,
  loadUidOf,
  openLoopback,
  openSessionSocket,
} from '@unlatch/agent'
import { PROBLEMS } from '@unlatch/contract'
import { type AgentOptions, withAgent } from './terminal-agent.ts'
import { WEB_FOLDER } from './web-folder.ts'

type RunOptions = AgentOptions & { open?: boolean; port?: string; service?: boolean }

/** Where a service is reached by the helper in a session: a folder that systemd makes, and nobody else writes in. */
export const sessionSocketPath = (): string =>
  join(process.env.RUNTIME_DIRECTORY ?? '/run/unlatch-agent', 'session.sock')

/**
 * `agent`: this computer's agent with its page and its channel to the server, until it is told to stop. As a service it opens
 * no page: `agent session` does, for whoever sits at the computer.
 */
export async function runAgent(options: RunOptions): Promise<void> {
  await withAgent(options, async (agent) => {
    console.error(`unlatch: this agent's key: ${agent.publicKeyHex}`)
    await agent.contactServer().catch((error) => console.error(`unlatch: ${error.message}`))
    const screen = options.service ? await openService(agent) : await openOwnPages(agent, options)
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
      unblock: (job, news) => screen.unblock(job, news),
      sign: (job, news) => screen.sign(job, news),
    })
    await new Promise<void>((stop) => {
      process.once('SIGINT', () => stop())
      process.once('SIGTERM', () => stop())
    })
    channel.close()
    await screen.close()
  })
}

async function openService(agent: Agent) {
  const path = sessionSocketPath()
  const gate = { uidOf: await loadUidOf(), activeUser: await loadActiveUser() }
  const { panel: _, ...tools } = screenToolsOf(agent)
  const socket = await openSessionSocket(tools, path, gate)
  console.error(`unlatch: pages are shown by "unlatch agent session" in the session at this computer, through ${path}`)
  return socket
}

async function openOwnPages(agent: Agent, options: RunOptions): Promise<Loopback> {
  const opener = join(agent.folder, 'page.html')
  const openPage = () => {
    loopback.writeOpener(opener)
    openBrowser(opener)
  }
  const loopback: Loopback = await openLoopback(
    { ...screenToolsOf(agent), openPage, openForCard: openPage },
    {
      webFolder: WEB_FOLDER,
      ...(options.port !== undefined && { port: Number(options.port) }),
    },
  )
  loopback.writeOpener(opener)
  if (options.open) openBrowser(opener)
  console.error(`unlatch: the page for cardholders: ${opener} (good once, for a minute; SIGUSR2 writes a fresh one)`)
  process.on('SIGUSR2', () => loopback.writeOpener(opener))
  return loopback
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
    offerOf: (cardUuidHex: string) => agent.offerOf(cardUuidHex),
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
