import type { Channel } from '@unlatch/card/iso7816'
import type {
  AddOneTimePassword,
  AnswerSigning,
  AskHolder,
  AskHolderCards,
  BeginSelfServiceWay,
  ClientConfiguration,
  CollectUnblock,
  ConnectedReport,
  DropUnblock,
  FinishIdentityProvider,
  Hello,
  HolderCards,
  HolderInvited,
  HolderSession,
  HolderSessionOpened,
  HolderSignIn,
  IssueCard,
  OneTimePasswordDrawn,
  OpenHolderSession,
  OpenSelfService,
  PersonalisationRound,
  PersonaliseCard,
  PinPolicy,
  ProveHolderSession,
  ProveSelfService,
  PucReport,
  ReadyUnblock,
  RegisterCard,
  ReissueCard,
  RemoveOneTimePassword,
  RemoveOwnPasskey,
  Report,
  RotatePuk,
  RotationRound,
  SelfServiceAttempt,
  SelfServiceOffer,
  SelfServiceOpened,
  SelfServiceView,
  SelfServiceWayBegun,
  TouchCard,
  UnblockRound,
  Welcome,
} from '@unlatch/contract'

/** What tasks are handed: readers, a journal, a server. Adapters answer. */

/** Why a reader could not do what it was asked: facts about the reader, never about what the card answered. */
export type ReaderErrorCode =
  /** The PC/SC library or service is absent. */
  | 'no-service'
  | 'no-reader'
  | 'no-card'
  /** Another program holds the card. */
  | 'in-use'
  /** The card of this connection was taken out; another one inserted since does not count. */
  | 'removed'
  /** Another program reset the card under this connection: its challenge is gone. */
  | 'reset'
  /** Power or contact was lost during the command: it may have taken effect or not. */
  | 'torn'
  /** The connection was closed by its own holder. */
  | 'closed'
  /** The PC/SC service was stopped or restarted: a new connection is needed. */
  | 'service-stopped'

export class ReaderError extends Error {
  override readonly name = 'ReaderError'
  readonly code: ReaderErrorCode

  constructor(code: ReaderErrorCode, options?: { cause?: unknown }) {
    super(`card reader: ${code}`, options)
    this.code = code
  }
}

/** A reader as it stands. */
export interface ReaderState {
  readonly name: string
  readonly hasCard: boolean
  /** Another number for another insertion, so that a card swapped between two looks is noticed; where the system counts. */
  readonly insertion?: number
  /** Some program has the card open, and may hold it; where the system tells. */
  readonly isInUse?: boolean
}

/** The readers of this computer. */
export interface CardReaders {
  /** @throws ReaderError `no-service`, `service-stopped`. */
  list(): Promise<ReaderState[]>
  /** Calls back whenever `list` would answer something else; the returned function ends that. */
  watch(listener: () => void): () => void
  /**
   * Takes hold of the card in a reader, in one transaction that lasts until `disconnect`, through any telephone call.
   *
   * @throws ReaderError `no-reader`, `no-card`, `in-use`, `no-service`.
   */
  connect(reader: string): Promise<CardConnection>
  close(): Promise<void>
}

/** A card that is held. Its `transmit` throws ReaderError `removed`, `reset`, `torn`, `closed`, `service-stopped`. */
export interface CardConnection extends Channel {
  /** Resolves when the card is lost, with why, even while nothing is sent; `closed` when we let it go. */
  readonly whenEnded: Promise<ReaderError>
  /** Resets the card and keeps hold of it. */
  reset(): Promise<void>
  /** Lets the card go, reset: authentication belongs to the card, and nobody else may find it open. Throws nothing. */
  disconnect(): Promise<void>
}

/** What an attempt to unblock leaves on this computer, whatever happens to the computer. No PIN, no PUK, no cryptogram. */
export interface Journal {
  /** Written and flushed before the card may change. */
  intend(entry: JournalIntent): Promise<void>
  settle(entry: JournalOutcome): Promise<void>
  /** Outcomes that the server has not been told yet; intents without an outcome among them, as `unknown`. */
  unreported(): Promise<JournalOutcome[]>
  markReported(attemptId: string): Promise<void>
}

/** A line with a challenge is of an unblock by telephone, one with an unblock's id of a connected one, any other with the PUC. */
export type JournalIntent = TelephoneIntent | PucIntent | ConnectedIntent

interface PucIntent {
  readonly attemptId: string
  readonly cardUuid: string
  readonly at: string
}

interface ConnectedIntent extends PucIntent {
  readonly unblockId: string
}

interface TelephoneIntent extends PucIntent {
  readonly challenge: string
  /** The receipt that says *outcome unknown*, in case nothing follows; null for cards without receipts. */
  readonly receiptIfUnknown: string | null
}

export type JournalOutcome = TelephoneOutcome | PucOutcome | ConnectedOutcome

interface ConnectedOutcome extends PucReport {
  readonly attemptId: string
  readonly unblockId: string
}

interface TelephoneOutcome extends Report {
  readonly attemptId: string
}

interface PucOutcome extends PucReport {
  readonly attemptId: string
}

/** The server, as this agent reaches it. Each call throws Problem, `server-unreachable` among them. */
export interface ServerClient {
  hello(hello: Hello): Promise<Welcome>
  report(report: Report): Promise<void>
  reportPuc(report: PucReport): Promise<void>
  /** The rules for the PIN of a card, 16 bytes in hexadecimal; null where the organisation's hold. */
  pinPolicy(cardUuidHex: string): Promise<PinPolicy | null>
  unblockProgress(unblockId: string): Promise<{ state: string; operatorName?: string | undefined }>
  readyUnblock(ready: ReadyUnblock): Promise<void>
  collectUnblock(collect: CollectUnblock): Promise<UnblockRound>
  reportConnected(report: ConnectedReport): Promise<void>
  dropUnblock(drop: DropUnblock): Promise<void>
  /** @param cardUuidHex - 16 bytes. */
  selfServiceOffer(cardUuidHex: string): Promise<SelfServiceOffer>
  openSelfService(open: OpenSelfService): Promise<SelfServiceOpened>
  proveSelfService(prove: ProveSelfService): Promise<SelfServiceView>
  selfServiceProgress(unblockId: string): Promise<SelfServiceView>
  /** @param secret - UTF-8; on its way it is no text here. */
  answerSelfService(
    unblockId: string,
    way: 'domain' | 'one-time-password' | 'unblock-code',
    secret: Uint8Array,
  ): Promise<SelfServiceView>
  beginSelfServiceWay(begin: BeginSelfServiceWay): Promise<SelfServiceWayBegun>
  finishIdentityProvider(finish: FinishIdentityProvider): Promise<SelfServiceView>
  releaseSelfService(attempt: SelfServiceAttempt): Promise<void>
  openHolderSession(open: OpenHolderSession): Promise<HolderSessionOpened>
  proveHolderSession(prove: ProveHolderSession): Promise<HolderSession>
  holderCards(ask: AskHolderCards): Promise<HolderCards>
  holderSignIn(ask: AskHolder): Promise<HolderSignIn>
  addOneTimePassword(wish: AddOneTimePassword): Promise<OneTimePasswordDrawn>
  /** @param code - UTF-8; on its way it is no text here. */
  confirmOneTimePassword(which: RemoveOneTimePassword, code: Uint8Array): Promise<void>
  removeOneTimePassword(which: RemoveOneTimePassword): Promise<void>
  inviteOwnPasskey(ask: AskHolder): Promise<HolderInvited>
  removeOwnPasskey(which: RemoveOwnPasskey): Promise<void>
  closeHolderSession(ask: AskHolder): Promise<void>
  answerSigning(answer: AnswerSigning): Promise<void>
  registerCard(wish: RegisterCard): Promise<PersonalisationRound>
  issueCard(wish: IssueCard): Promise<PersonalisationRound>
  reissueCard(wish: ReissueCard): Promise<PersonalisationRound>
  personaliseCard(answers: PersonaliseCard): Promise<PersonalisationRound>
  touchCard(touch: TouchCard): Promise<RotationRound>
  rotatePuk(answer: RotatePuk): Promise<RotationRound>
}

/** The configuration that the server signed, kept on this computer; undefined before the first contact. */
export type Configuration = ClientConfiguration

/** The rules for the PIN of each card, as the server said them last: asked when it can be reached, kept for when it cannot. */
export interface PinPolicies {
  /** @param cardUuidHex - 16 bytes. */
  of(cardUuidHex: string): Promise<PinPolicy>
}
