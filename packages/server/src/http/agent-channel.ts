import { createHash } from 'node:crypto'
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
import type { AgentChannel, AgentSocket } from '../ports/agents.ts'
import type { Clock } from '../ports/clock.ts'
import type { Actor } from '../records/actors.ts'
import type { AgentSignatures } from './agent-signature.ts'

/** Octets of a message; the largest honest one is a list of readers. */
const LONGEST_MESSAGE = 64 * 1024
/** Who says nothing at first is no agent. */
const HELLO_WITHIN_MS = 10_000

/**
 * What is spoken with an agent from now on.
 *
 * @throws Problem `agent-too-old`, `server-too-old`, `input-invalid`.
 */
export function welcome(said: unknown, agent: Pick<Actor, 'name' | 'permissions'>, version: string): Welcome {
  const hello = read(Hello, said)
  const { oldest, newest } = AGENT_PROTOCOL
  if (hello.protocol < oldest) throw new Problem('agent-too-old', { facts: { oldest, newest } })
  if (hello.protocol > newest) throw new Problem('server-too-old', { facts: { oldest, newest } })
  const isStation = agent.permissions.has('card:register')
  return { protocol: hello.protocol, oldest, newest, version, agent: { name: agent.name, isStation } }
}

/** The door of the agents' channel: a WebSocket whose first message is a signed hello. */
export async function serveAgentChannel(
  app: FastifyInstance,
  options: { channel: AgentChannel; signatures: AgentSignatures; clock: Clock; version: string },
): Promise<void> {
  const { channel, signatures, clock, version } = options
  await app.register(fastifyWebsocket, { options: { maxPayload: LONGEST_MESSAGE } })
  app.get(CHANNEL_PATH, { websocket: true }, (socket) => {
    const say = (message: ServerMessage) => socket.send(JSON.stringify(message))
    const tooLate = setTimeout(() => socket.close(), HELLO_WITHIN_MS)
    socket.on('error', () => socket.terminate())
    socket.once('message', (octets: Buffer) => {
      clearTimeout(tooLate)
      try {
        const { hello: body, ...proof } = read(SignedHello, parse(octets.toString('utf8')))
        const actor = signatures.actorOf({ method: 'GET', path: CHANNEL_PATH, body, ...proof }, clock.now())
        const hello = parse(body) as Hello
        const answer = welcome(hello, actor, version)
        say({ type: 'welcome', welcome: answer })
        const keySha256 = createHash('sha256').update(Buffer.from(proof.agent, 'hex')).digest('hex').toUpperCase()
        const { protocol, agent } = answer
        channel.attach(socketOf(socket), { id: actor.id, keySha256, protocol, ...agent, version: hello.version })
      } catch (error) {
        app.log.info({ problem: error instanceof Problem ? error.code : 'internal' }, 'an agent was refused')
        say({ type: 'refused', problem: error instanceof Problem ? error.code : 'input-invalid' })
        socket.close()
      }
    })
    socket.once('close', () => clearTimeout(tooLate))
  })
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

interface Ws {
  send(text: string): void
  close(): void
  on(event: 'message', listener: (octets: Buffer) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

const socketOf = (socket: Ws): AgentSocket => ({
  send: (text) => socket.send(text),
  close: () => socket.close(),
  onMessage: (listener) => void socket.on('message', (octets) => listener(octets.toString('utf8'))),
  onClose: (listener) => void socket.on('close', listener),
})
