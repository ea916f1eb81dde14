import type { Octets } from '@unlatch/card'
import type { GidsState } from './gids/gids-state.ts'
import type { PivCardKind, PivProfile } from './piv/piv-profile.ts'
import type { PivState } from './piv/piv-state.ts'

/** The cards that can be pretended. */
export type VirtualCardKind = 'gids' | PivCardKind

/** A card's persistent memory, as JSON: octets are hexadecimal. It holds every secret of the card in clear. */
export type VirtualCardState = GidsState | PivState

/** What can be chosen when a card is made. */
export interface VirtualCardOptions {
  /** Source of challenges, serial numbers and key material other than key pairs; Node's random source by default. */
  readonly random?: (length: number) => Uint8Array
  /** Departures from the kind's profile, for a PIV card; they are kept in its state. */
  readonly profile?: Partial<PivProfile>
  /** GIDS: tries of the admin key, as some families count them; without it the key has no counter. */
  readonly adminKeyTries?: number
}

/** A card without a reader: octets in, octets out. */
export interface VirtualCard {
  readonly kind: VirtualCardKind
  readonly atr: Octets
  /** Power on or warm reset: verifications, challenges, selection and half-sent chains are gone, memory stays. */
  reset(): void
  /** Answers any octets at all with a response APDU; it throws nothing, whatever arrives. */
  transmit(command: Uint8Array): Octets
  /** A copy of the persistent memory. */
  save(): VirtualCardState
}
