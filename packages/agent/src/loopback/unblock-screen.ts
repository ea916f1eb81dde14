import { Problem, type ProblemCode, type ScreenState, type SignJob, type UnblockJob } from '@unlatch/contract'
import { asProblem } from '../tasks/card-problems.ts'
import { changePin } from '../tasks/change-pin.ts'
import type { CardSignature } from '../tasks/sign-statement.ts'
import { ConnectedUnblock, type JobNews } from '../tasks/unblock-connected.ts'
import { OfflineUnblock } from '../tasks/unblock-offline.ts'
import { type BeginWish, SelfServiceUnblock, type TypedWay } from '../tasks/unblock-self-service.ts'
import { UnblockWithPuc } from '../tasks/unblock-with-puc.ts'
import { type HolderCard, HolderDesk } from './holder-desk.ts'
import { describeCard, findReaderWithCard, lookAtCard, sightOf } from './look-at-card.ts'
import type { ScreenTools } from './screen-tools.ts'
import { SealKey } from './sealed.ts'
import { type Attempt, Shown } from './shown.ts'
import { SignDesk } from './sign-desk.ts'
import { Turns } from './turns.ts'
import { WatchedPage } from './watched-page.ts'

/** Problems after which the same attempt goes on with another PIN, or with consent. */
const PIN_ASKED_AGAIN: readonly ProblemCode[] = ['puc-malformed', 'pin-policy', 'last-try', 'pin-refused-by-card']

/** Somebody waits for the card, or for somebody else: nothing new is typed at the attempt. */
const BUSY: readonly ScreenState['phase'][] = ['working', 'operator', 'authenticate']

/** An operator asks for the unblock of a card that is here. */
interface Asked {
  readonly job: UnblockJob
  readonly news: JobNews
  /** How the job ends: null, or its problem. */
  readonly end: (problem: Problem | null) => void
}

/** The unblock screen: follows the readers, runs one attempt, tells its page. What a person types arrives sealed. */
export class UnblockScreen {
  readonly seal = new SealKey()
  readonly #tools: ScreenTools
  readonly #endWatch: () => void
  readonly #page: WatchedPage
  readonly #shown: Shown
  #attempt: Attempt | undefined
  readonly #turns = new Turns()
  /** Reader and insertion that were looked at last; a card is looked at once until it goes. */
  #seen: string | undefined
  /** The card went away during a call: when it is back, a new challenge is made without asking again. */
  #wantsChallenge = false
  /** What an operator asks for, until it is over. */
  #asked: Asked | undefined
  /** Where an operator signs with a card of his own, beside whatever else is shown. */
  readonly desk: SignDesk
  /** Where a holder looks after himself, with a card that works. */
  readonly holder: HolderDesk

  constructor(tools: ScreenTools) {
    this.#tools = tools
    this.#page = new WatchedPage(tools.openPage)
    this.#shown = new Shown(tools, () => this.#page.change())
    this.desk = new SignDesk(tools.readers, () => this.#shown.set(this.#shown.phase))
    this.holder = new HolderDesk({
      tools,
      onChange: () => this.#shown.set(this.#shown.phase),
      take: (work) => this.#turns.take(work),
      onTried: async (reader) => {
        await this.#read()
        tools.lookAgain?.(reader)
      },
    })
    this.#endWatch = tools.readers.watch(() => this.#look())
    this.#look()
  }

  /** The state once it is newer than `after`, or as it stands when `signal` fires. */
  async state(after: number, signal: AbortSignal): Promise<ScreenState> {
    await this.#page.untilNews(after, signal)
    const { desk, holder, seal } = this
    const { version } = this.#page
    return this.#shown.write({
      version,
      sealKey: seal.point,
      desk,
      holder,
      attempt: this.#attempt,
      asked: this.#asked?.job,
    })
  }

  /** **OK**: draws a challenge. Pressed twice it draws one. */
  begin(): Promise<void> {
    return this.#turns.take(async () => {
      if (!this.#attempt) await this.#begin(OfflineUnblock)
    })
  }

  /** **I have a PUC**: takes hold of the card for it. Pressed twice it does so once. */
  beginWithPuc(): Promise<void> {
    return this.#turns.take(async () => {
      if (!this.#attempt) await this.#begin(UnblockWithPuc)
    })
  }

  /** **Unblock PIN (Crypto)**: the card proves itself, and a new PIN is asked for. Pressed twice it does so once. */
  beginSelfService(): Promise<void> {
    return this.#turns.take(async () => {
      if (!this.#attempt) await this.#beginSelfService()
    })
  }

  /**
   * What the holder typed to show that it is he; overwritten. A wrong one leaves everything as it is.
   *
   * @throws Problem as `SelfServiceUnblock.answer`.
   */
  async authenticate(attemptId: string, way: TypedWay, secret: Uint8Array): Promise<void> {
    try {
      await this.#expectAuthenticating(attemptId).answer(way, secret)
    } finally {
      secret.fill(0)
    }
  }

  /** The holder shows it elsewhere: in a browser, on another device. */
  async authenticateElsewhere(attemptId: string, wish: BeginWish): Promise<void> {
    const attempt = this.#expectAuthenticating(attemptId)
    const begun = await attempt.beginWay(wish)
    this.#shown.elsewhere = { way: wish.way, ...begun }
    this.#shown.set(this.#shown.phase)
  }

  /** An identity provider sent the browser back, with this query. @throws Problem as the server says. */
  async finishIdentityProvider(query: string): Promise<void> {
    const attempt = this.#attempt
    if (!(attempt instanceof SelfServiceUnblock) || this.#shown.phase !== 'authenticate') {
      throw new Problem('attempt-ended')
    }
    await attempt.finishIdentityProvider(query)
  }

  #expectAuthenticating(attemptId: string): SelfServiceUnblock {
    const attempt = this.#attempt
    const isIt = attempt instanceof SelfServiceUnblock && attempt.attemptId === attemptId
    if (!isIt || this.#shown.phase !== 'authenticate') throw new Problem('attempt-ended')
    return attempt
  }

  async #beginSelfService(): Promise<void> {
    const reader = this.#shown.card?.reader
    const { connected, readers, journal, now } = this.#tools
    if (reader === undefined || !connected) throw new Problem('no-card')
    this.#shown.clear()
    this.#wantsChallenge = false
    this.#shown.setWay('self-service')
    const tools = { readers, journal, now, configuration: this.#tools.configuration(), ...connected }
    try {
      const attempt = await SelfServiceUnblock.begin(tools, reader)
      attempt.policy = this.#shown.policyNow
      attempt.onStep = (step) => this.#shown.set(step)
      this.#attempt = attempt
      this.#shown.needsConsent = await attempt.isLastTry()
      this.#shown.set('new-pin')
      void attempt.whenLost().then((problem) => this.#lose(attempt, problem))
    } catch (error) {
      this.#fail(error)
    }
  }

  /**
   * An operator asks for the unblock of a card that is in a reader here: it is shown, and goes on when its holder agrees. At a
   * station the holder stands beside: the PIN is asked for at once.
   *
   * @throws Problem `unblock-declined`, `page-not-open`, `reader-in-use` while another attempt runs; how the attempt ended.
   */
  async unblock(job: UnblockJob, news: JobNews): Promise<void> {
    if (this.#asked || this.#attempt || this.#shown.phase === 'working') throw new Problem('reader-in-use')
    const ended = new Promise<Problem | null>((end) => {
      this.#asked = { job, news, end }
    })
    news.signal.addEventListener('abort', () => this.#cancel(), { once: true })
    const endNews = news.onNudge(() => void this.#askWho(job.unblockId))
    try {
      await this.#page.expectOpen(news.signal)
      await this.#turns.take(async () => {
        this.#shown.clear()
        this.#shown.set('asked')
        if (!job.isRemote) await this.#accept()
      })
    } catch (error) {
      endNews()
      this.#asked = undefined
      throw error
    }
    const problem = await ended
    endNews()
    if (problem) throw problem
  }

  /** Another operator may go on with it: the holder is shown who asks now. */
  async #askWho(unblockId: string): Promise<void> {
    const told = await this.#tools.connected?.server.unblockProgress(unblockId).catch(() => undefined)
    const asked = this.#asked
    const operatorName = told?.operatorName
    if (asked?.job.unblockId !== unblockId || !operatorName || operatorName === asked.job.operatorName) return
    this.#asked = { ...asked, job: { ...asked.job, operatorName } }
    this.#shown.set(this.#shown.phase)
  }

  /** An operator signs a statement with the card in a reader here. Errors as `SignDesk.sign`, and `page-not-open`. */
  sign(job: SignJob, news: JobNews): Promise<CardSignature> {
    return this.desk.sign(job, news, () => this.#page.expectOpen(news.signal))
  }

  /** The holder agrees: the card is held, and a new PIN is asked for. */
  accept(): Promise<void> {
    return this.#turns.take(() => this.#accept())
  }

  /** The holder does not agree. */
  decline(): Promise<void> {
    return this.#turns.take(async () => {
      const isActing = this.#shown.phase === 'operator' || this.#shown.phase === 'working'
      if (!this.#asked || isActing) throw new Problem('attempt-ended')
      this.#endAsked(new Problem('unblock-declined'))
      await this.#endAttempt()
      this.#shown.clear()
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
      this.#shown.policy = await this.#tools.policies?.of(asked.job.cardUuid)
      attempt.policy = this.#shown.policyNow
      attempt.onWaiting = () => this.#shown.set('operator')
      this.#attempt = attempt
      this.#shown.card = describeCard(asked.job.reader, attempt.reading)
      this.#shown.needsConsent = await attempt.isLastTry()
      this.#shown.setWay('attended')
      this.#shown.set('new-pin')
      void attempt.whenLost().then((problem) => this.#lose(attempt, problem))
    } catch (error) {
      this.#fail(error)
    }
  }

  #endAsked(problem: Problem | null): void {
    const asked = this.#asked
    this.#asked = undefined
    asked?.end(problem)
  }

  /** The operator wants it no more. While the card changes nothing stops that: the job ends as it ends. */
  #cancel(): void {
    if (!this.#asked || this.#shown.phase === 'working') return
    void this.#attempt?.end()
    this.#fail(new Problem('attempt-cancelled'))
  }

  async #begin(Way: typeof OfflineUnblock | typeof UnblockWithPuc): Promise<void> {
    const reader = this.#shown.card?.reader
    if (reader === undefined) throw new Problem('no-card')
    await this.#endAttempt()
    this.#shown.clear()
    this.#wantsChallenge = false
    this.#shown.setWay(Way === UnblockWithPuc ? 'puc' : 'telephone')
    const { readers, journal, now } = this.#tools
    const tools = { readers, journal, now, configuration: this.#tools.configuration() }
    try {
      const attempt = await Way.begin(tools, reader)
      attempt.policy = this.#shown.policyNow
      this.#attempt = attempt
      this.#shown.needsConsent = attempt instanceof UnblockWithPuc && attempt.triesLeft === 1
      this.#shown.set(this.#shown.isWithPuc ? 'puc' : 'challenge')
      void attempt.whenLost().then((problem) => this.#lose(attempt, problem))
    } catch (error) {
      const isPucOnly = error instanceof Problem && error.code === 'card-not-supported' && this.#shown.card?.hasPuc
      if (!isPucOnly || this.#shown.isWithPuc) return this.#fail(error)
      // No dead end: the page offers what is left.
      this.#shown.card = this.#shown.card && { ...this.#shown.card, telephoneWay: 'none' }
      this.#shown.set('blocked')
    }
  }

  /** A new challenge after the old one died; after an attempt with the PUC the choice between the two ways. */
  again(): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#shown.phase === 'working') throw new Problem('attempt-ended')
      await this.#endAttempt()
      this.#shown.clear()
      await this.#read()
      const goesOn = !this.#shown.isWithPuc && !this.#shown.isSelfService
      if (this.#shown.phase === 'blocked' && goesOn) await this.#begin(OfflineUnblock)
    })
  }

  async enterCryptogram(attemptId: string, typed: Uint8Array): Promise<void> {
    const attempt = this.#expectAttempt(attemptId)
    if (!(attempt instanceof OfflineUnblock)) throw new Problem('attempt-ended')
    try {
      await attempt.enterCryptogram(typed)
      this.#shown.wrongGroups = []
      this.#shown.needsConsent = await attempt.isLastTry()
      this.#shown.set('new-pin')
    } catch (error) {
      if (error instanceof Problem && error.code === 'cryptogram-mistyped') {
        this.#shown.wrongGroups = (error.facts.wrongGroups as number[] | undefined) ?? []
        this.#shown.set('challenge')
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
    const attempt = this.#attempt
    this.#shown.problem = null
    this.#shown.set('working')
    try {
      const { receipt } = await setPin()
      this.#shown.receipt = receipt
      this.#attempt = undefined
      this.#endAsked(null)
      this.#shown.set('done')
    } catch (error) {
      if (error instanceof Problem && PIN_ASKED_AGAIN.includes(error.code)) {
        this.#shown.needsConsent = error.code === 'last-try'
        this.#shown.problem = { code: error.code, facts: error.facts }
        this.#shown.set(this.#shown.isWithPuc ? 'puc' : 'new-pin')
        throw error
      }
      // Whoever gave it up is shown something else already.
      if (this.#attempt === attempt) {
        this.#wantsChallenge = this.#isChallengeLost(error)
        this.#fail(error)
      }
      throw error
    } finally {
      this.#look()
      if (this.#shown.card && !this.#attempt) this.#tools.lookAgain?.(this.#shown.card.reader)
      // While another PIN may follow the outcome is open: it is told once it is known.
      if (!this.#attempt) this.#tell().catch(() => {})
    }
  }

  /** **My Cards**, **My Sign-in**: the PIN of a card that works; overwritten. Errors as `HolderDesk.open`, and `attempt-ended`. */
  openHolder(changeId: string, pin: Uint8Array, hasConsent: boolean): Promise<void> {
    return this.holder.open(this.#expectWorking(changeId), pin, hasConsent)
  }

  #expectWorking(changeId: string): HolderCard {
    const { sighting, phase } = this.#shown
    const reader = this.#shown.card?.reader
    if (sighting?.changeId !== changeId || reader === undefined || phase !== 'not-blocked') {
      throw new Problem('attempt-ended')
    }
    const isStillHere = async () => this.#seen === sightOf(await findReaderWithCard(this.#tools.readers))
    return { changeId, reader, isStillHere }
  }

  /** Exchanges the PIN of a card that works; both are overwritten. Errors as `changePin`, and `attempt-ended` for another card. */
  async changePin(
    changeId: string,
    pins: { current: Uint8Array; replacement: Uint8Array },
    hasConsent: boolean,
  ): Promise<void> {
    const { reader, isStillHere } = this.#expectWorking(changeId)
    this.#shown.problem = null
    this.#shown.set('working')
    const { readers } = this.#tools
    const policy = this.#shown.policyNow
    await this.#turns.take(async () => {
      try {
        await changePin({ readers, policy }, reader, isStillHere, pins, hasConsent)
        this.#shown.sighting = undefined
        this.#shown.set('changed')
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const told = { code: error.code, facts: error.facts }
        // Already while the card is read again: a page that saw the card without it would close what its holder had open.
        this.#shown.problem = told
        await this.#read()
        this.#shown.problem = told
        this.#shown.set(this.#shown.phase)
        throw error
      } finally {
        // A wrong PIN may have been the last one.
        this.#tools.lookAgain?.(reader)
      }
    })
  }

  /** The server learns what happened; after a good end the card, which is still in the reader, makes its contact. */
  async #tell(): Promise<void> {
    const reader = this.#shown.phase === 'done' ? this.#shown.card?.reader : undefined
    await this.#tools.contactServer()
    if (reader !== undefined) await this.#turns.take(async () => void (await this.#tools.contactCard?.(reader)))
  }

  async close(): Promise<void> {
    this.#endWatch()
    this.desk.close()
    this.holder.leave()
    this.#endAsked(new Problem('attempt-cancelled'))
    await this.#endAttempt()
    this.#page.release()
  }

  /** The card went away, or another program used it, while the caller was on the telephone. */
  #lose(attempt: Attempt, problem: Problem): void {
    // While a PIN is being set, whoever sets it hears of the loss.
    if (this.#attempt !== attempt || BUSY.includes(this.#shown.phase)) return
    this.#attempt = undefined
    void attempt.end()
    this.#shown.card = null
    this.#wantsChallenge = this.#isChallengeLost(problem)
    this.#fail(problem)
    this.#look()
  }

  #expectAttempt(attemptId: string): Attempt {
    const isOver = this.#attempt?.attemptId !== attemptId || BUSY.includes(this.#shown.phase)
    if (!this.#attempt || isOver) throw new Problem('attempt-ended')
    return this.#attempt
  }

  /** A card that went away during a call gets a new challenge when it is back; any other attempt is chosen anew. */
  #isChallengeLost(error: unknown): boolean {
    const isRemoved = error instanceof Problem && error.code === 'card-removed'
    return isRemoved && !this.#shown.isWithPuc && !this.#shown.isSelfService
  }

  /** Something at the readers changed. */
  #look(): void {
    this.#turns.take(() => this.#follow()).catch(() => {})
  }

  async #follow(): Promise<void> {
    if (this.#shown.phase === 'working' || this.#attempt) return
    if (this.#asked) return this.#followAsked(this.#asked)
    const reader = await findReaderWithCard(this.#tools.readers)
    const sight = sightOf(reader)
    const isSame = sight !== undefined && sight === this.#seen
    this.#seen = sight
    if (!isSame) this.holder.leave()
    const isOver = this.#shown.phase === 'done' || this.#shown.phase === 'changed' || this.#shown.phase === 'failed'
    if (isSame || (isOver && reader === undefined)) return this.#shown.set(this.#shown.phase)
    if (reader !== undefined) this.#shown.clear()
    await this.#read()
    if (this.#shown.phase === 'blocked' && !this.#page.isOpen) this.#tools.openForCard?.()
    if (this.#shown.phase === 'blocked' && this.#wantsChallenge) await this.#begin(OfflineUnblock)
    if (this.#shown.phase === 'not-blocked' && reader) await this.#tools.contactCard?.(reader.name).catch(() => {})
  }

  /** Nobody has agreed yet: without the card there is nothing to agree to. */
  async #followAsked({ job }: Asked): Promise<void> {
    const readers = await this.#tools.readers.list()
    if (readers.some(({ name, hasCard }) => name === job.reader && hasCard)) return
    this.#fail(new Problem('card-removed'))
  }

  /** Looks at the card that is in a reader. */
  async #read(): Promise<void> {
    try {
      this.#shown.see(await lookAtCard(this.#tools))
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const problem = asProblem(error)
    const told = problem instanceof Problem ? problem : new Problem('card-fault', { cause: problem })
    this.#attempt = undefined
    this.#endAsked(told)
    this.#shown.fail(told)
    if (!(problem instanceof Problem)) throw problem
  }

  async #endAttempt(): Promise<void> {
    const attempt = this.#attempt
    this.#attempt = undefined
    await attempt?.end()
  }
}
