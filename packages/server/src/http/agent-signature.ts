import { createHash, createPublicKey, verify } from 'node:crypto'
import {
  AGENT_CLOCK_SKEW_SECONDS,
  AGENT_HEADERS,
  agentSignatureText,
  type Permission,
  Problem,
} from '@unlatch/contract'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { Actor } from '../records/actors.ts'

const HOLDER: readonly Permission[] = ['agent:report', 'card:contact']
const STATION: readonly Permission[] = [...HOLDER, 'card:register', 'card:rotate']

/**
 * Who signed a request: one of the enrolled agents, with its own key. Each nonce counts once while its time is accepted.
 */
export class AgentSignatures {
  readonly #agents: Config['agents']
  readonly #seen = new Map<string, number>()

  constructor(agents: Config['agents']) {
    this.#agents = agents
  }

  /** @throws Problem `agent-unknown` when the signature is missing, wrong, stale or used. */
  actorOf(request: FastifyRequest, body: string, now: Date): Actor {
    const header = (name: string) => String(request.headers[name] ?? '')
    const agent = this.#agents.find(({ publicKeyHex }) => publicKeyHex === header(AGENT_HEADERS.agent))
    const time = header(AGENT_HEADERS.time)
    const nonce = header(AGENT_HEADERS.nonce)
    const ageSeconds = Math.abs(now.getTime() - Date.parse(time)) / 1000
    if (!agent || !/^[0-9A-Za-z_-]{16,64}$/.test(nonce) || !(ageSeconds <= AGENT_CLOCK_SKEW_SECONDS)) {
      throw new Problem('agent-unknown')
    }
    const bodySha256Hex = createHash('sha256').update(body).digest('hex')
    const text = agentSignatureText({ method: request.method, path: request.url, time, nonce, bodySha256Hex })
    const x = Buffer.from(agent.publicKeyHex, 'hex').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signature = Buffer.from(header(AGENT_HEADERS.signature), 'base64')
    if (!verify(null, Buffer.from(text), key, signature)) throw new Problem('agent-unknown')
    this.#expectFresh(`${agent.publicKeyHex}/${nonce}`, now)
    return {
      kind: 'agent',
      id: agent.publicKeyHex.slice(0, 16),
      name: agent.name,
      userName: '',
      permissions: new Set(agent.isStation ? STATION : HOLDER),
      sessionId: '',
    }
  }

  #expectFresh(key: string, now: Date): void {
    for (const [seen, until] of this.#seen) {
      if (until > now.getTime()) break
      this.#seen.delete(seen)
    }
    if (this.#seen.has(key)) throw new Problem('agent-unknown')
    this.#seen.set(key, now.getTime() + 2 * AGENT_CLOCK_SKEW_SECONDS * 1000)
  }
}
