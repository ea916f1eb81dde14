import { createHash, createPublicKey, verify } from 'node:crypto'
import {
  AGENT_CLOCK_SKEW_SECONDS,
  AGENT_HEADERS,
  agentSignatureText,
  type Permission,
  Problem,
} from '@unlatch/contract'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../records/actors.ts'
import { hashAgentKey, idOfConfigured, type KnownAgent } from '../records/agents/views.ts'

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

/** Where agents are known from: the configuration file, and those that enrolled themselves. */
export interface AgentRegister {
  readonly configured: readonly { readonly publicKeyHex: string; readonly name: string; readonly isStation: boolean }[]
  /** By the public key; one that was revoked too. */
  find(publicKeyHex: string): Promise<KnownAgent | undefined>
}

/**
 * Who signed a request: one of the enrolled agents, with its own key. Each nonce counts once while its time is accepted.
 */
export class AgentSignatures {
  readonly #register: AgentRegister
  readonly #seen = new Map<string, number>()

  constructor(register: AgentRegister) {
    this.#register = register
  }

  /**
   * @throws Problem `agent-unknown` when the signature is missing, wrong or used, or when the agent is not enrolled or was
   *   revoked; `agent-clock` to an agent that proved itself at a time that is not now.
   */
  async actorOf(proof: AgentProof, now: Date): Promise<Actor> {
    if (!isSigned(proof)) throw new Problem('agent-unknown')
    const agent = await this.#find(proof.agent)
    if (!agent || agent.isRevoked) throw new Problem('agent-unknown')
    this.#expectFresh(proof, now)
    return {
      kind: 'agent',
      id: agent.id,
      name: agent.name,
      userName: '',
      permissions: new Set(agent.isStation ? STATION : HOLDER),
      sessionId: '',
      keySha256: hashAgentKey(proof.agent),
    }
  }

  /**
   * The key of somebody who is not enrolled yet, and holds it.
   *
   * @throws Problem `agent-unknown` when the signature is missing, wrong or used; `agent-clock`.
   */
  newcomerOf(proof: AgentProof, now: Date): string {
    if (!isSigned(proof)) throw new Problem('agent-unknown')
    this.#expectFresh(proof, now)
    return proof.agent
  }

  /** What is on record counts before the configuration file: a key that was revoked comes back by no way. */
  async #find(publicKeyHex: string): Promise<KnownAgent | undefined> {
    const stored = await this.#register.find(publicKeyHex)
    if (stored) return stored
    const configured = this.#register.configured.find((agent) => agent.publicKeyHex === publicKeyHex)
    return configured && { ...configured, id: idOfConfigured(configured), isRevoked: false }
  }

  #expectFresh({ agent, nonce, time }: AgentProof, now: Date): void {
    const secondsAhead = Math.round((Date.parse(time) - now.getTime()) / 1000)
    if (Math.abs(secondsAhead) > AGENT_CLOCK_SKEW_SECONDS) {
      throw new Problem('agent-clock', { detail: describeSkew(secondsAhead), facts: { secondsAhead } })
    }
    for (const [seen, until] of this.#seen) {
      if (until > now.getTime()) break
      this.#seen.delete(seen)
    }
    const key = `${agent}/${nonce}`
    if (this.#seen.has(key)) throw new Problem('agent-unknown')
    this.#seen.set(key, now.getTime() + 2 * AGENT_CLOCK_SKEW_SECONDS * 1000)
  }
}

/** What is well formed and signed by the key that it names, whatever that key is. */
function isSigned({ method, path, body, agent, time, nonce, signature }: AgentProof): boolean {
  if (!/^[0-9A-F]{64}$/.test(agent) || !/^[0-9A-Za-z_-]{16,64}$/.test(nonce)) return false
  if (Number.isNaN(Date.parse(time))) return false
  const bodySha256Hex = createHash('sha256').update(body).digest('hex')
  const text = agentSignatureText({ method, path, time, nonce, bodySha256Hex })
  try {
    const x = Buffer.from(agent, 'hex').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    // 32 octets that are no point of the curve.
    return false
  }
}

function describeSkew(secondsAhead: number): string {
  const way = secondsAhead > 0 ? 'ahead of' : 'behind'
  return `this computer's clock is ${Math.abs(secondsAhead)} seconds ${way} the server's`
}
