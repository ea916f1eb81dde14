import { type CardConnection, type CardReaders, ReaderError } from './ports.ts'

/** How long one part of this agent waits for another that holds the card. A telephone call holds it longer. */
const PATIENCE_MS = 5_000

/**
 * The readers of this computer for several parts of one agent: the page, the watch of cards and a job of the server take turns
 * at a card, and none finds it in use by the others for a moment's look.
 */
export function readersInTurn(readers: CardReaders, patienceMs = PATIENCE_MS): CardReaders {
  /** For each reader that is held here: resolves when it is free. */
  const held = new Map<string, Promise<void>>()

  return {
    ...readers,
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
