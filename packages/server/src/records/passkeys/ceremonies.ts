import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { readHex, writeHex } from '@unlatch/card'
import type { CeremonyAnswer, CeremonyOptions } from '@unlatch/contract'
import type { Passkey } from './passkeys.ts'

/**
 * The two ceremonies of WebAuthn, by a library. User verification is always required: a passkey stands for two factors. No
 * attestation is asked for: which authenticators people use is the organisation's affair, not ours. [WebAuthn 3, 7]
 */

/** Where the console is reached; passkeys are bound to it. */
export interface RelyingParty {
  /** `https://unlatch.example.org` */
  readonly origin: string
  /** What the browser shows; empty: our own name. */
  readonly organisation: string
}

const TIMEOUT_MS = 120_000
/** ES256, EdDSA, RS256: what authenticators have. Named, so that the library does not try what Node calls experimental. */
const ALGORITHMS = [-7, -8, -257]

const idOf = ({ origin }: RelyingParty) => new URL(origin).hostname

/** What the browser is asked to make a passkey. */
export async function writeRegistration(
  party: RelyingParty,
  operator: { id: string; name: string; userName: string },
  challenge: string,
  known: readonly Pick<Passkey, 'id' | 'transports'>[],
): Promise<CeremonyOptions> {
  const options = await generateRegistrationOptions({
    rpName: party.organisation || 'Unlatch',
    rpID: idOf(party),
    userID: new TextEncoder().encode(operator.id),
    userName: operator.userName,
    userDisplayName: operator.name,
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  })
  return { ...options }
}

/** What the browser is asked to sign in; without `known`, it offers what it has. */
export async function writeAssertion(
  party: RelyingParty,
  challenge: string,
  known: readonly Pick<Passkey, 'id' | 'transports'>[] = [],
): Promise<CeremonyOptions> {
  const options = await generateAuthenticationOptions({
    rpID: idOf(party),
    challenge: Buffer.from(challenge, 'base64url'),
    timeout: TIMEOUT_MS,
    userVerification: 'required',
    allowCredentials: known.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] })),
  })
  return { ...options }
}

/** The challenge that an answer says it answers; empty when it says nothing that can be read. */
export function readChallenge({ response }: CeremonyAnswer): string {
  try {
    const client: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString())
    const { challenge } = client as { challenge?: unknown }
    return typeof challenge === 'string' ? challenge : ''
  } catch {
    return ''
  }
}

/** A new passkey; undefined when the answer is not what was asked for. */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  answer: CeremonyAnswer,
): Promise<Pick<Passkey, 'id' | 'public_key' | 'counter' | 'transports'> | undefined> {
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: idOf(party),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!registrationInfo) return undefined
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential
    const named = transports.filter((name) => /^[a-z-]{1,20}$/.test(name)).slice(0, 8)
    return { id, public_key: writeHex(publicKey), counter: String(counter), transports: JSON.stringify(named) }
  } catch {
    // Whatever the library cannot read or does not believe is refused, and no bug of ours.
    return undefined
  }
}

/** What an assertion proved: the counter that the authenticator is at now, or that it went backwards. */
export type Assertion = { readonly counter: number } | 'regressed' | undefined

/** Judges an answer by the passkey's public key; undefined when it proves nothing. */
export async function verifyAssertion(
  party: RelyingParty,
  challenge: string,
  answer: CeremonyAnswer,
  passkey: Pick<Passkey, 'id' | 'public_key' | 'counter'>,
): Promise<Assertion> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: idOf(party),
      // The library refuses a regress without saying so: the counter is judged below.
      credential: { id: passkey.id, publicKey: readHex(passkey.public_key), counter: 0 },
      requireUserVerification: true,
    })
    if (!verified) return undefined
    const { newCounter } = authenticationInfo
    const last = Number(passkey.counter)
    // Zero both times: the authenticator does not count. [WebAuthn 3, 7.2 step 22]
    const isRegressed = (newCounter > 0 || last > 0) && newCounter <= last
    return isRegressed ? 'regressed' : { counter: newCounter }
  } catch {
    return undefined
  }
}
