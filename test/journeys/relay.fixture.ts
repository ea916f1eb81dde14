import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A relay in front of a server, that can lose the answer to a path: what a bad network does, at a chosen moment. */
export interface Relay {
  readonly url: string
  /** Resolves once a request for the path has gone out to the server. */
  untilAsked(path: string): Promise<void>
  /** From now on answers for the path are lost; resolves once the server has given one. */
  loseAnswer(path: string): Promise<void>
  /**
   * From now on requests are counted, from 0, those alone whose path ends so where that is said; at `turn` this one is kept from
   * the server (`before`), or its answer is lost (`after`). Resolves then, with its path.
   */
  stopAt(turn: number, moment: 'before' | 'after', path?: string): Promise<string>
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
  let stop: { left: number; moment: 'before' | 'after'; path: string; reached: (path: string) => void } | undefined
  const on = (waiting: Map<string, () => void>, message: IncomingMessage) =>
    [...waiting].find(([path]) => message.url?.includes(path))?.[1]

  const server = createServer((incoming, outgoing) => {
    const counted = stop && incoming.url?.endsWith(stop.path) ? stop : undefined
    const stopped = counted?.left === 0 ? counted : undefined
    if (counted) counted.left--
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
  // An agent's channel: everything goes through, as long as both ends are there.
  const channels = new Set<Socket>()
  server.on('upgrade', (incoming, near: Socket, head) => {
    const { port } = new URL(target)
    const far = connect(Number(port), 'localhost')
    const headers = { ...incoming.headers, host: `localhost:${port}` }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    far.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('')}\r\n`)
    far.write(head)
    near.pipe(far).pipe(near)
    channels.add(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy())
    near.on('close', () => channels.delete(near))
  })
  // The server's answers promise a longer life of the connection than this program's own default.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  const promiseOf = (waiting: Map<string, () => void>, path: string) =>
    new Promise<void>((resolve) => waiting.set(path, resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    untilAsked: (path) => promiseOf(asked, path),
    loseAnswer: (path) => promiseOf(lost, path),
    stopAt: (left, moment, path = '') =>
      new Promise((reached) => {
        stop = { left, moment, path, reached }
      }),
    stopNothing() {
      stop = undefined
    },
    moveTo(next) {
      target = next
    },
    close() {
      for (const channel of channels) channel.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}
