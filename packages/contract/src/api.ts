import * as z from 'zod/mini'
import { CARD_KINDS } from './channel.ts'
import { LANGUAGES } from './language.ts'
import { SignedStatement } from './operator-statement.ts'

/**
 * What crosses the wire between the server and its clients, one schema for each shape. Octets travel as hexadecimal, times
 * as ISO 8601 in UTC.
 */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const hex = (longest: number) => z.string().check(z.maxLength(longest), z.regex(/^([0-9A-F]{2})*$/))
const secret = (length: number) => hex(2 * length).check(z.minLength(2 * length))
const hardwareNumber = () => z.string().check(z.minLength(1), z.maxLength(40))
const time = () => z.string().check(z.maxLength(40))

// --- sign in -------------------------------------------------------------------------------------------------------

export const SignIn = z.object({ userName: text(200), password: text(1000) })
export type SignIn = z.infer<typeof SignIn>

export const Session = z.object({
  operator: z.object({ id: id(), name: text(200), userName: text(200) }),
  permissions: z.array(z.string()),
})
export type Session = z.infer<typeof Session>

/** What the sign-in page must know before anybody is signed in. */
export const ServerStatus = z.object({
  version: text(40),
  isDemo: z.boolean(),
  helpDeskPhone: text(60),
  /** Every release takes two roots and a second operator; self-service is closed. */
  isThreatRaised: z.boolean(),
})
export type ServerStatus = z.infer<typeof ServerStatus>

// --- people and cards ----------------------------------------------------------------------------------------------

/** States of the life cycle. */
export const CARD_STATES = ['stock', 'registered', 'issued', 'active', 'suspended', 'revoked', 'retired'] as const

/** How a card takes an unblock by telephone. */
export const TELEPHONE_WAYS = ['masked-puk', 'native-admin-key', 'none'] as const

/**
 * Why a card cannot be saved by telephone: no PUK that is known was right, and tries are left (a station can try); none is
 * left; one is left and it is not sure which PUK the card has; its PUK is not eight digits; its key 9E does not answer; its
 * admin key has too few tries left; the card refused its admin key at a station.
 */
export const WHY_NOT_BY_TELEPHONE = [
  'no-candidate',
  'no-tries',
  'last-try',
  'other-form',
  'no-card-key',
  'admin-key-tries',
  'admin-key-refused',
] as const
export type WhyNotByTelephone = (typeof WHY_NOT_BY_TELEPHONE)[number]

export const CardSummary = z.object({
  id: id(),
  label: text(100),
  family: text(40),
  printedSerial: text(60),
  state: z.enum(CARD_STATES),
  telephoneWay: z.enum(TELEPHONE_WAYS),
  allowsBareForm: z.boolean(),
  /** Lengths that a challenge of this card may have, shortest first. */
  challengeLengths: z.array(z.number()),
  /** PUK known to somebody outside since then; null when it is not. */
  exposedSince: z.nullable(time()),
  /** Lower bound of the tries left for an unblock; null where the card counts none. */
  triesAtLeast: z.nullable(z.number()),
  /** Why nothing can be released for this card now: a problem code; null when it can. */
  obstacle: z.nullable(z.string()),
  /** Why this card cannot be saved by telephone; null when it can, or when something else stands in the way. */
  whyNotByTelephone: z.nullable(z.enum(WHY_NOT_BY_TELEPHONE)),
  /** Until then a station may spend one try on a guess; it may be past. Null: nobody approved one. */
  tryApprovedUntil: z.nullable(time()),
  /** The last cryptogram, while nobody knows what became of it. */
  openOutcome: z.nullable(z.object({ at: time(), operatorName: text(200), closesBy: z.enum(['receipt', 'word']) })),
  lastUnblockAt: z.nullable(time()),
})
export type CardSummary = z.infer<typeof CardSummary>

export const PersonSummary = z.object({
  id: id(),
  name: text(200),
  userName: text(200),
  department: text(200),
  cards: z.array(z.object({ id: id(), label: text(100), printedSerial: text(60), state: z.enum(CARD_STATES) })),
})
export type PersonSummary = z.infer<typeof PersonSummary>

export const PeopleFound = z.object({ people: z.array(PersonSummary), isMore: z.boolean() })
export type PeopleFound = z.infer<typeof PeopleFound>

/** Somebody who holds cards, or will. What is not known stays empty: the console then says so where it is needed. */
export const AddPerson = z.object({
  name: z.string().check(z.maxLength(200), z.regex(/\S/)),
  /** As in the directory; no blanks. */
  userName: z.string().check(z.maxLength(200), z.regex(/^\S+$/)),
  department: text(200),
  email: text(320),
  phone: text(60),
  manager: text(200),
  /** A mailbox that does not open with the domain password. */
  secondEmail: z._default(text(320), ''),
  /** A second operator approves each release for them. */
  isSensitive: z._default(z.boolean(), false),
  /** In which they are written to; empty: the organisation's own. */
  language: z._default(z.enum(['', ...LANGUAGES]), ''),
})
export type AddPerson = z.infer<typeof AddPerson>

export const PersonAdded = z.object({ id: id() })

export const UnblockEvent = z.object({
  at: time(),
  cardLabel: text(100),
  operatorName: text(200),
  outcome: z.enum(['released', 'unblocked', 'refused', 'unknown']),
})
export type UnblockEvent = z.infer<typeof UnblockEvent>

/** Where a person came from: somebody typed it, a file, a directory. */
export const PERSON_SOURCES = ['hand', 'import', 'directory'] as const

export const PersonDetails = z.object({
  id: id(),
  name: text(200),
  userName: text(200),
  department: text(200),
  email: text(320),
  phone: text(60),
  manager: text(200),
  secondEmail: text(320),
  isSensitive: z.boolean(),
  language: z.enum(['', ...LANGUAGES]),
  /** Grows with each change. */
  revision: z.number(),
  createdAt: time(),
  source: z.enum(PERSON_SOURCES),
  /** A directory that they were found in, and the name of their entry there; null: none. */
  directory: z.nullable(z.object({ connectionId: id(), connectionName: text(100), dn: text(2000) })),
  /** They never had a card: only such people can be removed. */
  isRemovable: z.boolean(),
  cards: z.array(CardSummary),
  history: z.array(UnblockEvent),
})
export type PersonDetails = z.infer<typeof PersonDetails>

// --- the call ------------------------------------------------------------------------------------------------------

export const OpenUnblock = z.object({ cardId: id() })

export const Unblock = z.object({ id: id(), cardId: id(), personId: id(), openedAt: time() })
export type Unblock = z.infer<typeof Unblock>

export const CheckChallenge = z.object({ unblockId: id(), challenge: text(200) })

/** `match`, or the code of the problem that a release would meet. */
export const ChallengeVerdict = z.object({
  verdict: z.string(),
  form: z.nullable(z.enum(['masked', 'native', 'bare'])),
  /** For `challenge-other-card`: which. */
  otherCard: z.nullable(z.object({ id: id(), label: text(100), printedSerial: text(60) })),
  missesLeft: z.number(),
})
export type ChallengeVerdict = z.infer<typeof ChallengeVerdict>

/** What the operator is about to sign for: this challenge of this caller. */
export const WriteOfflineStatement = z.object({
  unblockId: id(),
  challenge: text(200),
})
export type WriteOfflineStatement = z.infer<typeof WriteOfflineStatement>

export const ReleaseCryptogram = z.object({
  unblockId: id(),
  challenge: text(200),
  idempotencyKey: z.string().check(z.minLength(8), z.maxLength(64)),
  /** The Operator PIN; whoever asks the same thing again, since the answer was lost, needs no second one. */
  signed: z.optional(SignedStatement),
  /** Bare form only: the challenge once more (typed again or read back), and the end of the printed serial. */
  bare: z.optional(z.object({ challengeAgain: text(200), serialEnd: text(8) })),
})
export type ReleaseCryptogram = z.infer<typeof ReleaseCryptogram>

/** Exists in this answer only; stored nowhere. */
export const Cryptogram = z.object({
  kind: z.enum(['cryptogram', 'native-cryptogram', 'bare-cryptogram']),
  code: text(80),
  /** A native cryptogram once more, for a screen that takes bare hexadecimal. */
  bareHex: z.nullable(text(80)),
  /** How the outcome comes back: a receipt to type, or the caller's word. */
  closesBy: z.enum(['receipt', 'word']),
})
export type Cryptogram = z.infer<typeof Cryptogram>

export const ConfirmUnblock = z.object({
  unblockId: id(),
  receipt: z.optional(text(40)),
  told: z.optional(z.enum(['unblocked', 'refused', 'unknown'])),
})

/** The same for a card whose last cryptogram somebody gave before. */
export const CloseOpenOutcome = z.object({
  cardId: id(),
  receipt: z.optional(text(40)),
  told: z.optional(z.enum(['unblocked', 'refused', 'unknown'])),
})

/** A supervisor lets a station spend one try of this card on a guess. */
export const ApproveTry = z.object({ cardId: id() })
export const TryApproved = z.object({ validUntil: time() })
export type TryApproved = z.infer<typeof TryApproved>

export const UnblockOutcomeView = z.object({
  outcome: z.enum(['unblocked', 'refused', 'unknown']),
  triesLeft: z.nullable(z.number()),
})
export type UnblockOutcomeView = z.infer<typeof UnblockOutcomeView>

// --- register and issue --------------------------------------------------------------------------------------------

/** A reader of a station that is connected now, and what is in it. */
export const StationReader = z.object({
  name: text(200),
  card: z.nullable(
    z.object({
      kind: z.nullable(z.enum(CARD_KINDS)),
      firmware: z.nullable(text(20)),
      family: z.enum(['piv', 'gids', 'unknown']),
      isBlocked: z.nullable(z.boolean()),
      hardwareNumber: z.nullable(text(40)),
      /** The card on record that says to be this one; its identity is proved at issuance or contact, not here. */
      managed: z.nullable(
        z.object({
          id: id(),
          label: text(100),
          printedSerial: text(60),
          state: z.enum(CARD_STATES),
          /** Null on a card that nobody holds. */
          personName: z.nullable(text(200)),
        }),
      ),
    }),
  ),
})
export const Stations = z.object({
  stations: z.array(z.object({ id: id(), name: text(200), readers: z.array(StationReader) })),
})
export type Stations = z.infer<typeof Stations>

/** A card that is registered and not issued yet. */
export const RegistrationSummary = z.object({
  cardId: id(),
  label: text(100),
  printedSerial: text(60),
  family: z.enum(['piv', 'gids']),
  personName: text(200),
  registeredAt: time(),
  /** True when an issuance began and did not end. */
  isBegun: z.boolean(),
})
export type RegistrationSummary = z.infer<typeof RegistrationSummary>

export const Registrations = z.object({ registrations: z.array(RegistrationSummary), isMore: z.boolean() })
export type Registrations = z.infer<typeof Registrations>

/** How a registration stands, followed while its card is issued. */
export const Registration = z.object({
  ...RegistrationSummary.shape,
  state: z.enum(CARD_STATES),
  /** Rounds of the conversation with the card so far, and what it is about now: names of the script's steps. */
  round: z.number(),
  step: z.nullable(text(40)),
  job: z.nullable(
    z.object({
      state: z.enum(['running', 'done', 'failed', 'lost']),
      problem: z.nullable(text(60)),
      why: z.nullable(text(500)),
    }),
  ),
})
export type Registration = z.infer<typeof Registration>

/** An operator lets a station issue a registered card in one of its readers. */
export const OrderIssuance = z.object({ cardId: id(), stationId: id(), reader: text(200) })
export const IssuanceOrdered = z.object({ jobId: id() })

// --- agents --------------------------------------------------------------------------------------------------------

/** What a station shows the key service before anything is changed on a card, and at issuance. */
export const Rehearsal = z.object({
  cardUuid: hex(32),
  nonce: hex(10),
  /** Null: the client finds out, ECDH first. */
  variant: z.nullable(z.union([z.literal(1), z.literal(2)])),
})
export type Rehearsal = z.infer<typeof Rehearsal>

/** A line of the agent's journal, sent when the server can be reached. */
export const Report = z.object({
  cardUuid: hex(32),
  challenge: text(60),
  outcome: z.enum(['unblocked', 'refused', 'unknown']),
  receipt: z.nullable(text(8)),
  at: time(),
})
export type Report = z.infer<typeof Report>

export const ReportTaken = z.object({ result: z.enum(['recorded', 'known', 'no-release']) })
export type ReportTaken = z.infer<typeof ReportTaken>

/** A line of the agent's journal about an unblock with the PUC, in which no challenge and no receipt was. */
export const PucReport = z.object({
  cardUuid: hex(32),
  outcome: z.enum(['unblocked', 'refused', 'unknown']),
  /** As the card told with its refusal; null where it did not, or with another outcome. */
  triesLeft: z.nullable(z.number().check(z.int(), z.minimum(0), z.maximum(255))),
  at: time(),
})
export type PucReport = z.infer<typeof PucReport>

/** `known`: this line was taken before. `no-puk`: nothing is on record about a PUK of this card. */
export const PucReportTaken = z.object({ result: z.enum(['recorded', 'known', 'no-puk']) })
export type PucReportTaken = z.infer<typeof PucReportTaken>

/** Signed by the server; what an offline client must know. `document` is canonical JSON of `ClientConfiguration`. */
export const SignedClientConfiguration = z.object({ document: text(100_000), signature: hex(128) })
export type SignedClientConfiguration = z.infer<typeof SignedClientConfiguration>

/** The rules of a PIN, as `PinPolicy`. */
const PinPolicyShape = z.object({
  version: z.number(),
  minLength: z.number(),
  maxLength: z.number(),
  longestRepeat: z.number(),
  longestSequence: z.number(),
  blockList: z.array(z.string()),
  personal: z.optional(z.object({ saltHex: hex(32), hashes: z.readonly(z.array(hex(64))) })),
})

/** An agent asks by which rules a card's PIN is chosen. */
export const AskPinPolicy = z.object({ cardUuid: hex(32) })

/** Those of its template; null where it has none, or is not known: then the organisation's hold. */
export const PinPolicyAnswer = z.object({ policy: z.nullable(PinPolicyShape) })
export type PinPolicyAnswer = z.infer<typeof PinPolicyAnswer>

export const ClientConfiguration = z.object({
  version: z.number(),
  /** Unblock keys as uncompressed P-256 points, newest first. */
  unblockKeys: z.array(hex(130)),
  pinPolicy: PinPolicyShape,
  helpDeskPhone: text(60),
  organisation: text(200),
})
export type ClientConfiguration = z.infer<typeof ClientConfiguration>

/** An agent has a card in its reader: which, as the card says. */
export const TouchCard = z.object({
  cardUuid: hex(32),
  hardwareNumber: z.optional(z.nullable(hardwareNumber())),
  /** At a station: the holder consents to one try on a secret that is not sure, which a supervisor approved. */
  hasConsent: z.optional(z.boolean()),
})
export type TouchCard = z.infer<typeof TouchCard>

/**
 * The station's answer to a round: both proofs of a rehearsal, or what the card said (data and status word). Neither: the
 * command was torn, and the next round finds out what the card has.
 */
export const RotatePuk = z.object({
  cardId: id(),
  attempt: id(),
  proofs: z.optional(z.array(hex(64)).check(z.maxLength(2))),
  answer: z.optional(hex(600)),
})
export type RotatePuk = z.infer<typeof RotatePuk>

/** The next step of a rotation: a rehearsal, a command for the card, or the end. */
export const RotationRound = z.object({
  cardId: id(),
  /** Named in the answer: one that comes too late changes nothing. */
  attempt: id(),
  rehearsal: z.nullable(Rehearsal),
  command: z.nullable(hex(600)),
  /**
   * `done`: nobody outside knows the PUK any more; `exchanged`: by the holder's agent, which a station does once more;
   * `not-needed`; `not-possible`: the card takes no other, or none is sure; `consent-needed`: a try would be spent on a guess.
   */
  end: z.nullable(z.enum(['done', 'exchanged', 'not-needed', 'not-possible', 'consent-needed'])),
})
export type RotationRound = z.infer<typeof RotationRound>

/** Admin keys that GIDS cards leave their factory with: 01 to 08 three times (Microsoft), or 24 zeros (gids-tool, others). */
export const FACTORY_ADMIN_KEYS = ['counting', 'zeros'] as const
export type FactoryAdminKey = (typeof FACTORY_ADMIN_KEYS)[number]

/** A station asks to register a card for a person. */
export const RegisterCard = z.object({
  /** Whose card: the person's id, or a user name. */
  personId: z.optional(id()),
  userName: z.optional(text(200)),
  family: z.enum(['piv', 'gids']),
  /** What it is to be: the template's id, or its name; absent: a card without a template, whose PUC nobody gets. */
  templateId: z.optional(id()),
  templateName: z.optional(text(100)),
  label: text(100),
  printedSerial: text(60),
  hardwareNumber: z.optional(z.nullable(hardwareNumber())),
  /** GIDS: the admin key that the card left its factory with; absent: `counting`, or both in turn where it counts no tries. */
  factoryAdminKey: z.optional(z.enum(FACTORY_ADMIN_KEYS)),
  /** GIDS: tries that the card gives its admin key; 0 none; absent: unknown, counted as three. */
  adminKeyTriesLimit: z.optional(z.number().check(z.int(), z.minimum(0), z.maximum(15))),
  /** The same person's card that this one takes the place of: it is revoked when this one is issued. Needs `card:move` too. */
  replacesCardId: z.optional(id()),
})
export type RegisterCard = z.infer<typeof RegisterCard>

/** Ciphers of key 9B. */
export const MANAGEMENT_KEY_CIPHERS = ['3des', 'aes128', 'aes192', 'aes256'] as const

/** What a card of another system has now: secrets, from a station to the key service and nowhere else. */
export const CurrentSecrets = z.object({
  /** Eight octets as the card compares them. */
  puk: z.optional(secret(8)),
  managementKey: z.optional(
    z.union([
      z.object({ cipher: z.literal('aes128'), key: secret(16) }),
      z.object({ cipher: z.enum(['3des', 'aes192']), key: secret(24) }),
      z.object({ cipher: z.literal('aes256'), key: secret(32) }),
    ]),
  ),
  /** GIDS: three-key 3DES. */
  adminKey: z.optional(secret(24)),
})
export type CurrentSecrets = z.infer<typeof CurrentSecrets>

/** What an agent saw of the card in its reader; absent: it did not look, null: the card has none. */
export const SeenCard = z.object({
  cardUuid: z.optional(z.nullable(hex(32))),
  hardwareNumber: z.optional(z.nullable(hardwareNumber())),
})
export type SeenCard = z.infer<typeof SeenCard>

/** A station begins to issue a registered card, or begins again after a tear. */
export const IssueCard = z.object({
  cardId: id(),
  seen: z.optional(SeenCard),
  currentSecrets: z.optional(CurrentSecrets),
  /** The card was reset by its maker's tool, or is another one: what an earlier run tried no longer counts. */
  isFreshCard: z.optional(z.boolean()),
  /** GIDS, with `isFreshCard`: the admin key that it has from its factory; absent: as at Register. */
  factoryAdminKey: z.optional(z.enum(FACTORY_ADMIN_KEYS)),
})
export type IssueCard = z.infer<typeof IssueCard>

/** A station gives a card of ours to another person: it is registered for them, and issued again. */
export const ReissueCard = z.object({
  cardId: id(),
  personId: z.optional(id()),
  userName: z.optional(text(200)),
  label: z.optional(text(100)),
  /** As at Register. */
  replacesCardId: z.optional(id()),
})
export type ReissueCard = z.infer<typeof ReissueCard>

/** One round of a personalisation: what the card answered to each of the last commands, data and status word. */
export const PersonaliseCard = z.object({ cardId: id(), round: z.number(), answers: z.array(hex(20_000)) })
export type PersonaliseCard = z.infer<typeof PersonaliseCard>

/**
 * The next round: commands for the card, all to be sent, in order; or a rehearsal, whose answers are the two proofs (empty
 * when the card does not do it).
 */
export const PersonalisationRound = z.object({
  cardId: id(),
  round: z.number(),
  commands: z.array(hex(20_000)),
  rehearsal: z.nullable(Rehearsal),
  isDone: z.boolean(),
})
export type PersonalisationRound = z.infer<typeof PersonalisationRound>
