import * as z from 'zod/mini'

/**
 * What crosses the wire about who is calling: by which ways a person proves to be the holder of a card, and what the card's
 * template demands before anything is released.
 *
 * @see [security.md, Tickets and limits]
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))

/**
 * How a person can prove who they are; there are no knowledge questions. Called back on the number on record, with a word that
 * went to a second address · a code that went to an address · the person's manager, signed in · the person's own passkey on
 * another device · seen in person with a document · seen by video with a badge.
 */
export const VERIFICATION_WAYS = ['call-back', 'address-code', 'manager', 'passkey', 'in-person', 'video'] as const
export type VerificationWay = (typeof VERIFICATION_WAYS)[number]

/**
 * What a way rests on; two ways count as two only with two roots. `domain`: whoever has the domain password has it ·
 * `mailbox`: a mailbox of the person's own · `phone` · `device`: a passkey · `person`: somebody saw or knows them.
 */
export const ROOTS = ['domain', 'mailbox', 'phone', 'device', 'person'] as const
export type Root = (typeof ROOTS)[number]

/** Where a message can reach a person. */
export const ADDRESS_KINDS = ['email', 'secondEmail', 'phone'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]

/** What a code at an address rests on. */
export const ROOT_OF_ADDRESS = {
  email: 'domain',
  secondEmail: 'mailbox',
  phone: 'phone',
} as const satisfies Record<AddressKind, Root>

/** What a way rests on, where no address decides. */
export const ROOT_OF_WAY = {
  'call-back': 'phone',
  manager: 'person',
  passkey: 'device',
  'in-person': 'person',
  video: 'person',
} as const satisfies Record<Exclude<VerificationWay, 'address-code'>, Root>

/** What a card's template demands of a caller: one way of these, or two with different roots. */
export const VerificationDemand = z.object({
  count: z.union([z.literal(1), z.literal(2)]),
  ways: z.array(z.enum(VERIFICATION_WAYS)).check(z.maxLength(VERIFICATION_WAYS.length)),
})
export type VerificationDemand = z.infer<typeof VerificationDemand>

/** What ways can rest on: a demand for two needs ways with two roots. */
export function rootsOf(ways: readonly VerificationWay[]): ReadonlySet<Root> {
  return new Set(ways.flatMap((way) => (way === 'address-code' ? Object.values(ROOT_OF_ADDRESS) : [ROOT_OF_WAY[way]])))
}

/** A card whose template says nothing: one way, whichever. */
export const DEFAULT_DEMAND: VerificationDemand = { count: 1, ways: [...VERIFICATION_WAYS] }

/** For what somebody is verified: a release by telephone (a cryptogram, a PUC), or an unblock in a reader. */
export const VERIFIED_PROCEDURES = ['telephone', 'connected'] as const
export type VerifiedProcedure = (typeof VERIFIED_PROCEDURES)[number]

/** Kinds of document that show a face. */
export const DOCUMENT_KINDS = ['identity-card', 'passport', 'driving-licence', 'company-badge'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** Opens the verification of a card's holder, or finds the operator's open one. */
export const OpenVerification = z.object({ cardId: id(), procedure: z.enum(VERIFIED_PROCEDURES) })
export type OpenVerification = z.infer<typeof OpenVerification>
export const VerificationOpened = z.object({ id: id() })

/** A word or a code leaves for an address of the person; for a passkey nothing leaves, and a code is to be read out. */
export const BeginWay = z.discriminatedUnion('way', [
  z.object({ verificationId: id(), way: z.literal('call-back'), address: z.enum(['email', 'secondEmail']) }),
  z.object({ verificationId: id(), way: z.literal('address-code'), address: z.enum(ADDRESS_KINDS) }),
  z.object({ verificationId: id(), way: z.literal('manager') }),
  z.object({ verificationId: id(), way: z.literal('passkey') }),
])
export type BeginWay = z.infer<typeof BeginWay>

/** `readOut`: the code that the operator reads to a person with a passkey; null for the other ways. */
export const WayBegun = z.object({ id: id(), readOut: z.nullable(text(20)) })
export type WayBegun = z.infer<typeof WayBegun>

/** What the person read back. */
export const AnswerWay = z.object({ verificationId: id(), wayId: id(), said: text(100) })
export type AnswerWay = z.infer<typeof AnswerWay>

/** What an operator saw with his own eyes. A document's number is not kept. */
export const AttestWay = z.discriminatedUnion('way', [
  z.object({
    verificationId: id(),
    way: z.literal('in-person'),
    document: z.enum(DOCUMENT_KINDS),
    /** The face is the one of the document, and of the person. */
    isSameFace: z.literal(true),
  }),
  z.object({
    verificationId: id(),
    way: z.literal('video'),
    /** As the badge shows it. */
    badge: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)),
    isSameFace: z.literal(true),
  }),
])
export type AttestWay = z.infer<typeof AttestWay>

/** `asked`: the person's turn · `met` · `failed`: wrong too often, declined, or too late. */
export const WAY_STATES = ['asked', 'met', 'failed'] as const

/** A manager's answer. */
export const AnswerApproval = z.object({ wayId: id(), answer: z.enum(['confirm', 'decline']) })
export type AnswerApproval = z.infer<typeof AnswerApproval>

/** What a manager is asked: whether somebody is who he says to be. */
export const ApprovalView = z.object({
  id: id(),
  personName: text(200),
  department: text(200),
  cardLabel: text(100),
  operatorName: text(200),
  askedAt: time(),
  /** Until when an answer counts. */
  until: time(),
  state: z.enum(WAY_STATES),
})
export type ApprovalView = z.infer<typeof ApprovalView>
/** Those of the last day, the newest first. */
export const Approvals = z.object({ approvals: z.array(ApprovalView) })
export type Approvals = z.infer<typeof Approvals>

/** One way that was tried. */
export const WayView = z.object({
  id: id(),
  way: z.enum(VERIFICATION_WAYS),
  root: z.enum(ROOTS),
  state: z.enum(WAY_STATES),
  askedAt: time(),
  metAt: z.nullable(time()),
  /** Where something was sent; null where nothing is. */
  sentTo: z.nullable(text(320)),
  triesLeft: z.nullable(z.number()),
})
export type WayView = z.infer<typeof WayView>

/** An address of the person, and why it cannot be used now: a code of `problems`. */
export const AddressView = z.object({
  kind: z.enum(ADDRESS_KINDS),
  address: text(320),
  root: z.enum(ROOTS),
  obstacle: z.nullable(text(60)),
  /** It changed lately: since when, and what it was before; that is shown to supervisors alone. */
  changed: z.nullable(z.object({ at: time(), previous: z.nullable(text(320)) })),
})
export type AddressView = z.infer<typeof AddressView>

/** A way that may be used for this card, and why it cannot be used now: a code of `problems`. */
export const WayOffer = z.object({ way: z.enum(VERIFICATION_WAYS), obstacle: z.nullable(text(60)) })
export type WayOffer = z.infer<typeof WayOffer>

/**
 * Why a second operator is needed: the card's template says so, or the person's record, or the desk for this action; the
 * threat level is raised; nobody is meant to work at this hour.
 */
export const FOUR_EYES_REASONS = ['template', 'person', 'action', 'threat', 'hours'] as const
export type FourEyesReason = (typeof FOUR_EYES_REASONS)[number]

export const APPROVAL_STATES = ['asked', 'approved', 'declined', 'expired'] as const

/** How the second operator's answer stands, for the first one. */
export const FourEyesView = z.object({
  reasons: z.array(z.enum(FOUR_EYES_REASONS)),
  /** The release itself needs him; false where only reading a PUC does. */
  isForRelease: z.boolean(),
  approval: z.nullable(
    z.object({
      id: id(),
      state: z.enum(APPROVAL_STATES),
      until: time(),
      answeredBy: z.nullable(text(200)),
      isBreakGlass: z.boolean(),
    }),
  ),
})
export type FourEyesView = z.infer<typeof FourEyesView>

/** What is demanded of the caller about a card, and what stands of it. */
export const VerificationView = z.object({
  cardId: id(),
  demand: VerificationDemand,
  offers: z.array(WayOffer),
  addresses: z.array(AddressView),
  managerName: text(200),
  /** The operator verifies the same person for another card, and released nothing: it follows him to this card. */
  isElsewhere: z.boolean(),
  /** The holder may be given unblock codes, with which he unblocks the card himself. */
  admitsUnblockCodes: z.boolean(),
  /** The open one of the operator who looks; null: none was begun. */
  /** Whether a second operator is needed, and how his answer stands. */
  fourEyes: FourEyesView,
  open: z.nullable(
    z.object({
      id: id(),
      ways: z.array(WayView),
      isMet: z.boolean(),
      /** Until when something may be released; null while not met. */
      expiresAt: z.nullable(time()),
      usesLeft: z.number(),
    }),
  ),
})
export type VerificationView = z.infer<typeof VerificationView>
