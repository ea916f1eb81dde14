import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { writeHex } from '@unlatch/card'
import type { Generation } from '@unlatch/card/unblock'
import type { JournalledGeneration, JournalState } from '../../ports/key-service.ts'

/** A line of the file. */
type Line =
  | { at: string; cardUuid: string; purpose: string; epoch: number; counter: number }
  /** A restore was accepted: generations start anew in this epoch. */
  | { at: string; epoch: number }
  /** A server started with this journal for the n-th time; `node` names the journal for ever. */
  | { at: string; node: string; starts: number }
  /** This journal came out of a backup: what happened after that is in no file. */
  | { at: string; isOld: true }

/**
 * The key service's own journal: which generation of which secret went to which card. Appended and flushed to disk before the
 * command leaves. It is no part of the database's backup: a journal ahead of the database means a restored database.
 *
 * One line of JSON each; a last line that a crash cut short is dropped at the next opening.
 */
export class Journal {
  readonly #file: number
  readonly #highest = new Map<string, JournalledGeneration>()
  #epoch = 0
  #node = randomUUID() as string
  #starts = 0
  #isOld = false

  constructor(path: string) {
    if (existsSync(path)) this.#read(path)
    this.#file = openSync(path, 'a', 0o600)
  }

  get epoch(): number {
    return this.#epoch
  }

  /** Which journal this is, how often a server started with it, and whether it came out of a backup that nobody accepted yet. */
  get state(): JournalState {
    return { node: this.#node, starts: this.#starts, isOld: this.#isOld }
  }

  /** Counts a start and returns when it is on the disk. */
  countStart(at: Date): void {
    this.#write({ at: at.toISOString(), node: this.#node, starts: this.#starts + 1 })
  }

  /** Says that this journal came out of a backup, and returns when it is on the disk. */
  markOld(at: Date): void {
    this.#write({ at: at.toISOString(), isOld: true })
  }

  highest(): JournalledGeneration[] {
    return [...this.#highest.values()]
  }

  /** Appends one intent and returns when it is on the disk. */
  append(entry: { cardUuid: Uint8Array; purpose: string; generation: Generation; at: Date }): void {
    const { purpose, at, generation } = entry
    this.#write({ at: at.toISOString(), cardUuid: writeHex(entry.cardUuid), purpose, ...generation })
  }

  /** Begins the next epoch and returns when it is on the disk. */
  raiseEpoch(at: Date): number {
    this.#write({ at: at.toISOString(), epoch: this.#epoch + 1 })
    return this.#epoch
  }

  close(): void {
    closeSync(this.#file)
  }

  #read(path: string): void {
    const octets = readFileSync(path)
    const whole = octets.lastIndexOf(0x0a) + 1
    if (whole < octets.length) truncateSync(path, whole)
    const lines = octets.subarray(0, whole).toString('utf8').split('\n').filter(Boolean)
    for (const line of lines) this.#take(JSON.parse(line))
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    fsyncSync(this.#file)
    this.#take(line)
  }

  #take(line: Line): void {
    if ('starts' in line) {
      this.#node = line.node
      this.#starts = Math.max(this.#starts, line.starts)
      return
    }
    if ('isOld' in line) {
      this.#isOld = true
      return
    }
    if (!('cardUuid' in line)) {
      this.#epoch = Math.max(this.#epoch, line.epoch)
      this.#isOld = false
      return
    }
    const { cardUuid: cardUuidHex, epoch, counter } = line
    const purpose = purposeOf(line.purpose)
    const key = `${cardUuidHex}/${purpose}`
    const known = this.#highest.get(key)?.generation
    const isHigher = !known || epoch > known.epoch || (epoch === known.epoch && counter > known.counter)
    if (isHigher) this.#highest.set(key, { cardUuidHex, purpose, generation: { epoch, counter } })
  }
}

function purposeOf(label: string): JournalledGeneration['purpose'] {
  if (label.startsWith('unlatch/puk/')) return 'puk'
  return label.startsWith('unlatch/piv-9b/') ? 'piv-9b' : 'gids-admin'
}
