import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser'
import type { CeremonyAnswer, CeremonyOptions } from '@unlatch/contract'
import { ApiFailure } from '../shared/call-api.ts'

/** Passkeys in the browser. What goes wrong there becomes a problem with a code of ours. */

/** @throws ApiFailure `passkey-cancelled`, `passkey-exists`, `passkey-not-possible`. */
export const makePasskey = (options: CeremonyOptions): Promise<CeremonyAnswer> =>
  perform(() => startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }))

/** @throws ApiFailure `passkey-cancelled`, `passkey-not-possible`. */
export const proveByPasskey = (options: CeremonyOptions): Promise<CeremonyAnswer> =>
  perform(() => startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }))

async function perform(
  ceremony: () => Promise<RegistrationResponseJSON | AuthenticationResponseJSON>,
): Promise<CeremonyAnswer> {
  if (!browserSupportsWebAuthn()) throw new ApiFailure({ code: 'passkey-not-possible' })
  try {
    return (await ceremony()) as unknown as CeremonyAnswer
  } catch (thrown) {
    if (thrown instanceof WebAuthnError && thrown.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
      throw new ApiFailure({ code: 'passkey-exists' })
    const name = thrown instanceof Error ? thrown.name : ''
    const isCancelled = name === 'NotAllowedError' || name === 'AbortError'
    throw new ApiFailure({ code: isCancelled ? 'passkey-cancelled' : 'passkey-not-possible' })
  }
}
