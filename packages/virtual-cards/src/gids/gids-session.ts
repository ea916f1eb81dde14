import type { GidsState } from './gids-state.ts'

/** Identifier of the application itself among the files. */
export const APPLICATION_FILE = '3FFF'

/** What a GIDS card forgets without power. */
export interface GidsSession {
  isPinVerified: boolean
  isAdministrator: boolean
  /** MSE SET named the admin key. */
  isKeySelected: boolean
  challenge: GidsChallenge | undefined
  /** Identifier of the current file, in hexadecimal. */
  currentFile: string
}

/** An outstanding challenge of the admin key; a mutual one remembers the host's as well. */
type GidsChallenge =
  | { readonly exchange: 'external'; readonly octets: Uint8Array }
  | { readonly exchange: 'mutual'; readonly octets: Uint8Array; readonly host: Uint8Array }

/** All that a command of the card works on. */
export interface GidsContext {
  readonly state: GidsState
  readonly session: GidsSession
  readonly random: (length: number) => Uint8Array
}
