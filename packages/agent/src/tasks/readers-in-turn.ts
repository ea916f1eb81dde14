import { type CardConnection, type CardReaders, ReaderError } from './ports.ts'

/** How long one part of this agent waits for another that holds the card. A telephone call holds it longer. */
const PATIENCE_MS = 5_000

/** No reader counts so many insertions. */
const AS_INSERTIONS = 2 ** 32

/** Readers that several parts of one agent share. */
export interface SharedReaders extends CardReaders {
  /** One part changed the card in a reader: the others look at it again, as if it had been put in anew. */
  changed(reader: string): void
}

/**
 * The readers of this computer for several parts of one agent: the page, the watch of cards and a job of the server take turns
 * at a card, and none finds it in use by the others for a moment's look.
 */
export function readersInTurn(readers: CardReaders, patienceMs = PATIENCE_MS): SharedReaders {
  const listeners = new Set<() => void>()
  /** How often the card in a reader was changed: it then counts as another insertion. */
  const changes = new Map<string, number>()
  /** For each reader that is held here: resolves when it is free. */
  const held = new Map<string, Promise<void>>()

  return {
    ...readers,
    async list() {
      const states = await readers.list()
      return states.map((state) => {
        const count = changes.get(state.name)
        return count === undefined ? state : { ...state, insertion: (state.insertion ?? 0) + count * AS_INSERTIONS }
      })
    },
    watch(listener) {
      listeners.add(listener)
      const end = readers.watch(listener)
      return () => {
        listeners.delete(listener)
        end()
      }
    },
    changed(reader) {
      changes.set(reader, (changes.get(reader) ?? 0) + 1)
      for (const listener of listeners) listener()
    },
    async connect(reader) {
      const until = Date.now() + patienceMs
      for (let holder = held.get(reader); holder; holder = held.get(reader)) {
        const leftMs = until - Date.now()
        if (leftMs <= 0) throw new ReaderError('in-use')
        await Promise.race([holder, new Promise((resolve) => setTimeout(resolve, leftMs))])
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(reader, promise)
      const free = () => {
        if (held.get(reader) === promise) held.delete(reader)
        resolve()
      }
      let connection: CardConnection
      try {
        connection = await readers.connect(reader)
      } catch (error) {
        free()
        throw error
      }
      void connection.whenEnded.then(free)
      return {
        ...connection,
        async disconnect() {
          await connection.disconnect()
          free()
        },
      }
    },
  }
}
