import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  None,
} from 'openid-client'
import {
  type IdentityProvider,
  IdentityProviderError,
  type OpenProvider,
  type SignInQuestion,
} from '../../ports/identity-provider.ts'
import { fetchTrusting } from './fetch-trusting.ts'

/**
 * OpenID Connect: the code flow with PKCE, state, nonce and the issuer in the answer; somebody who was signed in already signs in
 * once more.
 *
 * @see [OpenID Connect Core 1.0, 3.1]; [RFC 7636]; [RFC 8252]; [RFC 9207]
 */
export const oidcProvider: IdentityProvider = {
  discover: (open) => asked(async () => void (await configure(open))),

  begin: (open, { redirectUri, state, nonce, verifier }) =>
    asked(async () => {
      const parameters = {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        max_age: '0',
        prompt: 'login',
      }
      return buildAuthorizationUrl(await configure(open), parameters).href
    }),

  finish: (open, question, query, since) => asked(() => finish(open, question, query, since)),
}

/** So far the other side's clock may be off. */
const SKEW_SECONDS = 60
const TIME_LIMIT_SECONDS = 10

async function finish(
  open: OpenProvider,
  { redirectUri, state, nonce, verifier }: SignInQuestion,
  query: string,
  since: Date,
): Promise<{ issuer: string; subject: string }> {
  const configuration = await configure(open)
  const came = new URL(redirectUri)
  came.search = query
  const tokens = await authorizationCodeGrant(configuration, came, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
    maxAge: Math.ceil((Date.now() - since.getTime()) / 1000) + SKEW_SECONDS,
  })
  const claims = tokens.claims()
  const signedInAt = claims?.auth_time
  if (claims === undefined || signedInAt === undefined || signedInAt < since.getTime() / 1000 - SKEW_SECONDS) {
    throw new IdentityProviderError('identity-refused', 'nobody signed in for this')
  }
  return { issuer: claims.iss, subject: claims.sub }
}

async function configure({ settings, secret }: OpenProvider): Promise<Configuration> {
  const { issuer, clientId, authority } = settings
  const authentication = secret === null ? None() : ClientSecretBasic(secret)
  const url = new URL(issuer)
  const isLocal = url.protocol === 'http:'
  return discovery(url, clientId, undefined, authentication, {
    timeout: TIME_LIMIT_SECONDS,
    // The contract lets no other address through without TLS than one of this computer.
    ...(isLocal && { execute: [allowInsecureRequests] }),
    ...(authority !== '' && { [customFetch]: fetchTrusting(authority) }),
  })
}

/** Whatever goes wrong, in words of ours. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (cause) {
    if (cause instanceof IdentityProviderError) throw cause
    throw asProviderError(cause)
  }
}

function asProviderError(cause: unknown): IdentityProviderError {
  const { code = '', message = '', error } = cause as { code?: string; message?: string; error?: string }
  const words = [message, error, code, reasonOf(cause)].filter(Boolean).join(': ').slice(0, 500)
  const isAnswer = typeof error === 'string' || (cause instanceof ClientError && !/TIMEOUT|HTTP/.test(code))
  return new IdentityProviderError(isAnswer ? 'identity-refused' : 'identity-provider-unreachable', words, { cause })
}

const reasonOf = (error: unknown): string | undefined => {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message
}
