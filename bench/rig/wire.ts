import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * A client that costs next to nothing: requests are made beforehand, and of an answer only its status, length and body are
 * looked at. So what is measured on shared cores is the server. One connection, one request at a time.
 */
export class Wire {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #settle: ((answer: Buffer) => void) | undefined
  #fail: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (part) => this.#take(part))
    socket.on('close', () => this.#fail?.(new Error('the server closed the connection')))
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Wire(socket)
  }

  /** Sends a request and resolves with the body; rejects on any other status than 200 or 201. */
  ask(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw new Error('the server closed the connection')
      this.#settle = resolve
      this.#fail = reject
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#fail = undefined
    this.#socket.destroy()
  }

  #take(part: Buffer): void {
    this.#received = this.#received.length === 0 ? part : Buffer.concat([this.#received, part])
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#received.toString('latin1', 0, headEnd)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
    const end = headEnd + 4 + length
    if (this.#received.length < end) return
    const body = this.#received.subarray(headEnd + 4, end)
    this.#received = this.#received.subarray(end)
    if (head.startsWith('HTTP/1.1 20')) this.#settle?.(body)
    else this.#fail?.(new Error(`${head.split('\r\n')[0]}: ${body}`))
  }
}

/** The octets of a request. */
export function writeRequest(method: 'GET' | 'POST', path: string, cookie: string, body?: object): Buffer {
  const text = body ? JSON.stringify(body) : ''
  const head = [`${method} ${path} HTTP/1.1`, 'host: localhost', `cookie: ${cookie}`]
  if (body) head.push('content-type: application/json', `content-length: ${Buffer.byteLength(text)}`)
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`)
}
