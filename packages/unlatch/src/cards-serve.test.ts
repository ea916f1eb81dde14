import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCardFile } from '@unlatch/virtual-cards'
import { expect, onTestFinished, test } from 'vitest'

const UNLATCH = fileURLToPath(new URL('../bin/unlatch.mjs', import.meta.url))
const GET_ATR = Uint8Array.of(0, 1, 4)

function unlatch(...args: string[]) {
  const child = spawn(process.execPath, [UNLATCH, 'cards', 'serve', ...args], { stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return { child, ended: once(child, 'close').then(([code]) => ({ code, output })) }
}

test('shows a card to vpcd until it is told to end, and keeps it in its file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const file = join(folder, 'card.json')
  const { child, ended } = unlatch('--vpcd', `127.0.0.1:${port}`, '--card', `gids:${file}`)
  const [slot] = (await once(server, 'connection')) as [Socket]
  slot.on('error', () => {})
  slot.write(GET_ATR)
  const [answer] = (await once(slot, 'data')) as [Uint8Array]
  expect([...answer.subarray(0, 3)]).toEqual([0, 16, 0x3b])
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('1 virtual card for vpcd') })
  expect(existsSync(file)).toBe(true)
})

test('a file that holds another kind of card is wrong usage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'card.json')
  openCardFile(file, 'gids')
  const result = await unlatch('--card', `yubikey:${file}`).ended
  expect(result).toMatchObject({ code: 2, output: expect.stringContaining('holds a gids card') })
})

test.each([
  ['a kind that is none', ['--vpcd', '127.0.0.1:35963', '--card', 'mifare'], 'kinds of card are gids'],
  ['an address that is none', ['--vpcd', 'here', '--card', 'gids'], 'here is not HOST:PORT'],
])('%s is wrong usage', async (_, args, message) => {
  expect(await unlatch(...args).ended).toMatchObject({ code: 2, output: expect.stringContaining(message) })
})
