import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  AGENT_HEADERS,
  agentSignatureText,
  ClientConfiguration,
  ENROLMENT_PATH,
  type EnrolAgent,
  Enrolled,
  findProblemCode,
  HolderCards,
  HolderInvited,
  HolderSession,
  HolderSessionOpened,
  HolderSignIn,
  OneTimePasswordDrawn,
  PersonalisationRound,
  PinPolicyAnswer,
  Problem,
  type ProblemDocument,
  RotationRound,
  SelfServiceOffer,
  SelfServiceOpened,
  SelfServiceView,
  SelfServiceWayBegun,
  SignedClientConfiguration,
  UnblockProgress,
  UnblockRound,
  Welcome,
} from '@unlatch/contract'
import type { ServerClient } from '../../tasks/ports.ts'
import type { AgentIdentity } from '../identity/identity.ts'

/** A server that does not answer within this time cannot be reached. */
const TIMEOUT_MS = 10_000

/** The server's API, with every request signed by the agent's key. */
export function serverClient(url: string, identity: AgentIdentity, timeoutMs = TIMEOUT_MS): ServerClient {
  const post = signedBy(identity, url, timeoutMs)
  return {
    hello: async (hello) => read(Welcome, await post('/api/hello', hello)),
    touchCard: async (touch) => read(RotationRound, await post('/api/contacts', touch)),
    rotatePuk: async ({ cardId, ...answer }) =>
      read(RotationRound, await post(`/api/cards/${encodeURIComponent(cardId)}/rotation`, answer)),
    report: async (report) => void (await post('/api/reports', report)),
    reportPuc: async (report) => void (await post('/api/puc-reports', report)),
    pinPolicy: async (cardUuid) => read(PinPolicyAnswer, await post('/api/pin-policy', { cardUuid })).policy,
    unblockProgress: async (unblockId) => read(UnblockProgress, await post(unblockPath(unblockId, 'progress'), {})),
    readyUnblock: async ({ unblockId, ...ready }) => void (await post(unblockPath(unblockId, 'readiness'), ready)),
    collectUnblock: async ({ unblockId, ...collect }) =>
      read(UnblockRound, await post(unblockPath(unblockId, 'collection'), collect)),
    reportConnected: async ({ unblockId, ...report }) => void (await post(unblockPath(unblockId, 'outcome'), report)),
    selfServiceOffer: async (cardUuid) => read(SelfServiceOffer, await post('/api/self-service/offer', { cardUuid })),
    openSelfService: async (open) => read(SelfServiceOpened, await post('/api/self-service', open)),
    proveSelfService: async ({ unblockId, ...prove }) =>
      read(SelfServiceView, await post(selfServicePath(unblockId, 'proof'), prove)),
    selfServiceProgress: async (unblockId) =>
      read(SelfServiceView, await post(selfServicePath(unblockId, 'progress'), {})),
    async answerSelfService(unblockId, way, secret) {
      const body = writeSecretBody(secret)
      try {
        return read(SelfServiceView, await post(selfServicePath(unblockId, PATH_OF_WAY[way]), body))
      } finally {
        body.fill(0)
      }
    },
    beginSelfServiceWay: async ({ unblockId, ...begin }) =>
      read(SelfServiceWayBegun, await post(selfServicePath(unblockId, 'way'), begin)),
    finishIdentityProvider: async ({ unblockId, ...finish }) =>
      read(SelfServiceView, await post(selfServicePath(unblockId, 'identity'), finish)),
    releaseSelfService: async ({ unblockId }) => void (await post(selfServicePath(unblockId, 'release'), {})),
    openHolderSession: async (open) => read(HolderSessionOpened, await post('/api/holder', open)),
    proveHolderSession: async ({ sessionId, ...prove }) =>
      read(HolderSession, await post(holderPath(sessionId, 'proof'), prove)),
    holderCards: async ({ sessionId, ...ask }) => read(HolderCards, await post(holderPath(sessionId, 'cards'), ask)),
    holderSignIn: async ({ sessionId }) => read(HolderSignIn, await post(holderPath(sessionId, 'sign-in'), {})),
    addOneTimePassword: async ({ sessionId, ...wish }) =>
      read(OneTimePasswordDrawn, await post(holderPath(sessionId, 'one-time-passwords'), wish)),
    async confirmOneTimePassword({ sessionId, oneTimePasswordId }, code) {
      const body = writeSecretBody(code)
      try {
        await post(
          holderPath(sessionId, `one-time-passwords/${encodeURIComponent(oneTimePasswordId)}/confirmation`),
          body,
        )
      } finally {
        body.fill(0)
      }
    },
    removeOneTimePassword: async ({ sessionId, oneTimePasswordId }) =>
      void (await post(
        holderPath(sessionId, `one-time-passwords/${encodeURIComponent(oneTimePasswordId)}/removal`),
        {},
      )),
    inviteOwnPasskey: async ({ sessionId }) =>
      read(HolderInvited, await post(holderPath(sessionId, 'passkey-invitation'), {})),
    removeOwnPasskey: async ({ sessionId, ...which }) =>
      void (await post(holderPath(sessionId, 'passkey-removal'), which)),
    closeHolderSession: async ({ sessionId }) => void (await post(holderPath(sessionId, 'end'), {})),
    answerSigning: async ({ signingId, ...answer }) =>
      void (await post(`/api/signings/${encodeURIComponent(signingId)}/answer`, answer)),
    dropUnblock: async ({ unblockId, ...drop }) => void (await post(unblockPath(unblockId, 'drop'), drop)),
    registerCard: async (wish) => read(PersonalisationRound, await post('/api/cards', wish)),
    issueCard: async ({ cardId, ...wish }) =>
      read(PersonalisationRound, await post(`/api/cards/${encodeURIComponent(cardId)}/issuance`, wish)),
    reissueCard: async ({ cardId, ...wish }) =>
      read(PersonalisationRound, await post(`/api/cards/${encodeURIComponent(cardId)}/holder`, wish)),
    personaliseCard: async ({ cardId, ...answers }) =>
      read(PersonalisationRound, await post(`/api/cards/${encodeURIComponent(cardId)}/personalisation`, answers)),
  }
}

/** Posts to the server, signed by the agent's key. */
function signedBy(identity: AgentIdentity, url: string, timeoutMs: number) {
  return async (path: string, body: object): Promise<unknown> => {
    const octets =
      body instanceof Uint8Array
        ? new Uint8Array(body.buffer as ArrayBuffer)
        : new TextEncoder().encode(JSON.stringify(body))
    const time = new Date().toISOString()
    const nonce = randomBytes(16).toString('hex')
    const bodySha256Hex = createHash('sha256').update(octets).digest('hex')
    const signed = agentSignatureText({ method: 'POST', path, time, nonce, bodySha256Hex })
    const headers = {
      'content-type': 'application/json',
      [AGENT_HEADERS.agent]: identity.publicKeyHex,
      [AGENT_HEADERS.time]: time,
      [AGENT_HEADERS.nonce]: nonce,
      [AGENT_HEADERS.signature]: identity.sign(signed).toString('base64'),
    }
    return ask(new URL(path, url), { method: 'POST', body: octets, headers }, timeoutMs)
  }
}

const PATH_OF_WAY = {
  domain: 'password',
  'one-time-password': 'one-time-password',
  'unblock-code': 'unblock-code',
} as const

const selfServicePath = (unblockId: string, step: string) =>
  `/api/self-service/${encodeURIComponent(unblockId)}/${step}`

const holderPath = (sessionId: string, step: string) => `/api/holder/${encodeURIComponent(sessionId)}/${step}`

/** `{"secret":"…"}`, the octets in hexadecimal, without a text in between; the caller overwrites it. */
function writeSecretBody(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const [head, tail] = [new TextEncoder().encode('{"secret":"'), new TextEncoder().encode('"}')]
  const digits = new TextEncoder().encode('0123456789ABCDEF')
  const body = new Uint8Array(head.length + 2 * secret.length + tail.length)
  body.set(head)
  secret.forEach((octet, at) => {
    body[head.length + 2 * at] = digits[octet >> 4] as number
    body[head.length + 2 * at + 1] = digits[octet & 15] as number
  })
  body.set(tail, head.length + 2 * secret.length)
  return body
}

const unblockPath = (unblockId: string, step: string) =>
  `/api/connected-unblocks/${encodeURIComponent(unblockId)}/${step}`

/**
 * Enrols an agent by its one-time code: what it sends is signed by its key, which proves that it holds it.
 *
 * @throws Problem `enrolment-code-refused`, `agent-exists`, `agent-clock`, `sign-in-throttled`, `server-unreachable`.
 */
export async function enrol(url: string, identity: AgentIdentity, wish: EnrolAgent): Promise<Enrolled> {
  return read(Enrolled, await signedBy(identity, url, TIMEOUT_MS)(ENROLMENT_PATH, wish))
}

/** Whatever does not speak as our server does (a proxy, a captive portal, a bug of the server's) is no server to us. */
async function ask(url: URL, request: RequestInit, timeoutMs: number): Promise<unknown> {
  let isOk: boolean
  let status: number
  let answer: unknown
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    isOk = response.ok
    status = response.status
    answer = await response.json()
  } catch (cause) {
    throw new Problem('server-unreachable', { cause })
  }
  if (isOk) return answer
  const document = (answer ?? {}) as ProblemDocument
  const code = findProblemCode(document)
  if (!code) {
    const detail = `the server answered ${status} (request ${document.instance ?? 'without an id'})`
    throw new Problem('server-unreachable', { detail, facts: { answered: status } })
  }
  const { type: _type, title: _title, status: _status, detail, instance: _instance, ...facts } = document
  throw new Problem(code, { facts, ...(detail && { detail }) })
}

/** What was answered, in the shape that it must have. */
function read<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (!parsed.success)
    throw new Problem('server-unreachable', { detail: 'the server gave an answer that makes no sense' })
  return parsed.data as T
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
  const answer = await ask(new URL('/api/client-configuration', url), {}, TIMEOUT_MS)
  const signed = read(SignedClientConfiguration, answer)
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
  const parsed = ClientConfiguration.safeParse(JSON.parse(signed.document))
  if (!parsed.success) throw new Problem('configuration-missing', { detail: 'this agent is too old for the server' })
  return parsed.data
}
