import * as z from 'zod/mini'
import { CaughtRow, INCIDENT_STATES } from './caught-api.ts'
import { DELIVERY_STATES } from './template-api.ts'
import { ADDRESS_KINDS, DOCUMENT_KINDS } from './verification-api.ts'

/** What crosses the wire about what cardholders are told, what they answer, and the incidents that follow. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (most: number) => z.string().check(z.maxLength(most))
const time = () => z.string().check(z.maxLength(40))

/** What a holder is told about. */
export const NOTICE_KINDS = [
  'cryptogram-released',
  'pin-unblocked',
  'puc-read',
  'card-state-changed',
  'passkey-added',
  'passkey-removed',
  'one-time-password-added',
  'one-time-password-removed',
  'unblock-codes-given',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** By what it happened: on the telephone, to a card in a reader, with the PUC, by its holder himself. */
export const NOTICE_PROCEDURES = ['telephone', 'connected', 'puc', 'self-service'] as const
export type NoticeProcedure = (typeof NOTICE_PROCEDURES)[number]

/** What a holder answers to a notice. */
export const NOTICE_ANSWERS = ['me', 'not-me'] as const
export type NoticeAnswer = (typeof NOTICE_ANSWERS)[number]

/** What happened, as the holder and the operator are told. */
const happened = {
  kind: z.enum(NOTICE_KINDS),
  procedure: z.nullable(z.enum(NOTICE_PROCEDURES)),
  /** What the card became, where its state changed. */
  cardState: z.nullable(text(20)),
  at: time(),
  /** Empty where no operator did it. */
  operatorName: text(200),
}

const problem = () => z.nullable(z.object({ code: text(60), detail: text(500) }))

/** One address of a notice. */
export const NoticeDelivery = z.object({
  id: id(),
  addressKind: z.enum(ADDRESS_KINDS),
  /** Null: what an address was before it changed is for supervisors. */
  address: z.nullable(text(320)),
  isPrevious: z.boolean(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  nextAt: z.nullable(time()),
  deliveredAt: z.nullable(time()),
  problem: problem(),
  answer: z.nullable(z.enum(NOTICE_ANSWERS)),
  answeredAt: z.nullable(time()),
})
export type NoticeDelivery = z.infer<typeof NoticeDelivery>

/** One notice, as operators see it. */
export const NoticeView = z.object({
  ...happened,
  id: id(),
  /** When what it took was given out, where the notice tells both. */
  releasedAt: z.nullable(time()),
  /** Two words by which a caller says which notice he means. */
  words: text(60),
  /** False while nobody has looked yet at which addresses are told. */
  isPlanned: z.boolean(),
  /** Why nobody is told: a code of `problems`. */
  problem: z.nullable(text(60)),
  deliveries: z.array(NoticeDelivery),
})
export type NoticeView = z.infer<typeof NoticeView>
export const Notices = z.object({ notices: z.array(NoticeView) })
export type Notices = z.infer<typeof Notices>

/** Tells the holder again, now. */
export const RetryNotice = z.object({ noticeId: id() })

/** What the link of a notice carries, after its `#`. */
const token = () => z.string().check(z.minLength(1), z.maxLength(100))
export const ReadNotice = z.object({ token: token() })
export const AnswerNotice = z.object({ token: token(), answer: z.enum(NOTICE_ANSWERS) })
export type AnswerNotice = z.infer<typeof AnswerNotice>

/** How far whoever stops a card elsewhere was told. */
export const REPORT_STATES = ['none', 'waiting', 'reported', 'failed'] as const
export type ReportState = (typeof REPORT_STATES)[number]

/** A notice, as the page behind its link shows it. */
export const NoticeTold = z.object({
  ...happened,
  /** When what it took was given out, where the notice tells both. */
  releasedAt: z.nullable(time()),
  holderName: text(200),
  cardLabel: text(100),
  printedSerial: text(100),
  words: text(60),
  answer: z.nullable(z.enum(NOTICE_ANSWERS)),
  answeredAt: z.nullable(time()),
  /** True once this system serves the card no longer. */
  isSuspended: z.boolean(),
  /** Whether the card itself was stopped, and by whom. */
  report: z.object({ state: z.enum(REPORT_STATES), to: text(100) }),
})
export type NoticeTold = z.infer<typeof NoticeTold>

// --- incidents -----------------------------------------------------------------------------------------------------

const incident = {
  source: z.literal('holder'),
  id: id(),
  state: z.enum(INCIDENT_STATES),
  openedAt: time(),
  cardId: id(),
  cardLabel: text(100),
  printedSerial: text(100),
  personId: id(),
  personName: text(200),
  ...happened,
}

/** One line of the list: a holder said that it was not them. */
export const IncidentRow = z.object(incident)
export type IncidentRow = z.infer<typeof IncidentRow>
/** What holders said and what the server caught, in one list. */
export const Incidents = z.object({
  incidents: z.array(z.discriminatedUnion('source', [IncidentRow, CaughtRow])),
  next: z.nullable(text(200)),
})
export type Incidents = z.infer<typeof Incidents>

/** One incident. */
export const IncidentView = z.object({
  ...incident,
  words: text(60),
  operatorId: z.nullable(id()),
  cardState: z.nullable(text(20)),
  /** The card's state now. */
  cardNow: text(20),
  /** From where the holder answered: which of his addresses. */
  toldAt: z.enum(ADDRESS_KINDS),
  report: z.object({
    state: z.enum(REPORT_STATES),
    to: text(100),
    attempts: z.number(),
    nextAt: z.nullable(time()),
    reportedAt: z.nullable(time()),
    problem: problem(),
  }),
  closed: z.nullable(
    z.object({ at: time(), by: text(200), note: text(1000), isLifted: z.boolean(), document: z.nullable(text(60)) }),
  ),
  /** Why whoever asks cannot close it; a code of `problems`. */
  obstacle: z.nullable(text(60)),
})
export type IncidentView = z.infer<typeof IncidentView>

/** One thing that the operator of an incident did in the day around it. */
export const Deed = z.object({
  id: id(),
  at: time(),
  operation: text(100),
  outcome: z.enum(['done', 'refused', 'failed']),
  problem: z.nullable(text(60)),
  cardId: z.nullable(id()),
  printedSerial: z.nullable(text(100)),
  personName: z.nullable(text(200)),
})
export type Deed = z.infer<typeof Deed>
export const Deeds = z.object({ from: time(), to: time(), deeds: z.array(Deed), next: z.nullable(text(200)) })
export type Deeds = z.infer<typeof Deeds>

/** Closes an incident, with what was found. */
export const CloseIncident = z.object({
  incidentId: id(),
  note: z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)),
  /** That the holder was seen in person: it lifts the suspension. Null where the card is out of use for good. */
  seen: z.nullable(z.object({ document: z.enum(DOCUMENT_KINDS), isSameFace: z.literal(true) })),
})
export type CloseIncident = z.infer<typeof CloseIncident>
export const IncidentClosed = z.object({ isLifted: z.boolean(), cardState: text(20) })
export type IncidentClosed = z.infer<typeof IncidentClosed>
