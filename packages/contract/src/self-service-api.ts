import * as z from 'zod/mini'
import { SealedPuk } from './connected-api.ts'
import type { Root } from './verification-api.ts'

/**
 * What crosses the wire when a cardholder unblocks his card himself: the card first, then one other authentication, or two, as
 * the card's template demands.
 *
 * @see [security.md, Self-service]
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))
const cardUuid = () => z.string().check(z.regex(/^[0-9A-F]{32}$/))

/**
 * Other authentications: the password of the person's account in the directory · a one-time password · an unblock code, from the
 * help desk or from a printed sheet · another identity provider · the person's passkey on another device.
 */
export const SELF_SERVICE_WAYS = [
  'domain',
  'one-time-password',
  'unblock-code',
  'identity-provider',
  'passkey',
] as const
export type SelfServiceWay = (typeof SELF_SERVICE_WAYS)[number]

/**
 * What each rests on; two count as two only with two roots. An identity provider may rest on the domain too: its connection says
 * whether it does, and that counts.
 */
export const ROOT_OF_SELF_SERVICE_WAY = {
  domain: 'domain',
  'one-time-password': 'phone',
  'unblock-code': 'person',
  'identity-provider': 'mailbox',
  passkey: 'device',
} as const satisfies Record<SelfServiceWay, Root>

/** True for a demand that somebody could meet: enough ways that rest on different things, and a provider where one is asked. */
export function isSelfServicePossible({ count, ways, identityProviderId }: SelfServiceDemand): boolean {
  const roots = new Set(ways.map((way) => ROOT_OF_SELF_SERVICE_WAY[way]))
  return roots.size >= count && (identityProviderId !== null || !ways.includes('identity-provider'))
}

/** What a card's template demands of a holder who unblocks his card himself. */
export const SelfServiceDemand = z.object({
  count: z.union([z.literal(1), z.literal(2)]),
  ways: z.array(z.enum(SELF_SERVICE_WAYS)).check(z.maxLength(SELF_SERVICE_WAYS.length)),
  /** The connection by which an identity provider is asked; null where none is. */
  identityProviderId: z.nullable(id()),
})
export type SelfServiceDemand = z.infer<typeof SelfServiceDemand>

/** A card whose template says nothing more: the password of the account, a one-time password, an unblock code, or a passkey. */
export const DEFAULT_SELF_SERVICE: SelfServiceDemand = {
  count: 1,
  ways: ['domain', 'one-time-password', 'unblock-code', 'passkey'],
  identityProviderId: null,
}

/** Whether a holder may unblock this card himself; told to whoever has an enrolled agent, so it says nothing about a person. */
export const AskSelfService = z.object({ cardUuid: cardUuid() })
/** Null: he may; otherwise why not, a code of `problems`. */
export const SelfServiceOffer = z.object({ obstacle: z.nullable(text(60)) })
export type SelfServiceOffer = z.infer<typeof SelfServiceOffer>

/** The card is held: it is to prove itself. */
export const OpenSelfService = z.object({
  cardUuid: cardUuid(),
  reader: text(200),
  /** A fresh P-256 point of this attempt, 65 bytes. */
  jobKey: hex(130),
})
export type OpenSelfService = z.infer<typeof OpenSelfService>

/** `proof`: 16 bytes, unforeseeable, that this card alone opens at this agent alone; null for a card without a key for that. */
export const SelfServiceOpened = z.object({ unblockId: id(), proof: z.nullable(SealedPuk) })
export type SelfServiceOpened = z.infer<typeof SelfServiceOpened>

/** What was in it; absent for a card without a key for that. */
export const ProveSelfService = z.object({ unblockId: id(), proof: z.optional(hex(32)) })
export type ProveSelfService = z.infer<typeof ProveSelfService>

/** One way that the template admits. */
export const SelfServiceOffered = z.object({
  way: z.enum(SELF_SERVICE_WAYS),
  /** `open`: can be used; `asked`: is answered elsewhere; `met`. */
  state: z.enum(['open', 'asked', 'met']),
  /** Why it cannot be used now, a code of `problems`; null: it can. */
  obstacle: z.nullable(text(60)),
  /** Whose password is asked for, at which provider: what is shown beside it. */
  hint: text(300),
})
export type SelfServiceOffered = z.infer<typeof SelfServiceOffered>

/** How an attempt stands, for the agent whose card proved itself. */
export const SelfServiceView = z.object({
  unblockId: id(),
  personName: text(200),
  cardLabel: text(100),
  printedSerial: text(60),
  /** So many ways with different roots. */
  count: z.number(),
  ways: z.array(SelfServiceOffered),
  /** What is demanded was given. */
  isMet: z.boolean(),
  /** Until when the attempt is open. */
  until: time(),
})
export type SelfServiceView = z.infer<typeof SelfServiceView>

/** An operator gives a verified holder a code to type: one that is said, or a sheet of them to keep. */
export const GiveUnblockCodes = z.object({ cardId: id(), kind: z.enum(['spoken', 'sheet']) })
export type GiveUnblockCodes = z.infer<typeof GiveUnblockCodes>
/** They exist in this answer only; `expiresAt` null: until they are used, or others are given. */
export const UnblockCodes = z.object({ codes: z.array(text(20)), expiresAt: z.nullable(time()) })
export type UnblockCodes = z.infer<typeof UnblockCodes>

/** What the holder typed, as octets of UTF-8 in hexadecimal: so that it is no string in the agent. */
export const AnswerSelfService = z.object({
  unblockId: id(),
  secret: z.string().check(z.minLength(2), z.maxLength(1024), z.regex(/^([0-9A-F]{2})*$/)),
})
export type AnswerSelfService = z.infer<typeof AnswerSelfService>

/** Both are answered elsewhere: in a browser, on another device. */
export const BeginSelfServiceWay = z.discriminatedUnion('way', [
  /** `redirectUri`: where this agent hears of the end, on 127.0.0.1. */
  z.object({
    unblockId: id(),
    way: z.literal('identity-provider'),
    redirectUri: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/self-service\/signed-in$/)),
  }),
  z.object({ unblockId: id(), way: z.literal('passkey') }),
])
export type BeginSelfServiceWay = z.infer<typeof BeginSelfServiceWay>

/** `url`: what the system's browser is sent to, or another device; `code`: what is typed there, empty where nothing is. */
export const SelfServiceWayBegun = z.object({ url: text(4000), code: text(20) })
export type SelfServiceWayBegun = z.infer<typeof SelfServiceWayBegun>

/** What the identity provider sent back by the browser: the query of the redirect, as it was. */
export const FinishIdentityProvider = z.object({ unblockId: id(), query: text(4000) })
export type FinishIdentityProvider = z.infer<typeof FinishIdentityProvider>

export const SelfServiceAttempt = z.object({ unblockId: id() })
export type SelfServiceAttempt = z.infer<typeof SelfServiceAttempt>
