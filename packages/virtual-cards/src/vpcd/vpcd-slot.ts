import { connect, type Socket } from 'node:net'
import { concat, writeUint } from '@unlatch/card'
import type { VirtualConnection, VirtualReader } from '../virtual-reader.ts'
import { FrameReader } from './frame-reader.ts'

// Control messages of vpcd: a body of one octet.
const POWER_OFF = 0
const POWER_ON = 1
const RESET = 2
const GET_ATR = 4

/** How long to wait before asking for a slot again that is not there yet, or no longer. */
const RETRY_MS = 250

/**
 * One slot of vpcd, the virtual reader of pcscd: while a card is in our reader, a connection to the slot's port stands for
 * it; taking the card out closes the connection. A torn command closes it without an answer.
 *
 * pcscd may start later, or again: the slot is asked for until it is there.
 */
export class VpcdSlot {
  readonly #reader: VirtualReader
  readonly #address: { readonly host: string; readonly port: number }
  readonly #unsubscribe: () => void
  #socket: Socket | undefined
  #retry: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(reader: VirtualReader, address: { host: string; port: number }) {
    this.#reader = reader
    this.#address = address
    this.#unsubscribe = reader.subscribe(({ type }) => (type === 'inserted' ? this.#open() : this.#drop()))
    if (reader.card) this.#open()
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe()
    this.#drop()
  }

  #drop(): void {
    clearTimeout(this.#retry)
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): void {
    this.#drop()
    const socket = connect({ ...this.#address, noDelay: true })
    this.#socket = socket
    let connection: VirtualConnection | undefined
    const frames = new FrameReader()
    let turn = Promise.resolve()
    socket.on('connect', () => {
      connection = this.#reader.connect()
    })
    socket.on('data', (octets) => {
      for (const body of frames.read(octets)) {
        turn = turn
          .then(() => (connection ? answer(socket, connection, body) : undefined))
          .catch(() => {
            socket.destroy()
          })
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      connection?.disconnect('reset').catch(() => {})
      if (this.#socket !== socket || this.#isClosed) return
      this.#retry = setTimeout(() => this.#open(), RETRY_MS)
    })
  }
}

/** Control messages want no answer, but for the ATR; anything else is a command for the card. */
async function answer(socket: Socket, connection: VirtualConnection, body: Uint8Array): Promise<void> {
  if (body.length !== 1) return send(socket, await connection.transmit(body))
  const [control] = body
  if (control === GET_ATR) send(socket, connection.atr)
  if (control === POWER_OFF || control === POWER_ON || control === RESET) await connection.reset()
}

/** Length and body in one write: apart, each answer would wait for a delayed acknowledgement. */
function send(socket: Socket, body: Uint8Array): void {
  socket.write(concat(writeUint(body.length, 2), body))
}
