import { randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import {
  type PinPolicy,
  Problem,
  type ProblemCode,
  type ScreenState,
  type SignJob,
  type UnblockJob,
} from '@unlatch/contract'
import { asProblem } from '../tasks/card-problems.ts'
import { changePin } from '../tasks/change-pin.ts'
import type { CardReaders, Configuration, Journal, PinPolicies, ReaderState } from '../tasks/ports.ts'
import { readCard } from '../tasks/read-card.ts'
import type { CardSignature } from '../tasks/sign-statement.ts'
import { type ConnectedTools, ConnectedUnblock, type JobNews } from '../tasks/unblock-connected.ts'
import { OfflineUnblock } from '../tasks/unblock-offline.ts'
import { UnblockWithPuc } from '../tasks/unblock-with-puc.ts'
import { SealKey } from './sealed.ts'
import { SignDesk } from './sign-desk.ts'

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
  /** The PIN of the card in a reader changed: whoever else knows how it stands looks again. */
  readonly lookAgain?: (reader: string) => void
  /** Opens this agent's page in a browser, when an operator asks and it is not open. */
  readonly openPage?: () => void
}

/** Problems after which the same attempt goes on with another PIN, or with consent. */
const PIN_ASKED_AGAIN: readonly ProblemCode[] = ['puc-malformed', 'pin-policy', 'last-try', 'pin-refused-by-card']

type Phase = ScreenState['phase']

/** Problems that are no failure of anybody: the page says what to do, and goes on by itself. */
const PHASE_OF: Partial<Record<ProblemCode, Phase>> = {
  'no-card': 'no-card',
  'card-removed': 'no-card',
  'card-not-issued': 'not-issued',
}
type Card = ScreenState['card']
type Attempt = OfflineUnblock | UnblockWithPuc | ConnectedUnblock

/** An operator asks for the unblock of a card that is here. */
interface Asked {
  readonly job: UnblockJob
  readonly news: JobNews
  /** How the job ends: null, or its problem. */
  readonly end: (problem: Problem | null) => void
}
/** So long a page may take to open. */
const PAGE_WITHIN_MS = 30_000

/**
 * The unblock screen's state: follows the readers, runs one attempt, tells its page. What a person types arrives sealed.
 *
 * Every change goes through `#set`, which wakes the page.
 */
export class UnblockScreen {
  readonly seal = new SealKey()
  readonly #tools: ScreenTools
  readonly #endWatch: () => void
  readonly #waiting = new Set<() => void>()
  #version = 1
  #phase: Phase = 'reading'
  #card: Card = null
  #attempt: Attempt | undefined
  /** The card that works and was read last: which, and how many tries its PIN has. */
  #sighting: { changeId: string; triesLeft: number | undefined } | undefined
  /** The rules of the card that was read last. */
  #policy: PinPolicy | undefined
  #wrongGroups: number[] = []
  #needsConsent = false
  #receipt: string | null = null
  #problem: { code: ProblemCode; facts: Record<string, unknown> } | null = null
  #looking: Promise<void> = Promise.resolve()
  /** Reader and insertion that were looked at last; a card is looked at once until it goes. */
  #seen: string | undefined
  /** The card went away during a call: when it is back, a new challenge is made without asking again. */
  #wantsChallenge = false
  /** What an operator asks for, until it is over. */
  #asked: Asked | undefined
  #askedAt = 0
  /** The last attempt was with the PUC: what goes on by itself does so without a call. */
  #isWithPuc = false
  /** The last attempt was one that an operator asked for. */
  #isAttended = false

  /** Where an operator signs with a card of his own, beside whatever else is shown. */
  readonly desk: SignDesk

  constructor(tools: ScreenTools) {
    this.#tools = tools
    this.desk = new SignDesk(tools.readers, () => this.#set(this.#phase))
    this.#endWatch = tools.readers.watch(() => this.#look())
    this.#look()
  }

  /** The state once it is newer than `after`, or as it stands when `signal` fires. */
  async state(after: number, signal: AbortSignal): Promise<ScreenState> {
    this.#askedAt = Date.now()
    if (this.#version <= after && !signal.aborted) {
      await new Promise<void>((wake) => {
        this.#waiting.add(wake)
        signal.addEventListener('abort', () => wake(), { once: true })
      })
    }
    return this.#write()
  }

  /** **OK**: draws a challenge. Pressed twice it draws one. */
  begin(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#attempt) await this.#begin(OfflineUnblock)
    })
  }

  /** **I have a PUC**: takes hold of the card for it. Pressed twice it does so once. */
  beginWithPuc(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#attempt) await this.#begin(UnblockWithPuc)
    })
  }

  /**
   * An operator asks for the unblock of a card that is in a reader here: it is shown, and goes on when its holder agrees. At a
   * station the holder stands beside: the PIN is asked for at once.
   *
   * @throws Problem `unblock-declined`, `page-not-open`, `reader-in-use` while another attempt runs; how the attempt ended.
   */
  async unblock(job: UnblockJob, news: JobNews): Promise<void> {
    if (this.#asked || this.#attempt || this.#phase === 'working') throw new Problem('reader-in-use')
    const ended = new Promise<Problem | null>((end) => {
      this.#asked = { job, news, end }
    })
    news.signal.addEventListener('abort', () => this.#cancel(), { once: true })
    try {
      await this.#expectPage(news.signal)
      await this.#inTurn(async () => {
        this.#clear()
        this.#set('asked')
        if (!job.isRemote) await this.#accept()
      })
    } catch (error) {
      this.#asked = undefined
      throw error
    }
    const problem = await ended
    if (problem) throw problem
  }

  /** An operator signs a statement with the card in a reader here. Errors as `SignDesk.sign`, and `page-not-open`. */
  sign(job: SignJob, news: JobNews): Promise<CardSignature> {
    return this.desk.sign(job, news, () => this.#expectPage(news.signal))
  }

  /** The holder agrees: the card is held, and a new PIN is asked for. */
  accept(): Promise<void> {
    return this.#inTurn(() => this.#accept())
  }

  /** The holder does not agree. */
  decline(): Promise<void> {
    return this.#inTurn(async () => {
      const isActing = this.#phase === 'operator' || this.#phase === 'working'
      if (!this.#asked || isActing) throw new Problem('attempt-ended')
      this.#endAsked(new Problem('unblock-declined'))
      await this.#endAttempt()
      this.#clear()
      await this.#read()
    })
  }

  async #accept(): Promise<void> {
    const { connected, readers, journal, now } = this.#tools
    const asked = this.#asked
    if (!asked || this.#attempt || !connected) throw new Problem('attempt-ended')
    const tools = { readers, journal, now, configuration: this.#tools.configuration(), ...connected }
    try {
      const attempt = await ConnectedUnblock.begin(tools, asked.job, asked.news)
      this.#policy = await this.#tools.policies?.of(asked.job.cardUuid)
      attempt.policy = this.#policyNow
      attempt.onWaiting = () => this.#set('operator')
      this.#attempt = attempt
      const { family } = attempt.reading
      const telephoneWay = family === 'piv' ? 'masked-puk' : 'native-admin-key'
      this.#card = { reader: asked.job.reader, family, telephoneWay, hasPuc: family === 'piv' }
      this.#needsConsent = await attempt.isLastTry()
      this.#isWithPuc = false
      this.#isAttended = true
      this.#set('new-pin')
      void attempt.whenLost().then((problem) => this.#lose(attempt, problem))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A page that is open asks for the state without end; otherwise a browser is started, and given time. */
  async #expectPage(signal: AbortSignal): Promise<void> {
    const isOpen = () => this.#waiting.size > 0 || Date.now() - this.#askedAt < 2000
    if (isOpen()) return
    this.#tools.openPage?.()
    const until = Date.now() + (this.#tools.openPage ? PAGE_WITHIN_MS : 0)
    while (!isOpen() && Date.now() < until && !signal.aborted) await new Promise((wake) => setTimeout(wake, 100))
    if (!isOpen()) throw new Problem('page-not-open')
  }

  #endAsked(problem: Problem | null): void {
    const asked = this.#asked
    this.#asked = undefined
    asked?.end(problem)
  }

  /** The operator wants it no more. While the card changes nothing stops that: the job ends as it ends. */
  #cancel(): void {
    if (!this.#asked || this.#phase === 'working') return
    void this.#attempt?.end()
    this.#fail(new Problem('attempt-cancelled'))
  }

  async #begin(Way: typeof OfflineUnblock | typeof UnblockWithPuc): Promise<void> {
    const reader = this.#card?.reader
    if (reader === undefined) throw new Problem('no-card')
    await this.#endAttempt()
    this.#clear()
    this.#wantsChallenge = false
    this.#isWithPuc = Way === UnblockWithPuc
    this.#isAttended = false
    const { readers, journal, now } = this.#tools
    const tools = { readers, journal, now, configuration: this.#tools.configuration() }
    try {
      const attempt = await Way.begin(tools, reader)
      attempt.policy = this.#policyNow
      this.#attempt = attempt
      this.#needsConsent = attempt instanceof UnblockWithPuc && attempt.triesLeft === 1
      this.#set(this.#isWithPuc ? 'puc' : 'challenge')
      void attempt.whenLost().then((problem) => this.#lose(attempt, problem))
    } catch (error) {
      const isPucOnly = error instanceof Problem && error.code === 'card-not-supported' && this.#card?.hasPuc
      if (!isPucOnly || this.#isWithPuc) return this.#fail(error)
      // No dead end: the page offers what is left.
      this.#card = this.#card && { ...this.#card, telephoneWay: 'none' }
      this.#set('blocked')
    }
  }

  /** A new challenge after the old one died; after an attempt with the PUC the choice between the two ways. */
  again(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase === 'working') throw new Problem('attempt-ended')
      await this.#endAttempt()
      this.#clear()
      await this.#read()
      if (this.#phase === 'blocked' && !this.#isWithPuc) await this.#begin(OfflineUnblock)
    })
  }

  async enterCryptogram(attemptId: string, typed: Uint8Array): Promise<void> {
    const attempt = this.#expectAttempt(attemptId)
    if (!(attempt instanceof OfflineUnblock)) throw new Problem('attempt-ended')
    try {
      await attempt.enterCryptogram(typed)
      this.#wrongGroups = []
      this.#needsConsent = await attempt.isLastTry()
      this.#set('new-pin')
    } catch (error) {
      if (error instanceof Problem && error.code === 'cryptogram-mistyped') {
        this.#wrongGroups = (error.facts.wrongGroups as number[] | undefined) ?? []
        this.#set('challenge')
        throw error
      }
      this.#fail(error)
      throw error
    }
  }

  /** Sets the new PIN; it is overwritten. */
  async setNewPin(attemptId: string, newPin: Uint8Array, hasConsent: boolean): Promise<void> {
    const attempt = this.#expectAttempt(attemptId)
    await this.#work(() => attempt.setNewPin(newPin, hasConsent))
  }

  /** Sets the new PIN with the PUC; both are overwritten. */
  async setPinWithPuc(
    attemptId: string,
    { puc, newPin }: { puc: Uint8Array; newPin: Uint8Array },
    hasConsent: boolean,
  ): Promise<void> {
    const attempt = this.#expectAttempt(attemptId)
    if (!(attempt instanceof UnblockWithPuc)) throw new Problem('attempt-ended')
    await this.#work(async () => {
      attempt.enterPuc(puc)
      return attempt.setNewPin(newPin, hasConsent)
    })
  }

  async #work(setPin: () => Promise<{ receipt: string | null }>): Promise<void> {
    this.#problem = null
    this.#set('working')
    try {
      const { receipt } = await setPin()
      this.#receipt = receipt
      this.#attempt = undefined
      this.#endAsked(null)
      this.#set('done')
    } catch (error) {
      if (error instanceof Problem && PIN_ASKED_AGAIN.includes(error.code)) {
        this.#needsConsent = error.code === 'last-try'
        this.#problem = { code: error.code, facts: error.facts }
        this.#set(this.#isWithPuc ? 'puc' : 'new-pin')
        throw error
      }
      this.#wantsChallenge = error instanceof Problem && error.code === 'card-removed' && !this.#isWithPuc
      this.#fail(error)
      throw error
    } finally {
      this.#look()
      if (this.#card && !this.#attempt) this.#tools.lookAgain?.(this.#card.reader)
      // While another PIN may follow the outcome is open: it is told once it is known.
      if (!this.#attempt) this.#tell().catch(() => {})
    }
  }

  /** Exchanges the PIN of a card that works; both are overwritten. Errors as `changePin`, and `attempt-ended` for another card. */
  async changePin(
    changeId: string,
    pins: { current: Uint8Array; replacement: Uint8Array },
    hasConsent: boolean,
  ): Promise<void> {
    const sighting = this.#sighting
    const reader = this.#card?.reader
    if (sighting?.changeId !== changeId || reader === undefined || this.#phase !== 'not-blocked') {
      throw new Problem('attempt-ended')
    }
    this.#problem = null
    this.#set('working')
    const { readers } = this.#tools
    const policy = this.#policyNow
    const isSameCard = async () => this.#seen === sightOf(await this.#findReaderWithCard())
    await this.#inTurn(async () => {
      try {
        await changePin({ readers, policy }, reader, isSameCard, pins, hasConsent)
        this.#sighting = undefined
        this.#set('changed')
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const told = { code: error.code, facts: error.facts }
        // Already while the card is read again: a page that saw the card without it would close what its holder had open.
        this.#problem = told
        await this.#read()
        this.#problem = told
        this.#set(this.#phase)
        throw error
      } finally {
        // A wrong PIN may have been the last one.
        this.#tools.lookAgain?.(reader)
      }
    })
  }

  /** The server learns what happened; after a good end the card, which is still in the reader, makes its contact. */
  async #tell(): Promise<void> {
    const reader = this.#phase === 'done' ? this.#card?.reader : undefined
    await this.#tools.contactServer()
    if (reader !== undefined) await this.#inTurn(async () => void (await this.#tools.contactCard?.(reader)))
  }

  async close(): Promise<void> {
    this.#endWatch()
    this.desk.close()
    this.#endAsked(new Problem('attempt-cancelled'))
    await this.#endAttempt()
    this.#wake()
  }

  /** The card went away, or another program used it, while the caller was on the telephone. */
  #lose(attempt: Attempt, problem: Problem): void {
    // While a PIN is being set, whoever sets it hears of the loss.
    if (this.#attempt !== attempt || this.#phase === 'working' || this.#phase === 'operator') return
    this.#attempt = undefined
    void attempt.end()
    this.#card = null
    this.#wantsChallenge = problem.code === 'card-removed' && !this.#isWithPuc
    this.#fail(problem)
    this.#look()
  }

  #expectAttempt(attemptId: string): Attempt {
    const isBusy = this.#phase === 'working' || this.#phase === 'operator'
    const isOver = this.#attempt?.attemptId !== attemptId || isBusy
    if (!this.#attempt || isOver) throw new Problem('attempt-ended')
    return this.#attempt
  }

  get #policyNow(): PinPolicy {
    return this.#policy ?? this.#tools.configuration().pinPolicy
  }

  /** Something at the readers changed. */
  #look(): void {
    this.#inTurn(() => this.#follow()).catch(() => {})
  }

  /** Looks, and what takes hold of a card, one after the other: two at once would find it in use by ourselves. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#looking.then(work)
    this.#looking = done.catch(() => {})
    return done
  }

  async #follow(): Promise<void> {
    if (this.#phase === 'working' || this.#attempt) return
    if (this.#asked) return this.#followAsked(this.#asked)
    const reader = await this.#findReaderWithCard()
    const sight = sightOf(reader)
    const isSame = sight !== undefined && sight === this.#seen
    this.#seen = sight
    const isOver = this.#phase === 'done' || this.#phase === 'changed' || this.#phase === 'failed'
    if (isSame || (isOver && reader === undefined)) return this.#set(this.#phase)
    if (reader !== undefined) this.#clear()
    await this.#read()
    if (this.#phase === 'blocked' && this.#wantsChallenge) await this.#begin(OfflineUnblock)
    if (this.#phase === 'not-blocked' && reader) await this.#tools.contactCard?.(reader.name).catch(() => {})
  }

  /** Nobody has agreed yet: without the card there is nothing to agree to. */
  async #followAsked({ job }: Asked): Promise<void> {
    const readers = await this.#tools.readers.list()
    if (readers.some(({ name, hasCard }) => name === job.reader && hasCard)) return
    this.#fail(new Problem('card-removed'))
  }

  async #findReaderWithCard() {
    const readers = await this.#tools.readers.list()
    return readers.find(({ hasCard }) => hasCard)
  }

  /** Looks at the card that is in a reader, without touching any counter. */
  async #read(): Promise<void> {
    try {
      const readers = await this.#tools.readers.list()
      const reader = readers.find(({ hasCard }) => hasCard)
      if (!reader) {
        this.#card = null
        this.#sighting = undefined
        return this.#set(readers.length === 0 ? 'no-reader' : 'no-card')
      }
      const connection = await this.#tools.readers.connect(reader.name)
      try {
        const reading = await readCard(connection)
        this.#policy = await this.#tools.policies?.of(writeHex(reading.cardUuid))
        const telephoneWay = reading.family === 'piv' ? 'masked-puk' : 'native-admin-key'
        this.#card = { reader: reader.name, family: reading.family, telephoneWay, hasPuc: reading.family === 'piv' }
        if (reading.isBlocked) this.#problem = null
        const { triesLeft } = reading
        this.#sighting = reading.isBlocked ? undefined : { changeId: randomUUID(), triesLeft }
        this.#set(reading.isBlocked ? 'blocked' : 'not-blocked')
      } finally {
        await connection.disconnect()
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const problem = asProblem(error)
    const code = problem instanceof Problem ? problem.code : 'card-fault'
    const facts = problem instanceof Problem ? problem.facts : {}
    this.#attempt = undefined
    this.#endAsked(problem instanceof Problem ? problem : new Problem('card-fault', { cause: problem }))
    this.#receipt = typeof facts.receipt === 'string' ? facts.receipt : null
    this.#problem = { code, facts }
    this.#set(PHASE_OF[code] ?? 'failed')
    if (!(problem instanceof Problem)) throw problem
  }

  async #endAttempt(): Promise<void> {
    const attempt = this.#attempt
    this.#attempt = undefined
    await attempt?.end()
  }

  #clear(): void {
    this.#wrongGroups = []
    this.#needsConsent = false
    this.#receipt = null
    this.#problem = null
  }

  #set(phase: Phase): void {
    this.#phase = phase
    this.#version++
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  #write(): ScreenState {
    const { helpDeskPhone, organisation } = this.#tools.configuration()
    const attempt = this.#attempt
    const call = attempt instanceof OfflineUnblock ? attempt : undefined
    const { panel } = this.#tools
    return {
      version: this.#version,
      phase: this.#phase,
      attemptId: attempt?.attemptId ?? null,
      sealKey: this.seal.point,
      card: this.#card,
      isWithPuc: this.#isWithPuc,
      isAttended: this.#isAttended,
      puc: attempt instanceof UnblockWithPuc ? { triesLeft: attempt.triesLeft ?? null } : null,
      challenge: call ? { code: call.way.challenge, form: call.way.form } : null,
      cryptogram: call ? { entriesLeft: call.entriesLeft, wrongGroups: this.#wrongGroups } : null,
      changeId: this.#phase === 'not-blocked' || this.#phase === 'working' ? (this.#sighting?.changeId ?? null) : null,
      pinTriesLeft: this.#sighting?.triesLeft ?? null,
      needsConsent: this.#needsConsent,
      receipt: this.#receipt,
      sign: this.desk.write(),
      isSignCancelled: this.desk.isCancelled,
      asked: this.#asked ? writeAsked(this.#asked.job) : null,
      problem: this.#problem,
      policy: writePolicy(this.#policyNow),
      isConfigured: this.#tools.isConfigured(),
      helpDeskPhone: helpDeskPhone || null,
      organisation: organisation || null,
      virtualReader: panel ? { inserted: panel.inserted(), cards: [...panel.cards] } : null,
    }
  }
}

/** Who asks, and for whose card. */
const writeAsked = ({ operatorName, personName, cardLabel, printedSerial, isRemote, code }: UnblockJob) => {
  return { operatorName, personName, cardLabel, printedSerial, isRemote, code }
}

/** The rules, for the page to tick off. */
const writePolicy = ({ personal, ...policy }: PinPolicy): ScreenState['policy'] => ({
  ...policy,
  blockList: [...policy.blockList],
  ...(personal && { personal: { saltHex: personal.saltHex, hashes: [...personal.hashes] } }),
})

/** A reader with its insertion: another card, or the same one again, is another sight. */
const sightOf = (reader: ReaderState | undefined) => reader && `${reader.name} ${reader.insertion}`
