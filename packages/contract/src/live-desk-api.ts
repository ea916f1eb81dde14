import * as z from 'zod/mini'
import { VERIFICATION_WAYS } from './verification-api.ts'

/** What crosses the wire about the desk as it is now (open attempts), and as it was (its numbers). */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))

/** So long an attempt that nobody ended is on the Live desk. */
export const LIVE_DESK_HOURS = 24
/** Attempts on one page of it. */
export const LIVE_DESK_PAGE = 25

/** Where the card is: with its holder on the telephone, in a reader (a station, his own), in one that is not chosen yet. */
export const ATTEMPT_PLACES = ['telephone', 'here', 'online', 'reader'] as const
export type AttemptPlace = (typeof ATTEMPT_PLACES)[number]

/**
 * What an attempt waits for: that the caller is verified · a challenge, or a reader, now that he is · the operator's signature ·
 * what becomes of a cryptogram that was given · the holder or the card, in a reader.
 */
export const ATTEMPT_WAITS = ['verification', 'challenge', 'signature', 'outcome', 'card'] as const
export type AttemptWait = (typeof ATTEMPT_WAITS)[number]

/** An attempt that is open: from the first thing that was done to know the caller. */
export const AttemptView = z.object({
  id: id(),
  place: z.enum(ATTEMPT_PLACES),
  waitsFor: z.enum(ATTEMPT_WAITS),
  operator: z.object({ id: text(64), name: text(200) }),
  isOwn: z.boolean(),
  personId: id(),
  personName: text(200),
  cardId: id(),
  cardLabel: text(100),
  printedSerial: text(100),
  /** Ways by which the holder was verified and that still count. */
  ways: z.array(z.enum(VERIFICATION_WAYS)),
  openedAt: time(),
  firstReleaseAt: z.nullable(time()),
})
export type AttemptView = z.infer<typeof AttemptView>

/** The newest first. `next`: what the next page is asked with (`after`); null: this is the last one. */
export const LiveDesk = z.object({ attempts: z.array(AttemptView), next: z.nullable(text(200)) })
export type LiveDesk = z.infer<typeof LiveDesk>

/** The attempt of an operator about a card, found again after a reload. A code is never shown a second time. */
export const ResumedAttempt = z.object({
  attempt: z.nullable(
    z.object({
      unblockId: id(),
      /** A cryptogram was given, and its outcome is open: how it comes back. */
      closesBy: z.nullable(z.enum(['receipt', 'word'])),
    }),
  ),
  /** The unblock of the card in a reader, where one is open. */
  connectedId: z.nullable(id()),
})
export type ResumedAttempt = z.infer<typeof ResumedAttempt>

/** Operators who can take an attempt over. */
export const Colleagues = z.object({
  colleagues: z.array(z.object({ id: id(), name: text(200), userName: text(100) })),
})
export type Colleagues = z.infer<typeof Colleagues>

export const HandOver = z.object({
  attemptId: id(),
  operatorId: id(),
  reason: z._default(z.string().check(z.trim(), z.maxLength(200)), ''),
})
export type HandOver = z.infer<typeof HandOver>
export const TakeOver = z.object({ attemptId: id() })
export type TakeOver = z.infer<typeof TakeOver>
export const EndAttempt = z.object({ attemptId: id() })
export type EndAttempt = z.infer<typeof EndAttempt>

/** By what a card was unblocked: a cryptogram on the telephone, a station, its holder's own computer, a PUC, its holder alone. */
export const UNBLOCK_PROCEDURES = ['telephone', 'station', 'remote', 'puc', 'self-service'] as const
export type UnblockProcedure = (typeof UNBLOCK_PROCEDURES)[number]

/** For how many days the desk is counted; days are those of UTC. */
export const NUMBER_DAYS = [7, 30] as const

/** The desk in numbers. */
export const DeskNumbers = z.object({
  days: z.array(
    z.object({
      day: text(10),
      telephone: z.number(),
      station: z.number(),
      remote: z.number(),
      puc: z.number(),
      'self-service': z.number(),
      refused: z.number(),
    }),
  ),
  /** From the first thing that was done to know the caller, to the outcome: by procedure; null where none was measured. */
  medianSeconds: z.object({
    telephone: z.nullable(z.number()),
    station: z.nullable(z.number()),
    remote: z.nullable(z.number()),
    'self-service': z.nullable(z.number()),
  }),
  /** Why nothing was released: codes of `problems`, the most frequent first. */
  refusals: z.array(z.object({ problem: text(60), count: z.number() })),
  /** Those of them that a limit caused. */
  limits: z.array(z.object({ problem: text(60), count: z.number() })),
})
export type DeskNumbers = z.infer<typeof DeskNumbers>

/** Problems by which a limit tells that it was reached. */
export const LIMIT_PROBLEMS: readonly string[] = [
  'release-limit-card',
  'release-limit-operator',
  'verification-limit',
  'key-service-limit',
]
