import type { PivProfile } from './piv-profile.ts'
import type { PivState } from './piv-state.ts'

/** An outstanding challenge of key 9B: what the card drew, and for which exchange. */
interface PivChallenge {
  readonly exchange: 'single' | 'mutual'
  readonly octets: Uint8Array
}

/** What a PIV card forgets without power. */
export interface PivSession {
  isPinVerified: boolean
  /** The last command was a VERIFY that succeeded: what "PIN always" asks for. */
  isPinFresh: boolean
  isAdministrator: boolean
  challenge: PivChallenge | undefined
}

/** All that a command of the card works on. */
export interface PivContext {
  readonly profile: PivProfile
  readonly state: PivState
  readonly session: PivSession
  readonly random: (length: number) => Uint8Array
}
