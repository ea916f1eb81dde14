import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { SIGNED_IN_PATH } from '@unlatch/contract'
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider'
import { makeCertificate } from '../../packages/unlatch/src/demo/mail-server.ts'

/** A real identity provider, oidc-provider, that a test can let go wrong: its keys, what it says, whether it answers. */
export interface FaultyProvider {
  /** As it calls itself. */
  readonly issuer: string
  readonly clientId: string
  /** That of its certificate, as PEM; empty without TLS. */
  readonly authority: string
  /** An address of it as a browser reaches it that does not know its authority. */
  atBrowser(url: string): string
  /** Another program that people sign in to there. */
  readonly otherClientId: string
  /** From now on it signs with other keys, and says so. */
  rotateKeys(): void
  /** From now on it signs with other keys, and shows those that it had: of the same name, or of another. */
  signWithForeignKey(name: 'same' | 'other'): void
  /** What it says at this address is changed on the way, until it is mended. */
  change(path: string, by: (said: Record<string, unknown>) => Record<string, unknown>): void
  /** It does not answer there: not at all, never to its end, or with this status. */
  fail(path: string, how: 'silence' | 'endless' | number): void
  mend(): void
  /** Nobody listens any more. */
  close(): Promise<void>
}

/** Where it says what. */
export const DISCOVERY = '/.well-known/openid-configuration'
export const KEYS = '/jwks'
export const TOKENS = '/token'

type Fault = (response: ServerResponse, answer: () => void) => void

export async function startFaultyProvider({ isTls = false } = {}): Promise<FaultyProvider> {
  const browser = await listen(createServer())
  const { key, certificate } = await makeCertificate()
  const secure = isTls ? await listen(createTlsServer({ key, cert: certificate })) : undefined
  const issuer = secure ? `https://localhost:${portOf(secure)}` : `http://127.0.0.1:${portOf(browser)}`
  const servers = [browser, ...(secure ? [secure] : [])]
  const [clientId, otherClientId] = ['unlatch', 'intranet']
  const faults = new Map<string, Fault>()
  const memory = new Map<string, AdapterPayload>()
  const foreign = (name: string) => openProvider(issuer, [clientId, otherClientId], name, memory)
  let keyName = 'first'
  let shown = foreign(keyName)
  let signing = shown
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? ''
    const provider = path === KEYS ? shown : signing
    const fault = faults.get(path)
    if (fault) fault(response, () => provider(request, response))
    else provider(request, response)
  }
  for (const server of servers) server.on('request', onRequest)
  return {
    issuer,
    authority: isTls ? certificate : '',
    atBrowser: (url) => url.replace(issuer, `http://127.0.0.1:${portOf(browser)}`),
    clientId,
    otherClientId,
    rotateKeys() {
      keyName = `rotated-${randomBytes(4).toString('hex')}`
      shown = signing = foreign(keyName)
    },
    signWithForeignKey(name) {
      signing = foreign(name === 'same' ? keyName : 'foreign')
    },
    change(path, by) {
      faults.set(path, (response, answer) => {
        const end = response.end.bind(response)
        const changed = (body: string | Buffer) => {
          response.removeHeader('content-length')
          return end(JSON.stringify(by(JSON.parse(String(body)))))
        }
        response.end = changed as never
        answer()
      })
    },
    fail(path, how) {
      faults.set(path, (response) => {
        if (how === 'endless') response.writeHead(200, { 'content-type': 'application/json' }).write('{')
        else if (how !== 'silence') response.writeHead(how, { 'content-type': 'text/plain' }).end('out of order')
      })
    },
    mend() {
      faults.clear()
      signing = shown
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    },
  }
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** One of an issuer: what they know of sessions and codes they share, as the servers of a provider do. */
function openProvider(
  issuer: string,
  clientIds: readonly string[],
  keyName: string,
  memory: Map<string, AdapterPayload>,
): RequestListener {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  // What it says at its start is about production: this one is for a trial.
  const { warn, info } = console
  console.warn = console.info = () => {}
  try {
    const provider = new Provider(issuer, {
      clients: clientIds.map((client_id) => ({
        client_id,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [`http://127.0.0.1${SIGNED_IN_PATH}`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        require_auth_time: true,
      })),
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: keyName, use: 'sig', alg: 'RS256' }] } as never,
      adapter: (kind: string) => openMemory(kind, memory),
      pkce: { required: () => true },
      cookies: { keys: ['a test'] },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
      findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    })
    return provider.callback()
  } finally {
    Object.assign(console, { warn, info })
  }
}

function openMemory(kind: string, memory: Map<string, AdapterPayload>): Adapter {
  const all = () => [...memory].filter(([key]) => key.startsWith(`${kind}:`)).map(([, payload]) => payload)
  return {
    upsert: async (id, payload) => void memory.set(`${kind}:${id}`, payload),
    find: async (id) => memory.get(`${kind}:${id}`),
    findByUid: async (uid) => all().find((payload) => payload.uid === uid),
    findByUserCode: async () => undefined,
    consume: async (id) =>
      void Object.assign(memory.get(`${kind}:${id}`) ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
    destroy: async (id) => void memory.delete(`${kind}:${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, payload] of memory) if (payload.grantId === grantId) memory.delete(key)
    },
  }
}
