import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { Problem } from '@unlatch/contract'

/** Makes durable what was written to an open file. */
export type Flush = (file: number) => Promise<void>

const flushData: Flush = promisify(fdatasync)

/** Pages of the log are carried into the database after so many commits: often enough that each time is short. */
const COMMITS_BETWEEN_CHECKPOINTS = 64

/**
 * The write-ahead log of an open SQLite database, made durable beside the event loop: a commit is written by SQLite, and its
 * answer leaves when `flushed` resolves. Commits that wait together share one flush.
 *
 * The log is read in order after a loss of power, up to the first part that is missing. So a commit is never there without
 * those before it, and one that was flushed is there. (docs/decisions/0012-commits-are-flushed-beside-the-event-loop.md)
 */
export class WriteAheadLog {
  readonly #path: string
  readonly #file: number
  readonly #flush: Flush
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #broken: unknown
  #commits = 0
  #checkpoints: Worker | undefined

  /** @param path - of the database, which is open: its log exists. */
  constructor(path: string, flush: Flush = flushData) {
    this.#path = path
    // Held open from before the first commit on, so that no error of the disk goes by unseen.
    this.#file = openSync(`${path}-wal`, 'r+')
    this.#flush = flush
  }

  /**
   * Resolves when everything that is committed now is on the disk.
   *
   * @throws Problem `database-unreachable` when the disk did not take it; from then on always. What the disk refused may look
   * written to whoever asks a second time: only a restart reads what is really there.
   */
  async flushed(): Promise<void> {
    if (++this.#commits % COMMITS_BETWEEN_CHECKPOINTS === 0) this.#checkpoint()
    // One that runs already began before this commit, perhaps.
    this.#next ??= this.#running.then(() => {
      this.#running = this.#begin()
      this.#next = undefined
      return this.#running
    })
    await this.#next
    this.expectWhole()
  }

  /** @throws Problem `database-unreachable` when a flush failed. */
  expectWhole(): void {
    if (this.#broken === undefined) return
    const detail = 'the disk did not take what was committed: look at the disk, then start the server again'
    throw new Problem('database-unreachable', { detail, cause: this.#broken })
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#running)
    await this.#checkpoints?.terminate()
    await promisify(close)(this.#file)
  }

  async #begin(): Promise<void> {
    try {
      await this.#flush(this.#file)
    } catch (error) {
      this.#broken ??= error
    }
  }

  #checkpoint(): void {
    this.#checkpoints ??= new Worker(new URL('./checkpoints.ts', import.meta.url), { workerData: this.#path })
    this.#checkpoints.unref()
    this.#checkpoints.postMessage('')
  }
}
