import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A relay in front of a server, that can lose the answer to a path: what a bad network does, at a chosen moment. */
export interface Relay {
  readonly url: string
  /** Resolves once a request for the path has gone out to the server. */
  untilAsked(path: string): Promise<void>
  /** From now on answers for the path are lost; resolves once the server has given one. */
  loseAnswer(path: string): Promise<void>
  /**
   * From now on requests are counted, from 0; at `turn` this one is kept from the server (`before`), or its answer is lost
   * (`after`). Resolves then, with its path.
   */
  stopAt(turn: number, moment: 'before' | 'after'): Promise<string>
  /** No request is stopped any more. */
  stopNothing(): void
  /** The server was started again, elsewhere. */
  moveTo(target: string): void
  close(): void
}

export async function openRelay(first: string): Promise<Relay> {
  let target = first
  const asked = new Map<string, () => void>()
  const lost = new Map<string, () => void>()
  let stop: { left: number; moment: 'before' | 'after'; reached: (path: string) => void } | undefined
  const on = (waiting: Map<string, () => void>, message: IncomingMessage) =>
    [...waiting].find(([path]) => message.url?.includes(path))?.[1]

  const server = createServer((incoming, outgoing) => {
    const stopped = stop?.left === 0 ? stop : undefined
    if (stop) stop.left--
    const reached = () => {
      outgoing.destroy()
      stopped?.reached(incoming.url ?? '')
    }
    if (stopped?.moment === 'before') return reached()
    const { port } = new URL(target)
    const onward = request({
      host: 'localhost',
      port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    })
    onward.setHeader('host', `localhost:${port}`)
    onward.on('error', () => outgoing.destroy())
    onward.on('finish', () => on(asked, incoming)?.())
    onward.on('response', (response) => {
      const lose = stopped ? reached : on(lost, incoming)
      if (lose) {
        response.resume().on('end', () => {
          outgoing.destroy()
          lose()
        })
        return
      }
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  // The server's answers promise a longer life of the connection than this program's own default.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const promiseOf = (waiting: Map<string, () => void>, path: string) =>
    new Promise<void>((resolve) => waiting.set(path, resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    untilAsked: (path) => promiseOf(asked, path),
    loseAnswer: (path) => promiseOf(lost, path),
    stopAt: (left, moment) =>
      new Promise((reached) => {
        stop = { left, moment, reached }
      }),
    stopNothing() {
      stop = undefined
    },
    moveTo(next) {
      target = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
