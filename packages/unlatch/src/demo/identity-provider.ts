import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SIGNED_IN_PATH } from '@unlatch/contract'

/** The identity provider of the demo and the tests: oidc-provider, on loopback, which lets everybody in by any password. */
export interface DemoProvider {
  /** As it calls itself. */
  readonly issuer: string
  readonly clientId: string
  close(): Promise<void>
}

const CLIENT_ID = 'unlatch'

export async function startProvider(): Promise<DemoProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // What it says at its start is about production: this one is for a trial.
  const { warn, info } = console
  console.warn = console.info = () => {}
  try {
    const { Provider } = await import('oidc-provider')
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          application_type: 'native',
          token_endpoint_auth_method: 'none',
          redirect_uris: [`http://127.0.0.1${SIGNED_IN_PATH}`],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          require_auth_time: true,
        },
      ],
      pkce: { required: () => true },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
      findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    })
    server.on('request', provider.callback())
  } finally {
    Object.assign(console, { warn, info })
  }
  return {
    issuer,
    clientId: CLIENT_ID,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Signs in as a browser would, page by page.
 *
 * @param url - where the browser was sent.
 * @returns the query with which it comes back.
 */
export async function signInAt(url: string, account: string): Promise<string> {
  const cookies = new Map<string, string>()
  let at = url
  let form: URLSearchParams | undefined
  for (let step = 0; step < 10; step++) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const answer = await fetch(at, { redirect: 'manual', headers, ...(form && { method: 'POST', body: form }) })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    form = undefined
    if (next === null) {
      // Its pages ask for a name and any password, then whether this program may know who that is.
      const isConsent = (await answer.text()).includes('value="consent"')
      form = new URLSearchParams(
        isConsent ? { prompt: 'consent' } : { prompt: 'login', login: account, password: 'any' },
      )
      at = answer.url
      continue
    }
    const to = new URL(next, at)
    if (to.pathname === SIGNED_IN_PATH) return to.search.slice(1)
    at = to.href
  }
  throw new Error('the identity provider never sent the browser back')
}
