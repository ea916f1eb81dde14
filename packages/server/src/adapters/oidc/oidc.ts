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
  enableNonRepudiationChecks,
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
 * OpenID Connect: the code flow with PKCE, state, nonce and the issuer in the answer, and the provider's signature under what it
 * says; somebody who was signed in already signs in once more. What it says of itself and its keys are read anew each time: it may
 * change them.
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
  // The contract lets no other address through without TLS than one of this computer.
  const execute = [enableNonRepudiationChecks, ...(isLocal ? [allowInsecureRequests] : [])]
  try {
    return await discovery(url, clientId, undefined, authentication, {
      timeout: TIME_LIMIT_SECONDS,
      execute,
      ...(authority !== '' && { [customFetch]: fetchTrusting(authority) }),
    })
  } catch (cause) {
    // Whatever it says of itself, nobody has signed in yet.
    throw new IdentityProviderError('identity-provider-unreachable', wordsOf(cause), { cause })
  }
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

/** The provider, or the way to it, is out of order. */
const OUT_OF_ORDER =
  /^OAUTH_(TIMEOUT|ABORT|RESPONSE_IS_NOT_|PARSE_ERROR|HTTP_|REQUEST_PROTOCOL_|UNSUPPORTED_OPERATION|(MISSING|INVALID)_SERVER_METADATA)/
/** It says that it does not work, or does not know this program: no fault of who signs in. [RFC 6749, 4.1.2.1 and 5.2] */
const NOT_OF_THE_PERSON = ['server_error', 'temporarily_unavailable', 'invalid_client', 'unauthorized_client']
const TOO_OLD = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'

function asProviderError(cause: unknown): IdentityProviderError {
  const { code = '', error } = cause as { code?: string; error?: string }
  const said = (name: IdentityProviderError['code']) => new IdentityProviderError(name, wordsOf(cause), { cause })
  if (typeof error === 'string') {
    return said(NOT_OF_THE_PERSON.includes(error) ? 'identity-provider-unreachable' : 'identity-refused')
  }
  if (!(cause instanceof ClientError) || OUT_OF_ORDER.test(code)) return said('identity-provider-unreachable')
  return said(code === TOO_OLD ? 'identity-refused' : 'identity-answer-invalid')
}

const wordsOf = (cause: unknown): string => {
  const { code = '', message = '', error } = cause as { code?: string; message?: string; error?: string }
  return [message, error, code, reasonOf(cause)].filter(Boolean).join(': ').slice(0, 500)
}

const reasonOf = (error: unknown): string | undefined => {
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message
}
