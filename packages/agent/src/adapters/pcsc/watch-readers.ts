import { setTimeout as sleep } from 'node:timers/promises'
import type { Octets } from '@unlatch/card'
import { PcscFailure, type PcscHandle, type PcscLibrary, type PcscReaderState } from './pcsc-library.ts'
import { isTimeout, isUnknownReader } from './pcsc-status.ts'

/** A reader as it is seen now. */
export interface ReaderSighting {
  readonly name: string
  /** The ATR of the card that is in it, if one is. */
  readonly atr?: Octets
  /** Counts insertions and removals where the system does; a change means that the card was out. */
  readonly events: number
  /** Some program has the card open. */
  readonly isInUse: boolean
}

// Bits of a reader's state. [winscard.h]
const STATE_UNAWARE = 0
const STATE_CHANGED = 0x0002
const STATE_PRESENT = 0x0020
const STATE_EXCLUSIVE = 0x0080
const STATE_INUSE = 0x0100
const STATE_MUTE = 0x0200
/** The upper half counts insertions and removals. */
const EVENT_SHIFT = 16

/** A reader that is none: its state changes when readers come and go. macOS does not have it. */
const ANY_READER = '\\\\?PnP?\\Notification'
/** The longest wait; then the list of readers is read again. Where the system does not tell of new readers: shorter. */
const WAIT_MS = process.platform === 'darwin' ? 1_000 : 10_000
/** How long to wait for a service that is not there. */
const RETRY_MS = 500

/**
 * Watches all readers in a context of its own, until `stop`: `see` is called with what is there at first and after each
 * change, with nothing while the PC/SC service does not run.
 */
export function watchReaders(library: PcscLibrary, see: (readers: readonly ReaderSighting[]) => void) {
  let context: PcscHandle | undefined
  let isStopped = false
  const quiet = new AbortController()

  const watch = async () => {
    while (!isStopped) {
      try {
        context = library.establishContext()
        await watchIn(library, context, see, () => isStopped)
      } catch (error) {
        if (!(error instanceof PcscFailure)) throw error
        if (!isStopped) see([])
      } finally {
        if (context !== undefined) library.releaseContext(context)
        context = undefined
      }
      if (!isStopped) await sleep(RETRY_MS, undefined, { signal: quiet.signal }).catch(() => {})
    }
  }
  const cancel = () => {
    if (context !== undefined) library.cancel(context)
  }
  // A process ends only when its worker threads do, and one of them waits here.
  process.once('exit', cancel)
  const done = watch().finally(() => process.removeListener('exit', cancel))
  return {
    async stop(): Promise<void> {
      isStopped = true
      quiet.abort()
      cancel()
      // A wait that was only just beginning has not heard it.
      const again = setInterval(cancel, 50)
      await done.finally(() => clearInterval(again))
    },
  }
}

async function watchIn(
  library: PcscLibrary,
  context: PcscHandle,
  see: (readers: readonly ReaderSighting[]) => void,
  isStopped: () => boolean,
): Promise<void> {
  let known = new Map<string, PcscReaderState>()
  while (!isStopped()) {
    const names = library.listReaders(context)
    known = new Map(
      names.map((name) => [name, known.get(name) ?? { name, state: STATE_UNAWARE, atr: new Uint8Array(0) }]),
    )
    const found = await wait(library, context, [...known.values()])
    for (const reader of found) known.set(reader.name, { ...reader, state: reader.state & ~STATE_CHANGED })
    if (!isStopped()) see([...known.values()].filter(({ state }) => state !== STATE_UNAWARE).map(readSighting))
  }
}

/** The readers' new states; none when the time is over or a reader went away meanwhile: then the list is read again. */
async function wait(library: PcscLibrary, context: PcscHandle, known: PcscReaderState[]): Promise<PcscReaderState[]> {
  const isNew = known.some(({ state }) => state === STATE_UNAWARE)
  const any = process.platform === 'darwin' ? [] : [{ name: ANY_READER, state: known.length << EVENT_SHIFT }]
  try {
    const states = await library.getStatusChange(context, isNew ? 0 : WAIT_MS, isNew ? known : [...known, ...any])
    return states.filter(({ name }) => name !== ANY_READER)
  } catch (error) {
    if (error instanceof PcscFailure && (isTimeout(error.status) || isUnknownReader(error.status))) return []
    throw error
  }
}

/** One look at all readers. */
export async function lookAtReaders(library: PcscLibrary): Promise<ReaderSighting[]> {
  const context = library.establishContext()
  try {
    const known = library.listReaders(context).map((name) => ({ name, state: STATE_UNAWARE }))
    return known.length === 0 ? [] : (await library.getStatusChange(context, 0, known)).map(readSighting)
  } finally {
    library.releaseContext(context)
  }
}

function readSighting({ name, state, atr }: PcscReaderState): ReaderSighting {
  const hasCard = (state & STATE_PRESENT) !== 0 && (state & STATE_MUTE) === 0
  const isInUse = (state & (STATE_INUSE | STATE_EXCLUSIVE)) !== 0
  return { name, events: state >>> EVENT_SHIFT, isInUse, ...(hasCard && { atr }) }
}
