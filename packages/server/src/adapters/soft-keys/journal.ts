import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { writeHex } from '@unlatch/card'
import type { Generation } from '@unlatch/card/unblock'

/**
 * The key service's own journal: which generation of which secret went to which card. Appended and flushed to disk before the
 * command leaves. It is no part of the database's backup: a journal ahead of the database means a restored database.
 *
 * One line of JSON each; a last line that a crash cut short is dropped at the next opening.
 */
export class Journal {
  readonly #file: number

  constructor(path: string) {
    if (existsSync(path)) {
      const text = readFileSync(path)
      const whole = text.lastIndexOf(0x0a) + 1
      if (whole < text.length) truncateSync(path, whole)
    }
    this.#file = openSync(path, 'a', 0o600)
  }

  /** Appends one intent and returns when it is on the disk. */
  append(entry: { cardUuid: Uint8Array; purpose: string; generation: Generation; at: Date }): void {
    const line = {
      at: entry.at.toISOString(),
      cardUuid: writeHex(entry.cardUuid),
      purpose: entry.purpose,
      epoch: entry.generation.epoch,
      counter: entry.generation.counter,
    }
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}
