import fastifyWebsocket from '@fastify/websocket'
import {
  AGENT_PROTOCOL,
  CHANNEL_PATH,
  Hello,
  Problem,
  type ServerMessage,
  SignedHello,
  type Welcome,
} from '@unlatch/contract'
import type { FastifyInstance } from 'fastify'
import type { World } from '../operations/operation.ts'
import type { AgentChannel, AgentSocket } from '../ports/agents.ts'
import type { Actor } from '../records/actors.ts'
import { findAgentByKey, hashAgentKey } from '../records/agents/views.ts'
import { noteHello, noteLeaving } from '../records/presence/sightings.ts'
import type { AgentSignatures } from './agent-signature.ts'

/** Octets of a message; the largest honest one is a list of readers. */
const LONGEST_MESSAGE = 64 * 1024
/** Who says nothing at first is no agent. */
const HELLO_WITHIN_MS = 10_000

/**
 * What is spoken with an agent from now on.
 *
 * @throws Problem `agent-too-old`, `server-too-old`.
 */
function welcome(hello: Hello, agent: Pick<Actor, 'name' | 'permissions'>, version: string): Welcome {
  const { oldest, newest } = AGENT_PROTOCOL
  if (hello.protocol < oldest) throw new Problem('agent-too-old', { facts: { oldest, newest } })
  if (hello.protocol > newest) throw new Problem('server-too-old', { facts: { oldest, newest } })
  return { protocol: hello.protocol, oldest, newest, version, agent: { name: agent.name, isStation: isStation(agent) } }
}

const isStation = ({ permissions }: Pick<Actor, 'permissions'>) => permissions.has('card:register')

/**
 * Answers an agent's hello, and notes what it said.
 *
 * @throws Problem `agent-too-old`, `server-too-old`, `input-invalid`.
 */
export async function answerHello(
  { database, clock }: Pick<World, 'database' | 'clock'>,
  said: unknown,
  agent: Actor,
  version: string,
): Promise<Welcome> {
  const hello = read(Hello, said)
  await note(database, agent, hello, clock.now())
  return welcome(hello, agent, version)
}

/** On a full disk an agent still gets in; nobody can be revoked then either. */
async function note(database: World['database'], agent: Actor, hello: Hello, now: Date): Promise<boolean> {
  try {
    return await noteHello(database, { id: agent.id, isStation: isStation(agent) }, hello, now)
  } catch (error) {
    if (error instanceof Problem && error.code === 'database-full') return true
    throw error
  }
}

/** The door of the agents' channel: a WebSocket whose first message is a signed hello. */
export async function serveAgentChannel(
  app: FastifyInstance,
  options: {
    world: Pick<World, 'database' | 'clock'>
    channel: AgentChannel
    signatures: AgentSignatures
    version: string
  },
): Promise<void> {
  const { world, channel, signatures, version } = options
  const { database, clock } = world

  /** Lets an agent in that proves who it is. */
  async function admit(socket: Ws, octets: Buffer): Promise<void> {
    const { hello: body, ...proof } = read(SignedHello, parse(octets.toString('utf8')))
    const actor = await signatures.actorOf({ method: 'GET', path: CHANNEL_PATH, body, ...proof }, clock.now())
    const hello = read(Hello, parse(body))
    // It may have gone away while it was looked up.
    if (socket.readyState !== OPEN) return
    let answer: Welcome
    try {
      answer = welcome(hello, actor, version)
    } catch (error) {
      await note(database, actor, hello, clock.now())
      throw error
    }
    say(socket, { type: 'welcome', welcome: answer })
    const { protocol, agent } = answer
    const keySha256 = hashAgentKey(proof.agent)
    channel.attach(socketOf(socket), { id: actor.id, keySha256, protocol, ...agent, version: hello.version })
    socket.once('close', () => void noteLeaving(database, actor.id, clock.now()).catch(() => {}))
    // Who was revoked between the look and here is not connected yet when that closes his connection.
    if (!(await note(database, actor, hello, clock.now())) && (await isOnRecord(proof.agent))) socket.close()
  }

  const isOnRecord = async (publicKeyHex: string) => (await findAgentByKey(database.reads, publicKeyHex)) !== undefined

  await app.register(fastifyWebsocket, { options: { maxPayload: LONGEST_MESSAGE } })
  app.get(CHANNEL_PATH, { websocket: true }, (socket) => {
    const tooLate = setTimeout(() => socket.close(), HELLO_WITHIN_MS)
    socket.on('error', () => socket.terminate())
    socket.once('message', (octets: Buffer) => {
      clearTimeout(tooLate)
      admit(socket, octets).catch((error: unknown) => {
        const problem = error instanceof Problem ? error.code : 'internal'
        app.log.info({ problem }, 'an agent was refused')
        if (socket.readyState === OPEN) say(socket, refusalOf(error))
        socket.close()
      })
    })
    socket.once('close', () => clearTimeout(tooLate))
  })
}

const say = (socket: Pick<Ws, 'send'>, message: ServerMessage) => socket.send(JSON.stringify(message))

function refusalOf(error: unknown): ServerMessage {
  if (!(error instanceof Problem)) return { type: 'refused', problem: 'input-invalid' }
  const { secondsAhead } = error.facts
  return { type: 'refused', problem: error.code, ...(typeof secondsAhead === 'number' && { secondsAhead }) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('input-invalid', { cause })
  }
}

function read<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Problem('input-invalid')
  return parsed.data as T
}

/** The state of a WebSocket that can be written to. */
const OPEN = 1

interface Ws {
  readonly readyState: number
  send(text: string): void
  close(): void
  once(event: 'close', listener: () => void): unknown
  on(event: 'message', listener: (octets: Buffer) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

const socketOf = (socket: Ws): AgentSocket => ({
  send: (text) => socket.send(text),
  close: () => socket.close(),
  onMessage: (listener) => void socket.on('message', (octets) => listener(octets.toString('utf8'))),
  onClose: (listener) => void socket.on('close', listener),
})
