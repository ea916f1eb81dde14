/** Why a certificate does not count. */
export type CardFault = 'untrusted' | 'revoked' | 'revocation-unknown'

/** What an authority says about one certificate; `why` is for the log. */
export type CardVerdict =
  | { readonly isGood: true }
  | { readonly isGood: false; readonly fault: CardFault; readonly why: string }

/**
 * The authority whose certificates operators sign with. It is asked about a certificate and answers from what it holds; what
 * it holds of revocations is renewed beside that, so that no signature waits for another computer.
 */
export interface CardAuthority {
  /** Whether a certificate (DER) counts now: chains to the authority, is in time, and was not revoked. Never throws. */
  judge(certificate: Uint8Array, now: Date): CardVerdict
  /** Reads the revocation lists again. A list that is no good leaves the one before in its place. Never throws. */
  renew(now: Date, signal?: AbortSignal): Promise<void>
  /** What is wrong with the revocation lists now, for whoever runs the server; empty: nothing. */
  findings(now: Date): readonly string[]
}
