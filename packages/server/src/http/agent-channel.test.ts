import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { AGENT_PROTOCOL, CHANNEL_PATH, type Hello, type ServerMessage } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StagedAgent, type StagedServer, stageServer } from './server.fixture.ts'

/** The agents' channel over a real socket: who is let in, what is taken, what happens when a line breaks. */

let server: StagedServer
let url: string
const sockets: WebSocket[] = []

beforeEach(async () => {
  server = await stageServer()
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  url = `ws://127.0.0.1:${(server.app.server.address() as AddressInfo).port}${CHANNEL_PATH}`
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await server.close()
})

const HELLO: Hello = { protocol: 1, version: '0.1.0', platform: 'test' }

/** A connection of an agent; what the server says is kept in order. */
async function connect(first: (text: string) => object | string, hello: object = HELLO) {
  const socket = new WebSocket(url)
  sockets.push(socket)
  const said: ServerMessage[] = []
  let wake = () => {}
  socket.addEventListener('message', ({ data }) => {
    said.push(JSON.parse(String(data)))
    wake()
  })
  const ended = once(socket, 'close')
  await once(socket, 'open')
  const message = first(JSON.stringify(hello))
  socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return {
    said,
    ended,
    send: (value: object | string) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)),
    close: () => socket.close(),
    async next(): Promise<ServerMessage> {
      while (said.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return said.shift() as ServerMessage
    },
  }
}

const signedBy =
  (agent: StagedAgent, changes: Record<string, string> = {}) =>
  (hello: string) => {
    const headers = agent.headers('GET', CHANNEL_PATH, hello)
    const proof = {
      agent: headers['unlatch-agent'],
      time: headers['unlatch-time'],
      nonce: headers['unlatch-nonce'],
      signature: headers['unlatch-signature'],
    }
    return { type: 'hello', hello, ...proof, ...changes }
  }

const online = () => server.stage.channel.online()
const until = async (isSo: () => boolean) => {
  for (let look = 0; !isSo(); look++) {
    if (look > 200) throw new Error('it does not come about')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const READER = {
  name: 'Reader 1',
  card: { kind: 'piv', firmware: null, family: 'piv', cardUuid: null, hardwareNumber: null, isBlocked: false },
}

describe('the hello', () => {
  it('of an enrolled agent is welcomed with what is spoken and what is supported; it is then online', async () => {
    const station = await connect(signedBy(server.station))
    expect(await station.next()).toEqual({
      type: 'welcome',
      welcome: { protocol: 1, ...AGENT_PROTOCOL, version: 'test', agent: { name: 'station', isStation: true } },
    })
    station.send({ type: 'readers', readers: [READER] })
    await until(() => (online()[0]?.readers.length ?? 0) > 0)
    expect(online()).toMatchObject([{ name: 'station', isStation: true, version: '0.1.0', readers: [READER] }])
  })

  it.each([
    ['of a newer agent', { ...HELLO, protocol: AGENT_PROTOCOL.newest + 1 }, 'server-too-old'],
    ['that is none', { ...HELLO, protocol: 0 }, 'input-invalid'],
  ])('%s is refused by name', async (_, hello, problem) => {
    const agent = await connect(signedBy(server.station), hello)
    expect(await agent.next()).toEqual({ type: 'refused', problem })
    await agent.ended
    expect(online()).toEqual([])
  })

  it.each([
    ['an agent that nobody enrolled', { agent: 'AB'.repeat(32) }],
    ['a signature of something else', { signature: Buffer.alloc(64).toString('base64') }],
    ['a time that is long past', { time: '2020-01-01T00:00:00.000Z' }],
  ])('with %s lets nobody in', async (_, changes) => {
    const agent = await connect(signedBy(server.station, changes))
    expect(await agent.next()).toEqual({ type: 'refused', problem: 'agent-unknown' })
    await agent.ended
  })

  it('is good once', async () => {
    let kept: object = {}
    const first = await connect((hello) => {
      kept = signedBy(server.station)(hello)
      return kept
    })
    expect((await first.next()).type).toBe('welcome')
    const again = await connect(() => kept)
    expect(await again.next()).toEqual({ type: 'refused', problem: 'agent-unknown' })
    expect(online()).toHaveLength(1)
  })

  it.each(['', 'gibberish', '{"type":"readers","readers":[]}', `{"type":"hello","hello":"${'x'.repeat(2000)}"}`])(
    'must come first: %s',
    async (text) => {
      const stranger = await connect(() => text)
      expect(await stranger.next()).toEqual({ type: 'refused', problem: 'input-invalid' })
      await stranger.ended
    },
  )
})

describe('an agent that enrolled itself', () => {
  /** Adds one in the console's way, and enrols the stranger with its code. */
  async function enrol(isStation: boolean) {
    const cookie = await server.signIn(['agent:read', 'agent:write'])
    const post = async (path: string, payload: object) =>
      (await server.app.inject({ method: 'POST', url: path, headers: { cookie }, payload })).json()
    const { agentId, code } = await post('/api/agents', { name: 'Desk 1', isStation })
    const body = JSON.stringify({ code, protocol: 2, version: '0.1.0', platform: 'test' })
    const headers = server.stranger.headers('POST', '/api/enrolments', body)
    const answer = await server.app.inject({ method: 'POST', url: '/api/enrolments', headers, payload: body })
    expect(answer.json()).toMatchObject({ agentId, isStation })
    const agent = async () => (await server.app.inject({ url: `/api/agents/${agentId}`, headers: { cookie } })).json()
    return { agentId, post, agent, body }
  }

  it('is online under its own name; changed, it comes back as what it is now; revoked, it is out at once', async () => {
    const { agentId, post, agent } = await enrol(false)
    const first = await connect(signedBy(server.stranger))
    expect(await first.next()).toMatchObject({ welcome: { agent: { name: 'Desk 1', isStation: false } } })
    first.send({ type: 'readers', readers: [READER] })
    await until(() => (online()[0]?.readers.length ?? 0) > 0)
    expect(await agent()).toMatchObject({ isOnline: true, age: 'older', readers: [{ name: 'Reader 1' }] })

    await post(`/api/agents/${agentId}`, { name: 'Desk 2', isStation: true })
    await first.ended
    const second = await connect(signedBy(server.stranger))
    expect(await second.next()).toMatchObject({ welcome: { agent: { name: 'Desk 2', isStation: true } } })

    await post(`/api/agents/${agentId}/revocation`, {})
    await second.ended
    expect(online()).toEqual([])
    const third = await connect(signedBy(server.stranger))
    expect(await third.next()).toEqual({ type: 'refused', problem: 'agent-unknown' })
  })

  it('that is too old is refused, and stands in the list as such', async () => {
    const { agent } = await enrol(false)
    await server.stage.database.transaction((tx) => tx.updateTable('agents').set({ protocol: 0 }).execute())
    expect(await agent()).toMatchObject({ age: 'too-old' })
  })

  it('proves that it holds the key it brings', async () => {
    const { post } = await enrol(false)
    const { code } = await post('/api/agents', { name: 'Desk 9', isStation: true })
    const body = JSON.stringify({ code, protocol: 2, version: '0.1.0', platform: 'test' })
    const good = server.holder.headers('POST', '/api/enrolments', body)
    for (const headers of [
      { 'content-type': 'application/json' },
      { ...good, 'unlatch-agent': 'AB'.repeat(32) },
      { ...good, 'unlatch-signature': Buffer.alloc(64).toString('base64') },
      server.holder.headers('POST', '/api/hello', body),
    ]) {
      const answer = await server.app.inject({ method: 'POST', url: '/api/enrolments', headers, payload: body })
      expect(answer.json()).toMatchObject({ type: '/problems/agent-unknown' })
    }
    // Its key is in the configuration file already.
    const answer = await server.app.inject({ method: 'POST', url: '/api/enrolments', headers: good, payload: body })
    expect(answer.json()).toMatchObject({ type: '/problems/agent-exists' })
  })

  it('whose clock is wrong is told by how much', async () => {
    const time = new Date(server.stage.clock.at.getTime() + 600_000).toISOString()
    const headers = (hello: string) => server.station.headers('GET', CHANNEL_PATH, hello, { time })
    const agent = await connect((hello) => {
      const signed = headers(hello)
      const [key, nonce] = [signed['unlatch-agent'], signed['unlatch-nonce']]
      return { type: 'hello', hello, agent: key, time, nonce, signature: signed['unlatch-signature'] }
    })
    expect(await agent.next()).toEqual({ type: 'refused', problem: 'agent-clock', secondsAhead: 600 })
    await agent.ended
  })
})

describe('jobs', () => {
  const JOB = { kind: 'issue', cardId: 'card-1', reader: 'Reader 1' } as const

  async function connectStation() {
    const station = await connect(signedBy(server.station))
    await station.next()
    await until(() => online().length === 1)
    return { station, id: online()[0]?.id ?? '' }
  }

  it('go to their agent; how they ended is known by the agent alone that did them', async () => {
    const { station, id } = await connectStation()
    server.stage.channel.order(id, 'job-1', JOB)
    expect(await station.next()).toEqual({ type: 'job', jobId: 'job-1', job: JOB })
    expect(server.stage.channel.findJob('card-1')).toEqual({ jobId: 'job-1', state: 'running' })
    const other = await connect(signedBy(server.holder))
    await other.next()
    other.send({ type: 'job-ended', jobId: 'job-1', problem: { code: 'card-fault' } })
    station.send({ type: 'job-ended', jobId: 'job-1', problem: null })
    await until(() => server.stage.channel.findJob('card-1')?.state !== 'running')
    expect(server.stage.channel.findJob('card-1')).toEqual({ jobId: 'job-1', state: 'done' })
  })

  it('of an agent that goes away are lost; nobody is sent one who is not there', async () => {
    const { station, id } = await connectStation()
    server.stage.channel.order(id, 'job-1', JOB)
    station.close()
    await until(() => online().length === 0)
    expect(server.stage.channel.findJob('card-1')).toEqual({ jobId: 'job-1', state: 'lost' })
    expect(() => server.stage.channel.order(id, 'job-2', JOB)).toThrow(
      expect.objectContaining({ code: 'agent-offline' }),
    )
  })

  it('an agent that connects again replaces its older connection', async () => {
    const { station } = await connectStation()
    const again = await connect(signedBy(server.station))
    await again.next()
    await station.ended
    again.send({ type: 'readers', readers: [READER] })
    await until(() => online()[0]?.readers.length === 1)
    expect(online()).toHaveLength(1)
  })

  it('a message that is none ends the connection', async () => {
    const { station } = await connectStation()
    station.send({ type: 'readers', readers: 'all' })
    await station.ended
    await until(() => online().length === 0)
  })
})
