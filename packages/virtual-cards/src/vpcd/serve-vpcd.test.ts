import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { readHex, writeHex } from '@unlatch/card'
import { expect, onTestFinished, test } from 'vitest'
import { createVirtualCard } from '../create-virtual-card.ts'
import { FrameReader } from './frame-reader.ts'
import { serveVpcd } from './serve-vpcd.ts'

/** One slot of a pretended vpcd: sends messages and reads the answers. */
async function listen(port = 0): Promise<{ server: Server; port: number; accept: () => Promise<VpcdEnd> }> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const waiting: VpcdEnd[] = []
  server.on('connection', (socket) => waiting.push(vpcdEnd(socket)))
  onTestFinished(() => void server.close())
  const accept = async () => {
    while (waiting.length === 0) await once(server, 'connection')
    return waiting.shift() as VpcdEnd
  }
  return { server, port: (server.address() as AddressInfo).port, accept }
}

interface VpcdEnd {
  readonly socket: Socket
  ask(bodyHex: string): Promise<string>
  tell(bodyHex: string): void
  readonly closed: Promise<unknown>
}

function vpcdEnd(socket: Socket): VpcdEnd {
  const frames = new FrameReader()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  const tell = (bodyHex: string) => {
    const body = readHex(bodyHex)
    socket.write(Uint8Array.of(0, body.length))
    socket.write(body)
  }
  return {
    socket,
    tell,
    closed,
    async ask(bodyHex) {
      tell(bodyHex)
      for (;;) {
        const [octets] = (await once(socket, 'data')) as [Uint8Array]
        const [body] = frames.read(octets)
        if (body) return writeHex(body)
      }
    },
  }
}

const SELECT = '00A4040009A0000003080000100000'

test('vpcd asks for the ATR, powers, resets, and sends commands', async () => {
  const vpcd = await listen()
  const card = createVirtualCard('piv-strict')
  const bridge = serveVpcd({ port: vpcd.port, cards: [card] })
  onTestFinished(() => bridge.close())
  const slot = await vpcd.accept()
  expect(await slot.ask('04')).toBe(writeHex(card.atr))
  slot.tell('01')
  expect(await slot.ask('00200080')).toBe('6986')
  expect(await slot.ask(SELECT)).toMatch(/9000$/)
  expect(await slot.ask('0020008008313233343536FFFF')).toBe('9000')
  slot.tell('02')
  expect(await slot.ask('00200080')).toBe('6986')
  slot.tell('00')
  bridge.close()
  await slot.closed
})

test('a removed card closes the slot’s connection, an inserted one opens it', async () => {
  const vpcd = await listen()
  const bridge = serveVpcd({ port: vpcd.port, cards: [undefined] })
  onTestFinished(() => bridge.close())
  bridge.insert(0, createVirtualCard('gids'))
  const first = await vpcd.accept()
  bridge.remove(0)
  await first.closed
  const other = createVirtualCard('yubikey')
  bridge.insert(0, other)
  expect(await (await vpcd.accept()).ask('04')).toBe(writeHex(other.atr))
  expect(() => bridge.insert(3, other)).toThrow(RangeError)
})

test('a torn command gets no answer, and the card is out', async () => {
  const vpcd = await listen()
  const bridge = serveVpcd({ port: vpcd.port, cards: [createVirtualCard('piv-strict')] })
  onTestFinished(() => bridge.close())
  const slot = await vpcd.accept()
  await slot.ask(SELECT)
  bridge.readers[0]?.cutPower({ afterCommands: 0, moment: 'after' })
  slot.tell('0020008008393939393939FFFF')
  await slot.closed
  expect(bridge.readers[0]?.card).toBeUndefined()
})

test('vpcd may go away and come back', async () => {
  const vpcd = await listen()
  const bridge = serveVpcd({ port: vpcd.port, cards: [createVirtualCard('gids')] })
  onTestFinished(() => bridge.close())
  const slot = await vpcd.accept()
  vpcd.server.close()
  slot.socket.destroy()
  await slot.closed
  const again = await listen(vpcd.port)
  expect(await (await again.accept()).ask('04')).toMatch(/^3B/)
})

test('messages are cut from the stream wherever it breaks', () => {
  const stream = readHex('0001040003AABBCC0000000101')
  for (let at = 0; at <= stream.length; at++) {
    const frames = new FrameReader()
    const bodies = [...frames.read(stream.subarray(0, at)), ...frames.read(stream.subarray(at))]
    expect(bodies.map(writeHex)).toEqual(['04', 'AABBCC', '', '01'])
  }
})
