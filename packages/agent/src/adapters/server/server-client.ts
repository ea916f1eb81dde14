import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  AGENT_HEADERS,
  agentSignatureText,
  ClientConfiguration,
  findProblemCode,
  PersonalisationRound,
  Problem,
  type ProblemDocument,
  RotationRound,
  SignedClientConfiguration,
} from '@unlatch/contract'
import type { ServerClient } from '../../tasks/ports.ts'
import type { AgentIdentity } from '../identity/identity.ts'

/** A server that does not answer within this time cannot be reached. */
const TIMEOUT_MS = 10_000

/** The server's API, with every request signed by the agent's key. */
export function serverClient(url: string, identity: AgentIdentity): ServerClient {
  async function post(path: string, body: unknown): Promise<unknown> {
    const text = JSON.stringify(body)
    const time = new Date().toISOString()
    const nonce = randomBytes(16).toString('hex')
    const bodySha256Hex = createHash('sha256').update(text).digest('hex')
    const signed = agentSignatureText({ method: 'POST', path, time, nonce, bodySha256Hex })
    return ask(new URL(path, url), {
      method: 'POST',
      body: text,
      headers: {
        'content-type': 'application/json',
        [AGENT_HEADERS.agent]: identity.publicKeyHex,
        [AGENT_HEADERS.time]: time,
        [AGENT_HEADERS.nonce]: nonce,
        [AGENT_HEADERS.signature]: identity.sign(signed).toString('base64'),
      },
    })
  }
  return {
    touchCard: async (touch) => RotationRound.parse(await post('/api/contacts', touch)),
    rotatePuk: async ({ cardId, ...answer }) =>
      RotationRound.parse(await post(`/api/cards/${encodeURIComponent(cardId)}/rotation`, answer)),
    report: async (report) => void (await post('/api/reports', report)),
    registerCard: async (wish) => PersonalisationRound.parse(await post('/api/cards', wish)),
    issueCard: async (cardId) =>
      PersonalisationRound.parse(await post(`/api/cards/${encodeURIComponent(cardId)}/issuance`, {})),
    personaliseCard: async ({ cardId, ...answers }) =>
      PersonalisationRound.parse(await post(`/api/cards/${encodeURIComponent(cardId)}/personalisation`, answers)),
  }
}

async function ask(url: URL, request: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' })
  } catch (cause) {
    throw new Problem('server-unreachable', { cause })
  }
  if (response.ok) return response.json()
  const document = (await response.json().catch(() => ({}))) as ProblemDocument
  const code = findProblemCode(document)
  if (!code) throw new Error(`the server answered ${response.status} (${document.instance ?? 'no request id'})`)
  const { type: _type, title: _title, status: _status, detail, instance: _instance, ...facts } = document
  throw new Problem(code, { facts, ...(detail && { detail }) })
}

/**
 * Fetches the client configuration, checks the server's signature and keeps it on this computer.
 *
 * @param pinnedKeyHex - Ed25519 key of 32 bytes, pinned at installation.
 * @throws Problem `server-unreachable`; `configuration-missing` when the signature is wrong.
 */
export async function fetchConfiguration(
  url: string,
  pinnedKeyHex: string,
  path: string,
): Promise<ClientConfiguration> {
  const signed = SignedClientConfiguration.parse(await ask(new URL('/api/client-configuration', url), {}))
  const configuration = openConfiguration(signed, pinnedKeyHex)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, JSON.stringify(signed), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  return configuration
}

/** The configuration kept on this computer; undefined when there is none that the pinned key signed. */
export function findConfiguration(pinnedKeyHex: string, path: string): ClientConfiguration | undefined {
  if (!existsSync(path)) return undefined
  try {
    return openConfiguration(SignedClientConfiguration.parse(JSON.parse(readFileSync(path, 'utf8'))), pinnedKeyHex)
  } catch {
    return undefined
  }
}

function openConfiguration(signed: SignedClientConfiguration, pinnedKeyHex: string): ClientConfiguration {
  const x = Buffer.from(pinnedKeyHex, 'hex').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  if (!verify(null, Buffer.from(signed.document), key, Buffer.from(signed.signature, 'hex'))) {
    throw new Problem('configuration-missing', {
      detail: "the configuration is not signed by this organisation's server",
    })
  }
  return ClientConfiguration.parse(JSON.parse(signed.document))
}
