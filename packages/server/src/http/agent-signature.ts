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

/** What an agent signed, with its signature in base64. */
export interface AgentProof {
  readonly method: string
  readonly path: string
  readonly body: string
  /** The agent's public key, in hexadecimal. */
  readonly agent: string
  readonly time: string
  readonly nonce: string
  readonly signature: string
}

/** The proof that stands in the headers of a request. */
export function proofOf(request: FastifyRequest, body: string): AgentProof {
  const header = (name: string) => String(request.headers[name] ?? '')
  return {
    method: request.method,
    path: request.url,
    body,
    agent: header(AGENT_HEADERS.agent),
    time: header(AGENT_HEADERS.time),
    nonce: header(AGENT_HEADERS.nonce),
    signature: header(AGENT_HEADERS.signature),
  }
}

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
  actorOf(proof: AgentProof, now: Date): Actor {
    const { method, path, time, nonce } = proof
    const agent = this.#agents.find(({ publicKeyHex }) => publicKeyHex === proof.agent)
    const ageSeconds = Math.abs(now.getTime() - Date.parse(time)) / 1000
    if (!agent || !/^[0-9A-Za-z_-]{16,64}$/.test(nonce) || !(ageSeconds <= AGENT_CLOCK_SKEW_SECONDS)) {
      throw new Problem('agent-unknown')
    }
    const bodySha256Hex = createHash('sha256').update(proof.body).digest('hex')
    const text = agentSignatureText({ method, path, time, nonce, bodySha256Hex })
    const x = Buffer.from(agent.publicKeyHex, 'hex').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    if (!verify(null, Buffer.from(text), key, Buffer.from(proof.signature, 'base64'))) {
      throw new Problem('agent-unknown')
    }
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
