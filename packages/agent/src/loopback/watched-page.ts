import { Problem } from '@unlatch/contract'

/** So long a page may take to open. */
const PAGE_WITHIN_MS = 30_000
/** A page that is open asks again sooner. */
const PAUSE_MS = 2000

/** The agent's page as the agent knows it: it asks for news without end, and is woken when there are some. */
export class WatchedPage {
  readonly #open: (() => void) | undefined
  readonly #waiting = new Set<() => void>()
  #version = 1
  #askedAt = 0

  /** @param open - starts a browser; absent where there is none. */
  constructor(open: (() => void) | undefined) {
    this.#open = open
  }

  /** Of what there is to show. */
  get version(): number {
    return this.#version
  }

  /** There is something new to show. */
  change(): void {
    this.#version++
    this.release()
  }

  /** Whoever waits is answered with what there is. */
  release(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** Resolves once there is something newer than `after`, or when `signal` fires. */
  async untilNews(after: number, signal: AbortSignal): Promise<void> {
    this.#askedAt = Date.now()
    if (this.#version > after || signal.aborted) return
    await new Promise<void>((wake) => {
      this.#waiting.add(wake)
      signal.addEventListener('abort', () => wake(), { once: true })
    })
  }

  /**
   * Where no page is open, a browser is started and given time.
   *
   * @throws Problem `page-not-open`.
   */
  async expectOpen(signal: AbortSignal): Promise<void> {
    if (this.isOpen) return
    this.#open?.()
    const until = Date.now() + (this.#open ? PAGE_WITHIN_MS : 0)
    while (!this.isOpen && Date.now() < until && !signal.aborted) await new Promise((wake) => setTimeout(wake, 100))
    if (!this.isOpen) throw new Problem('page-not-open')
  }

  /** Somebody has it before him. */
  get isOpen(): boolean {
    return this.#waiting.size > 0 || Date.now() - this.#askedAt < PAUSE_MS
  }
}
