import { type CardReaders, ReaderError } from '../../tasks/ports.ts'
import { loadPcscLibrary } from './load-pcsc-library.ts'
import { PcscConnection } from './pcsc-connection.ts'
import { PcscFailure, type PcscLibrary } from './pcsc-library.ts'
import { readerErrorOf } from './pcsc-status.ts'
import { lookAtReaders, type ReaderSighting, watchReaders } from './watch-readers.ts'

/** How long another program may hold a card before we say so. */
const PATIENCE_MS = 5_000

/** What may be chosen, for tests: the library, and the patience with other programs. */
interface PcscOptions {
  readonly library?: PcscLibrary
  readonly patienceMs?: number
}

/**
 * Opens PC/SC. One watch serves all listeners and all connections: a connection hears of its card's removal at once, not
 * only at its next command. A service that does not run yet is waited for. The watch keeps the process alive: `close` it.
 *
 * @throws ReaderError `no-service` where the system has no PC/SC.
 */
export async function openPcsc({ library, patienceMs = PATIENCE_MS }: PcscOptions = {}): Promise<CardReaders> {
  const pcsc = library ?? (await loadPcscLibrary())
  const listeners = new Set<() => void>()
  const connections = new Set<PcscConnection>()
  let latest: readonly ReaderSighting[] = []
  const watcher = watchReaders(pcsc, (readers) => {
    const before = latest
    latest = readers
    for (const connection of connections) {
      if (describe(before, connection.reader) !== describe(readers, connection.reader)) void connection.checkCard()
    }
    for (const listener of listeners) listener()
  })
  return {
    async list() {
      try {
        const readers = await lookAtReaders(pcsc)
        return readers.map(({ name, atr, events, isInUse }) => {
          return { name, hasCard: atr !== undefined, insertion: events, ...(isInUse && { isInUse }) }
        })
      } catch (error) {
        throw error instanceof PcscFailure ? asListError(error) : error
      }
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async connect(reader) {
      const connection = await PcscConnection.open(pcsc, reader, patienceMs)
      connections.add(connection)
      void connection.whenEnded.then(() => connections.delete(connection))
      return {
        whenEnded: connection.whenEnded,
        transmit: (command) => connection.transmit(command),
        reset: () => connection.reset(),
        disconnect: () => connection.disconnect(),
      }
    },
    async close() {
      listeners.clear()
      await Promise.all([watcher.stop(), ...[...connections].map((connection) => connection.disconnect())])
    },
  }
}

/** No service can be reached: it was not started, or it was ended. */
function asListError(failure: PcscFailure): ReaderError {
  const error = readerErrorOf(failure)
  return error.code === 'service-stopped' ? new ReaderError('no-service', { cause: failure }) : error
}

/** What would differ if the card had been out. */
function describe(readers: readonly ReaderSighting[], name: string): string | undefined {
  const sighting = readers.find((reader) => reader.name === name)
  return sighting && `${sighting.events} ${sighting.atr !== undefined}`
}
