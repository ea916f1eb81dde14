import { type VirtualConnection, type VirtualReader, VirtualReaderError } from '@unlatch/virtual-cards'
import { type CardConnection, type CardReaders, ReaderError } from '../../tasks/ports.ts'

/** Virtual readers as this computer's readers: for the demo, drills and tests. */
export function virtualReaders(readers: readonly VirtualReader[]): CardReaders {
  const insertions = new Map<VirtualReader, number>()
  for (const reader of readers) {
    reader.subscribe(({ type }) => {
      if (type === 'inserted') insertions.set(reader, (insertions.get(reader) ?? 0) + 1)
    })
  }
  const look = (reader: VirtualReader) => {
    return { name: reader.name, hasCard: reader.card !== undefined, insertion: insertions.get(reader) ?? 0 }
  }
  return {
    list: async () => readers.map(look),
    watch(listener) {
      const ends = readers.map((reader) => reader.subscribe(listener))
      return () => {
        for (const end of ends) end()
      }
    },
    async connect(name) {
      const reader = readers.find((candidate) => candidate.name === name)
      if (!reader) throw new ReaderError('no-reader')
      return inReaderErrors(() => holding(reader, reader.connect()))
    },
    close: async () => {},
  }
}

function holding(reader: VirtualReader, connection: VirtualConnection): CardConnection {
  const { promise: whenEnded, resolve } = Promise.withResolvers<ReaderError>()
  const stop = reader.subscribe(({ type }) => {
    if (type === 'removed') end('removed')
  })
  const end = (code: 'removed' | 'closed') => {
    stop()
    resolve(new ReaderError(code))
  }
  return {
    whenEnded,
    transmit: (command) => inReaderErrors(() => connection.transmit(command)),
    reset: () => inReaderErrors(() => connection.reset()),
    async disconnect() {
      await connection.disconnect('reset').catch(() => {})
      end('closed')
    },
  }
}

/** The reader's own errors under the names that tasks know: the codes are the same. */
async function inReaderErrors<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof VirtualReaderError) throw new ReaderError(cause.code, { cause })
    throw cause
  }
}
