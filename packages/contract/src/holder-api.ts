import * as z from 'zod/mini'
import { CARD_STATES } from './api.ts'
import { CARD_MOVES, type CardEventName } from './card-api.ts'
import { SealedPuk } from './connected-api.ts'
import { PersonPasskeys } from './proof-api.ts'
import { ADDRESS_KINDS } from './verification-api.ts'

/**
 * What crosses the wire when a holder looks after himself, with a card that works: its PIN was verified at the card, and the card
 * proved itself to the server. A session is of one card at one agent.
 *
 * @see [security.md, Roots]
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))

/** An authenticator app shows a code for half a minute · a device of its own shows the next one when its button is pressed. */
export const ONE_TIME_KINDS = ['totp', 'hotp'] as const
export type OneTimeKind = (typeof ONE_TIME_KINDS)[number]

/** `jobKey`: a fresh P-256 point of this session, 65 bytes. */
export const OpenHolderSession = z.object({
  cardUuid: z.string().check(z.regex(/^[0-9A-F]{32}$/)),
  reader: text(200),
  jobKey: hex(130),
})
export type OpenHolderSession = z.infer<typeof OpenHolderSession>

/** `proof`: 16 bytes, unforeseeable, that this card alone opens at this agent alone; null for a card without a key for that. */
export const HolderSessionOpened = z.object({ sessionId: id(), proof: z.nullable(SealedPuk) })
export type HolderSessionOpened = z.infer<typeof HolderSessionOpened>

/** What was in it; absent for a card without a key for that. */
export const ProveHolderSession = z.object({ sessionId: id(), proof: z.optional(hex(32)) })
export type ProveHolderSession = z.infer<typeof ProveHolderSession>

/** Whose session it is, and until when. */
export const HolderSession = z.object({ sessionId: id(), personName: text(200), until: time() })
export type HolderSession = z.infer<typeof HolderSession>

export const AskHolder = z.object({ sessionId: id() })
export type AskHolder = z.infer<typeof AskHolder>

/** `before`: as the last page said. */
export const AskHolderCards = z.object({
  sessionId: id(),
  before: z.optional(z.number().check(z.int(), z.minimum(1))),
})
export type AskHolderCards = z.infer<typeof AskHolderCards>

/** What a holder is told of his card: rounds of a station, and what operators wrote, are not for him. */
export const HOLDER_EVENTS = [
  'registered',
  'reissued',
  'issued',
  'moved',
  'puc-replaced',
  'unblock-authorised',
  'unblock-codes-given',
  'holder-session',
  'self-service-shown',
  'self-service-released',
  'cryptogram',
  'outcome',
  'puc-used',
  'puc-delivery',
  'puc-sent-again',
  'puc-read',
  'said-me',
  'said-not-me',
  'incident-lifted',
] as const satisfies readonly CardEventName[]
export type HolderEventName = (typeof HOLDER_EVENTS)[number]

/** What happened to the card, in so far as it matters to its holder. */
export const HolderEvent = z.object({
  id: id(),
  at: time(),
  what: z.enum(HOLDER_EVENTS),
  /** It was tried, and refused. */
  isRefused: z.boolean(),
  /** An operator's name; empty where none did it. */
  operatorName: text(200),
  move: z.optional(z.enum(CARD_MOVES)),
})
export type HolderEvent = z.infer<typeof HolderEvent>

/** The person's cards, and what happened to the one in the reader, the newest first. `next`: what the next page is asked with. */
export const HolderCards = z.object({
  cards: z.array(
    z.object({ id: id(), label: text(100), printedSerial: text(60), state: z.enum(CARD_STATES), isHere: z.boolean() }),
  ),
  events: z.array(HolderEvent),
  next: z.nullable(z.number()),
})
export type HolderCards = z.infer<typeof HolderCards>

/** By what the person shows that it is he, and where he is told. */
export const HolderSignIn = z.object({
  passkeys: PersonPasskeys.shape.passkeys,
  oneTimePasswords: z.array(
    z.object({
      id: id(),
      kind: z.enum(ONE_TIME_KINDS),
      label: text(60),
      createdAt: time(),
      usableFrom: time(),
      lastUsedAt: z.nullable(time()),
    }),
  ),
  addresses: z.array(z.object({ kind: z.enum(ADDRESS_KINDS), address: text(320) })),
})
export type HolderSignIn = z.infer<typeof HolderSignIn>

export const AddOneTimePassword = z.object({
  sessionId: id(),
  kind: z.enum(ONE_TIME_KINDS),
  label: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)),
})
export type AddOneTimePassword = z.infer<typeof AddOneTimePassword>

/** The secret, in this answer alone: `uri` as a QR code has it, `secret` as somebody types it. */
export const OneTimePasswordDrawn = z.object({ oneTimePasswordId: id(), uri: text(600), secret: text(60) })
export type OneTimePasswordDrawn = z.infer<typeof OneTimePasswordDrawn>

/** `secret`: its first code, as octets in hexadecimal. */
export const ConfirmOneTimePassword = z.object({
  sessionId: id(),
  oneTimePasswordId: id(),
  secret: z.string().check(z.minLength(2), z.maxLength(80), z.regex(/^([0-9A-F]{2})*$/)),
})
export type ConfirmOneTimePassword = z.infer<typeof ConfirmOneTimePassword>
export const OneTimePasswordConfirmed = z.object({ usableFrom: time() })

export const RemoveOneTimePassword = z.object({ sessionId: id(), oneTimePasswordId: id() })
export type RemoveOneTimePassword = z.infer<typeof RemoveOneTimePassword>

/** Where a passkey is added, on another device, and what is typed there. */
export const HolderInvited = z.object({ url: text(400), code: text(40), expiresAt: time() })
export type HolderInvited = z.infer<typeof HolderInvited>

export const RemoveOwnPasskey = z.object({ sessionId: id(), passkeyId: text(1400) })
export type RemoveOwnPasskey = z.infer<typeof RemoveOwnPasskey>
