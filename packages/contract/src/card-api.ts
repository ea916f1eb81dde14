import * as z from 'zod/mini'
import { CARD_STATES } from './api.ts'
import { TEMPLATE_FAULTS, TemplateDocument } from './template-api.ts'

/** What crosses the wire about a card's life cycle: its moves, the list of cards, and what is wrong with some of them. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))

// --- moves ---------------------------------------------------------------------------------------------------------

/** From one state of the life cycle to another, by an operator's word. */
export const CARD_MOVES = ['suspend', 'resume', 'revoke', 'retire', 'restock'] as const
export type CardMove = (typeof CARD_MOVES)[number]

/** Why a card is moved, by name: `absent`: its holder is away; `left`: he is gone for good; `cleared`: a suspicion was none. */
export const MOVE_REASONS = [
  'lost',
  'stolen',
  'compromised',
  'damaged',
  'absent',
  'left',
  'superseded',
  'returned',
  'found',
  'cleared',
  'mistake',
] as const
export type MoveReason = (typeof MOVE_REASONS)[number]

export const MoveCard = z.object({
  cardId: id(),
  move: z.enum(CARD_MOVES),
  reason: z.enum(MOVE_REASONS),
  note: z.optional(text(500)),
})
export type MoveCard = z.infer<typeof MoveCard>
export const CardMoved = z.object({ state: z.enum(CARD_STATES) })
export type CardMoved = z.infer<typeof CardMoved>

/** A card gets the newest version of its template; `version` is the one that the operator saw. */
export const MoveToVersion = z.object({ cardId: id(), version: z.number().check(z.int(), z.minimum(1)) })
export const MovedToVersion = z.object({ version: z.number() })
export type MovedToVersion = z.infer<typeof MovedToVersion>

/** Some cards of older versions of a template get its newest one; asked again while there are more. */
export const MoveCardsToVersion = z.object({
  templateId: id(),
  version: z.number().check(z.int(), z.minimum(1)),
})
export const CardsMovedToVersion = z.object({ moved: z.number(), isMore: z.boolean() })
export type CardsMovedToVersion = z.infer<typeof CardsMovedToVersion>

// --- findings ------------------------------------------------------------------------------------------------------

/**
 * What is wrong with a card that is in use: somebody outside may know its PUC; its PUC waits for over an hour, or was given
 * up; its PUC is the factory's; no PUC that is known was right; its key 9B is the factory's; it refused its admin key; nothing
 * but the PUC unblocks it, since its key 9E does not answer.
 */
export const CARD_FINDINGS = [
  'puc-exposed',
  'puc-undelivered',
  'puc-default',
  'puk-unknown',
  'key-factory',
  'key-unknown',
  'puc-only',
] as const
export type CardFinding = (typeof CARD_FINDINGS)[number]

export const FindingCount = z.object({
  finding: z.enum(CARD_FINDINGS),
  count: z.number(),
  /** Counting stopped: there may be more. */
  isAtLeast: z.boolean(),
  /** Key of the message that says what to do. */
  remedy: text(100),
})
export const FindingCounts = z.object({ findings: z.array(FindingCount) })
export type FindingCounts = z.infer<typeof FindingCounts>

// --- the list of cards ---------------------------------------------------------------------------------------------

/** By when they were registered, or by printed serial. */
export const CARD_SORTS = ['newest', 'oldest', 'serial'] as const
export type CardSort = (typeof CARD_SORTS)[number]

export const CardRow = z.object({
  id: id(),
  label: text(100),
  printedSerial: text(60),
  family: z.enum(['piv', 'gids']),
  state: z.enum(CARD_STATES),
  /** Null on a card that nobody holds. */
  personId: z.nullable(id()),
  personName: z.nullable(text(200)),
  /** Null on a card without a template. */
  templateName: z.nullable(text(100)),
  templateVersion: z.nullable(z.number()),
  /** Its template has a newer version. */
  isOlderVersion: z.boolean(),
  createdAt: text(40),
  findings: z.array(z.enum(CARD_FINDINGS)),
})
export type CardRow = z.infer<typeof CardRow>

export const CardsFound = z.object({
  cards: z.array(CardRow),
  /** What the next page is asked with (`after`); null: this is the last one. A page may be short, and have a next one. */
  next: z.nullable(text(800)),
  /** A search found more people than are looked at: a longer one finds the rest. */
  isCut: z.boolean(),
})
export type CardsFound = z.infer<typeof CardsFound>

// --- one card ------------------------------------------------------------------------------------------------------

/** What is on record about a card's PUK: one value for certain, some that it may be, none, or one that is not ours. */
export const PUK_KNOWLEDGE = ['sure', 'several', 'none', 'factory', 'imported'] as const

const OtherCard = z.object({ id: id(), printedSerial: text(60), state: z.enum(CARD_STATES) })

/** Everything that a card's page shows; no secret. */
export const CardDetails = z.object({
  id: id(),
  label: text(100),
  printedSerial: text(60),
  /** What its maker numbered it with, where the card tells. */
  hardwareNumber: z.nullable(text(40)),
  cardUuid: text(32),
  family: z.enum(['piv', 'gids']),
  state: z.enum(CARD_STATES),
  /** Null on a card that nobody holds. */
  holder: z.nullable(z.object({ id: id(), name: text(200), userName: text(200), department: text(200) })),
  registeredAt: text(40),
  /** When it was issued last; null: never. */
  issuedAt: z.nullable(text(40)),
  /** The template by which it was registered, the version that it has, and the newest one. */
  template: z.nullable(
    z.object({
      id: id(),
      name: text(100),
      isLocked: z.boolean(),
      version: z.number(),
      document: TemplateDocument,
      newestVersion: z.number(),
      newestDocument: TemplateDocument,
      /** Why the newest version cannot be used; empty when it can. */
      faults: z.array(z.enum(TEMPLATE_FAULTS)),
    }),
  ),
  /** Null on a card without a PUK, and on one that was never issued. */
  puk: z.nullable(
    z.object({
      knowledge: z.enum(PUK_KNOWLEDGE),
      exposedSince: z.nullable(text(40)),
      /** Who may know it: a person or an operator, by name; null: nobody knows who. */
      exposedTo: z.nullable(text(200)),
      triesAtLeast: z.number(),
      triesLimit: z.number(),
    }),
  ),
  findings: z.array(z.enum(CARD_FINDINGS)),
  /** What the table lets an operator do with it now, and for what reasons. */
  moves: z.array(z.object({ move: z.enum(CARD_MOVES), reasons: z.array(z.enum(MOVE_REASONS)) })),
  /** True where a station may issue it once more, for somebody else as well. */
  isReissuable: z.boolean(),
  replaces: z.nullable(OtherCard),
  replacedBy: z.nullable(OtherCard),
})
export type CardDetails = z.infer<typeof CardDetails>

/** What happened to a card, by name. */
export const CARD_EVENTS = [
  'registered',
  'reissued',
  'issuance-ordered',
  'issuance-begun',
  'issued',
  'moved',
  'superseded',
  'version-moved',
  'try-approved',
  'contacted',
  'puc-replaced',
  'call-opened',
  'unblock-asked',
  'unblock-authorised',
  'unblock-ended',
  'unblock-codes-given',
  'holder-session',
  'self-service-begun',
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
  'incident-caught',
  'incident-closed',
  'incident-lifted',
  'other',
] as const
export type CardEventName = (typeof CARD_EVENTS)[number]

/** One record of the log about a card, in so far as a page may tell it. */
export const CardEvent = z.object({
  id: id(),
  at: text(40),
  what: z.enum(CARD_EVENTS),
  /** Refused, or failed, with a code of `problems`; null: done. */
  problem: z.nullable(text(60)),
  by: z.object({ kind: z.enum(['operator', 'agent', 'anybody', 'system']), name: text(200) }),
  move: z.optional(z.enum(CARD_MOVES)),
  reason: z.optional(z.enum(MOVE_REASONS)),
  /** What an operator wrote. */
  note: z.optional(text(1000)),
  /** How an unblock or a delivery ended; the version that a card got; what kind of incident was caught. */
  result: z.optional(text(60)),
  /** The unblock by which something was released. */
  unblockId: z.optional(id()),
})
export type CardEvent = z.infer<typeof CardEvent>

export const CardHistory = z.object({
  events: z.array(CardEvent),
  /** What the next page is asked with (`before`); null: this is the last one. */
  next: z.nullable(z.number()),
})
export type CardHistory = z.infer<typeof CardHistory>
