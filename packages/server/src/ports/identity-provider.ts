import type { IdentityProviderSettings, ProblemCode } from '@unlatch/contract'

/** An identity provider, ready to be asked: with its client secret, for this one question. */
export interface OpenProvider {
  readonly settings: IdentityProviderSettings
  readonly secret: string | null
}

/** What binds an answer to its question; drawn anew for each. */
export interface SignInQuestion {
  /** Where the browser is sent afterwards: at the agent, on 127.0.0.1. */
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** Of PKCE. [RFC 7636] */
  readonly verifier: string
}

/** Who signed in. Nobody is known by his mail address. */
export interface SignedIn {
  readonly issuer: string
  readonly subject: string
}

/** What we ask of an identity provider. All throw IdentityProviderError alone. */
export interface IdentityProvider {
  /** It is there, and is who it says to be. */
  discover(open: OpenProvider): Promise<void>
  /** Where a browser is sent for a person to sign in, now, whoever is signed in already. */
  begin(open: OpenProvider, question: SignInQuestion): Promise<string>
  /**
   * Who signed in, by what the browser came back with. IdentityProviderError `identity-refused`: nobody, or too long ago;
   * `identity-answer-invalid`: the answer is not the provider's, or not to this question.
   *
   * @param query - of the redirection, as it was.
   * @param since - nobody who signed in before that counts.
   */
  finish(open: OpenProvider, question: SignInQuestion, query: string, since: Date): Promise<SignedIn>
}

/** An identity provider did not answer as it should. */
export class IdentityProviderError extends Error {
  override readonly name = 'IdentityProviderError'
  readonly code: Extract<ProblemCode, `identity-${string}`>

  /** @param message - what the other side said; shown to operators. */
  constructor(code: IdentityProviderError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}
