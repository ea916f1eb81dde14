import type { SelfServiceOffer } from '@unlatch/contract'
import type { CardReaders, Configuration, Journal, PinPolicies } from '../tasks/ports.ts'
import type { ConnectedTools } from '../tasks/unblock-connected.ts'

/** Virtual cards that the demo's panel can insert and remove. */
export interface VirtualReaderPanel {
  inserted(): string | null
  readonly cards: readonly { id: string; label: string; holder: string }[]
  insert(cardId: string): void
  remove(): void
}

/** What the screen is given. */
export interface ScreenTools {
  readonly readers: CardReaders
  readonly journal: Journal
  readonly configuration: () => Configuration
  readonly isConfigured: () => boolean
  /** Tells the server what happened, when it can be reached. */
  readonly contactServer: () => Promise<void>
  readonly now: () => Date
  readonly panel: VirtualReaderPanel | undefined
  /** The rules for the PIN of the card in the reader; absent: the organisation's for all. */
  readonly policies?: PinPolicies
  /**
   * A card that works makes its contact, so that a PUK that somebody may know is exchanged: at a station, and here where this
   * computer just unblocked it. The server says whose turn it is.
   */
  readonly contactCard?: (reader: string) => Promise<unknown>
  /** What a connected unblock takes; absent where there is no channel. */
  readonly connected?: Pick<ConnectedTools, 'server' | 'keySha256'>
  /** Whether the holder of a card may unblock it himself, as the server says soon; throws where it does not. */
  readonly offerOf?: (cardUuidHex: string) => Promise<SelfServiceOffer>
  /** The PIN of the card in a reader changed: whoever else knows how it stands looks again. */
  readonly lookAgain?: (reader: string) => void
  /** Opens this agent's page in a browser, when an operator asks and it is not open. */
  readonly openPage?: () => void
  /** The same for a blocked card that is put in, so that nobody has to look for the page. */
  readonly openForCard?: () => void
}
