import * as z from 'zod/mini'

/** What crosses the wire about incidents that the server caught: agents and operators cause them. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (most: number) => z.string().check(z.maxLength(most))
const time = () => z.string().check(z.maxLength(40))

/** What must never happen, and is caught when it does. */
export const CAUGHT_KINDS = [
  'two-agents-at-once',
  'card-not-itself',
  'admin-key-refused',
  'known-card-under-another-id',
  'known-id-on-another-card',
  'id-of-another-card',
  'approval-by-second-account',
  'answer-by-second-account',
  'glass-broken',
] as const
export type CaughtKind = (typeof CAUGHT_KINDS)[number]

export const INCIDENT_STATES = ['open', 'closed'] as const

const caught = {
  source: z.literal('server'),
  id: id(),
  state: z.enum(INCIDENT_STATES),
  kind: z.enum(CAUGHT_KINDS),
  /** When it was caught first, and last: while it is open, the same once more is counted here. */
  openedAt: time(),
  lastAt: time(),
  count: z.number(),
  cardId: id(),
  cardLabel: text(100),
  printedSerial: text(100),
  /** Whose card it was; null, and names empty, where there was none. */
  personId: z.nullable(id()),
  personName: text(200),
  /** At whose session or agent it was caught, the last time; the other one where two are part of it. */
  operatorName: text(200),
  otherOperatorName: text(200),
  agentId: z.nullable(id()),
  agentName: text(200),
  otherAgentId: z.nullable(id()),
  otherAgentName: text(200),
}

/** One line of the list. */
export const CaughtRow = z.object(caught)
export type CaughtRow = z.infer<typeof CaughtRow>

/** One incident that the server caught. */
export const CaughtView = z.object({
  ...caught,
  /** The card's state now. */
  cardNow: text(20),
  /** The other card, where two were mixed up. */
  otherCard: z.nullable(z.object({ id: id(), label: text(100), printedSerial: text(100) })),
  /** Records of the log: the first time, and the last. */
  firstRecord: id(),
  lastRecord: id(),
  closed: z.nullable(z.object({ at: time(), by: text(200), note: text(1000) })),
  /** Why whoever asks cannot close it; a code of `problems`. */
  obstacle: z.nullable(text(60)),
})
export type CaughtView = z.infer<typeof CaughtView>

/** Closes one, with what was found. The same once more is a new one from then on. */
export const CloseCaught = z.object({
  incidentId: id(),
  note: z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)),
})
export type CloseCaught = z.infer<typeof CloseCaught>
