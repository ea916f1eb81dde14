import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stageCard } from '../tasks/blocked-cards.fixture.ts'
import { expectOwnUser, findPeerUid } from './peer.ts'
import { openPages, toolsOf } from './screen.fixture.ts'

const NOBODY = 65_534
const foreign = expect.objectContaining({ code: 'foreign-page' })

async function listen() {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** Our end of a connection that a program makes. */
async function accept(server: ReturnType<typeof createServer>, dial: () => void): Promise<Socket> {
  const accepted = once(server, 'connection')
  dial()
  const [socket] = (await accepted) as [Socket]
  onTestFinished(() => void socket.destroy())
  return socket
}

describe.skipIf(process.platform !== 'linux')('the other end of a connection', () => {
  const own = process.getuid?.()

  test.each(['127.0.0.1', '::ffff:127.0.0.1'])('of our own, to %s', async (host) => {
    const { server, port } = await listen()
    const socket = await accept(server, () => {
      const mine = connect({ host, port })
      onTestFinished(() => void mine.destroy())
    })
    expect(findPeerUid(socket.remotePort ?? 0, port)).toBe(own)
    expect(() => expectOwnUser(socket.remotePort, socket.localPort)).not.toThrow()
  })

  test('that nobody knows is refused', async () => {
    const { port } = await listen()
    expect(findPeerUid(1, port)).toBeUndefined()
    expect(() => expectOwnUser(1, port)).toThrow(foreign)
    expect(() => expectOwnUser(undefined, port)).toThrow(foreign)
  })

  describe.skipIf(own !== 0)('of another user', () => {
    const asNobody = (script: string) => {
      const child = spawn(process.execPath, ['-e', script], { uid: NOBODY, stdio: ['ignore', 'pipe', 'inherit'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    }

    test.each(['127.0.0.1', '::ffff:127.0.0.1'])('to %s is known and refused', async (host) => {
      const { server, port } = await listen()
      const script = `require('net').connect({ host: '${host}', port: ${port} }).resume()`
      const socket = await accept(server, () => void asNobody(script))
      expect(findPeerUid(socket.remotePort ?? 0, port)).toBe(NOBODY)
      expect(() => expectOwnUser(socket.remotePort, socket.localPort)).toThrow(foreign)
    })

    test('gets nothing of the pages', async () => {
      const { url } = await openPages(toolsOf(stageCard('yubikey')))
      const child = asNobody(`fetch('${url}/').then(async (r) => console.log(r.status, (await r.json()).type))`)
      for await (const line of createInterface({ input: child.stdout })) {
        expect(line).toBe('403 /problems/foreign-page')
        return
      }
      throw new Error('nothing was answered')
    })
  })
})
