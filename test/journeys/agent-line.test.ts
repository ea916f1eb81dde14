import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openIdentity } from '@unlatch/agent'
import { type AgentJob, TICK_SECONDS } from '@unlatch/contract'
import { expect, onTestFinished, test } from 'vitest'
import { type ChannelState, ServerChannel } from '../../packages/agent/src/channel/server-channel.ts'
import { openAgentChannel } from '../../packages/server/src/adapters/agent-channel/agent-channel.ts'
import { ldapDirectory } from '../../packages/server/src/adapters/ldap/ldap.ts'
import { oidcProvider } from '../../packages/server/src/adapters/oidc/oidc.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { buildServer } from '../../packages/server/src/http/server.ts'
import { stageWorld } from '../../packages/server/src/operations/world.fixture.ts'

/** An agent's line to its server through what stands between them: proxies that cut, connections that die without a word. */

const JOB: AgentJob = { kind: 'issue', cardId: 'card-1', reader: 'Reader 1' }

const say = () => {}
const SILENT = {
  level: 'silent',
  fatal: say,
  error: say,
  warn: say,
  info: say,
  debug: say,
  trace: say,
  silent: say,
  child: () => SILENT,
}

/** A server with its channel, an agent with its own, and a proxy between them. */
async function openLine(options: { tickMs?: number; cutIdleMs?: number; clockAheadMs?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-line-'))
  const identity = openIdentity(join(folder, 'agent-key.pem'))
  const stage = await stageWorld()
  stage.clock.at = new Date(Date.now() - (options.clockAheadMs ?? 0))
  const channel = openAgentChannel(options.tickMs)
  const agents = [{ publicKeyHex: identity.publicKeyHex, name: 'laptop', isStation: false }]
  const app = await buildServer({
    world: { ...stage.world, agents: channel },
    channel,
    config: readConfig({ folder, webFolder: folder, agents }),
    log: SILENT,
    status: { version: 'test', isDemo: true, helpDeskPhone: '' },
    clientConfiguration: async () => ({ document: '{}', signature: '' }),
    testConnection: async () => ({ found: null }),
    sendCode: async () => ({ id: '', readOut: null }),
    directory: ldapDirectory,
    provider: oidcProvider,
    writeEvidenceSheet: async () => Buffer.alloc(0),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const proxy = await openProxy((app.server.address() as AddressInfo).port, options.cutIdleMs)
  const states: ChannelState[] = []
  const done: string[] = []
  let finish = () => {}
  const agent = new ServerChannel({
    serverUrl: proxy.url,
    identity,
    hello: { version: '0.1.0', platform: 'test' },
    run: (job) =>
      new Promise<void>((resolve) => {
        if ('cardId' in job) done.push(job.cardId)
        finish = resolve
      }),
    onState: (state) => void states.push(state),
  })
  onTestFinished(async () => {
    agent.close()
    proxy.close()
    channel.close()
    await app.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const online = () => channel.online()[0]
  return { agent, channel, proxy, states, done, online, finish: () => finish() }
}

/** Passes octets on; cuts a connection on which nothing is said for a while, both ways counted; or lets it go dead. */
async function openProxy(port: number, cutIdleMs = 0) {
  const sockets = new Set<Socket>()
  let isDead = false
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from)
      from.on('data', (octets) => isDead || to.write(octets))
      from.on('error', () => {})
      from.on('close', () => to.destroy())
    }
    let last = Date.now()
    for (const side of [inner, outer]) side.on('data', () => (last = Date.now()))
    if (cutIdleMs === 0) return
    const watch = setInterval(() => Date.now() - last > cutIdleMs && inner.destroy(), cutIdleMs / 20)
    inner.on('close', () => clearInterval(watch))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on nothing gets through, and nobody is told. */
    die: () => {
      isDead = true
    },
    revive: () => {
      isDead = false
      cut()
    },
    cut,
    close() {
      cut()
      server.close()
    },
  }
}

async function until(isSo: () => boolean, limitMs = 20_000): Promise<void> {
  for (const end = Date.now() + limitMs; !isSo(); ) {
    if (Date.now() > end) throw new Error('it does not come about')
    await sleep(10)
  }
}

test('the tick keeps a line that a proxy would cut after 30 seconds; one that ticks too seldom is opened again', async () => {
  expect(TICK_SECONDS * 1.4).toBeLessThan(30)
  const kept = await openLine({ tickMs: 150, cutIdleMs: 1500 })
  const cut = await openLine({ tickMs: 4000, cutIdleMs: 1500 })
  await until(() => kept.online() !== undefined && cut.states.some(({ kind }) => kind === 'disconnected'))
  await sleep(3500)
  expect(kept.states.map(({ kind }) => kind)).toEqual(['connected'])
  await until(() => cut.states.filter(({ kind }) => kind === 'connected').length > 1)
})

test('what is in the readers is there again after each break', async () => {
  const { agent, proxy, online, states } = await openLine()
  // Both ends know it.
  await until(() => online() !== undefined && states.length > 0)
  proxy.cut()
  agent.see([{ name: 'Reader 1', card: null }])
  await until(() => online()?.readers.length === 1)
  expect(states.map(({ kind }) => kind)).toEqual(['connected', 'disconnected', 'connected'])
})

test('a job that is sent twice is done once, and its end is told again', async () => {
  const { channel, done, online, finish } = await openLine()
  await until(() => online() !== undefined)
  const order = () => channel.order(online()?.id ?? '', 'job-1', JOB)
  order()
  await until(() => done.length === 1)
  order()
  finish()
  await until(() => channel.findJob('card-1')?.state === 'done')
  order()
  expect(channel.findJob('card-1')?.state).toBe('running')
  await until(() => channel.findJob('card-1')?.state === 'done')
  expect(done).toHaveLength(1)
})

test('how a job ended reaches the server also when the line was dead as it was told', async () => {
  const { channel, proxy, done, online, finish } = await openLine()
  await until(() => online() !== undefined)
  channel.order(online()?.id ?? '', 'job-1', JOB)
  await until(() => done.length === 1)
  proxy.die()
  finish()
  await sleep(100)
  expect(channel.findJob('card-1')?.state).toBe('running')
  proxy.revive()
  await until(() => channel.findJob('card-1')?.state === 'done')
})

test.each([600, -600])('a clock that is %d seconds off is a problem of its own, with how much', async (seconds) => {
  const { states, online } = await openLine({ clockAheadMs: seconds * 1000 })
  await until(() => states.length > 0)
  const [state] = states
  expect(state).toMatchObject({ kind: 'disconnected', problem: 'agent-clock' })
  expect(Math.abs((state?.kind === 'disconnected' ? (state.secondsAhead ?? 0) : 0) - seconds)).toBeLessThan(5)
  expect(online()).toBeUndefined()
})
