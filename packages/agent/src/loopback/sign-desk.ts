import { randomUUID } from 'node:crypto'
import { Problem, type ProblemCode, type ScreenState, type SignedByCard, type SignJob } from '@unlatch/contract'
import type { CardReaders } from '../tasks/ports.ts'
import { type CardSignature, readSigner, readStatement, signStatement } from '../tasks/sign-statement.ts'
import type { JobNews } from '../tasks/unblock-connected.ts'

/** After these the PIN is typed again. */
const ASKED_AGAIN: readonly ProblemCode[] = ['pin-wrong', 'pin-malformed', 'last-try']
/** Nobody types a PIN for longer than a statement is good for. */
const LONGEST_MS = 2 * 60_000
const CANCELLED_SHOWN_MS = 60_000

interface Asked {
  readonly signId: string
  readonly job: SignJob
  readonly statement: SignedByCard
  readonly end: (result: CardSignature | Problem) => void
  isWorking: boolean
  triesLeft: number | undefined
  problem: ProblemCode | undefined
}

/** Where an operator signs with his card: the statement is shown in words, then its PIN is asked for. One at a time. */
export class SignDesk {
  readonly #readers: CardReaders
  readonly #onChange: () => void
  #asked: Asked | undefined
  /** While the page says that the operator gave it up. */
  #cancelled: NodeJS.Timeout | undefined

  constructor(readers: CardReaders, onChange: () => void) {
    this.#readers = readers
    this.#onChange = onChange
  }

  /**
   * Shows what is to be signed, and signs it when its holder has typed the PIN.
   *
   * @param expectPage - throws when nobody has the page open.
   * @throws Problem `statement-refused`, `reader-in-use` while another one waits, `signing-declined`, `attempt-cancelled`;
   *   `pin-wrong` with no try left; what the reader said.
   */
  async sign(job: SignJob, news: JobNews, expectPage: () => Promise<void>): Promise<CardSignature> {
    const statement = readStatement(job.statement)
    if (this.#asked) throw new Problem('reader-in-use')
    const triesLeft = await readSigner(this.#readers, job.reader)
    if (triesLeft === 0) throw new Problem('pin-wrong', { facts: { triesLeft } })
    await expectPage()
    if (news.signal.aborted) throw new Problem('attempt-cancelled')
    this.#hideCancelled()
    let timer: NodeJS.Timeout | undefined
    let onEnd = () => {}
    try {
      const result = await new Promise<CardSignature | Problem>((end) => {
        this.#asked = { signId: randomUUID(), job, statement, end, isWorking: false, triesLeft, problem: undefined }
        const cancel = () => {
          this.#showCancelled()
          end(new Problem('attempt-cancelled'))
        }
        news.signal.addEventListener('abort', cancel, { once: true })
        onEnd = () => news.signal.removeEventListener('abort', cancel)
        timer = setTimeout(() => end(new Problem('signing-declined')), LONGEST_MS)
        this.#onChange()
      })
      if (result instanceof Problem) throw result
      return result
    } finally {
      clearTimeout(timer)
      onEnd()
      this.#asked = undefined
      this.#onChange()
    }
  }

  /** The PIN was typed; it is overwritten. Errors as `signStatement`. */
  async enterPin(signId: string, pin: Uint8Array, hasConsent: boolean): Promise<void> {
    const asked = this.#expect(signId)
    asked.isWorking = true
    asked.problem = undefined
    this.#onChange()
    try {
      asked.end(await signStatement(this.#readers, asked.job.reader, asked.statement, pin, hasConsent))
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('card-fault', { cause: error })
      const { triesLeft } = problem.facts
      if (typeof triesLeft === 'number') asked.triesLeft = triesLeft
      asked.problem = problem.code
      if (!ASKED_AGAIN.includes(problem.code) || asked.triesLeft === 0) asked.end(problem)
      throw problem
    } finally {
      asked.isWorking = false
      this.#onChange()
    }
  }

  decline(signId: string): void {
    this.#expect(signId).end(new Problem('signing-declined'))
  }

  /** Somebody read that it was given up. */
  dismiss(): void {
    this.#hideCancelled()
    this.#onChange()
  }

  get isCancelled(): boolean {
    return this.#cancelled !== undefined
  }

  #showCancelled(): void {
    this.#hideCancelled()
    this.#cancelled = setTimeout(() => this.dismiss(), CANCELLED_SHOWN_MS)
    this.#cancelled.unref()
  }

  #hideCancelled(): void {
    clearTimeout(this.#cancelled)
    this.#cancelled = undefined
  }

  close(): void {
    this.#hideCancelled()
    this.#asked?.end(new Problem('attempt-cancelled'))
  }

  write(): ScreenState['sign'] {
    if (!this.#asked) return null
    const { signId, job, statement, isWorking, triesLeft = null, problem = null } = this.#asked
    const { operatorName, personName, cardLabel, printedSerial, reader } = job
    const words = { operatorName, personName, cardLabel, printedSerial, reader }
    return { signId, ...words, statement, isWorking, triesLeft, problem }
  }

  #expect(signId: string): Asked {
    if (this.#asked?.signId !== signId || this.#asked.isWorking) throw new Problem('attempt-ended')
    return this.#asked
  }
}
