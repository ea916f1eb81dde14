import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningServer, startServer } from '@unlatch/server'
import { createVirtualCard } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPcsc } from '../../packages/agent/src/adapters/pcsc/open-pcsc.ts'
import { needs } from '../peers/needs.ts'
import { type Pcscd, startPcscd } from '../peers/pcscd.ts'
import { addAdministrator } from './administrator.fixture.ts'
import { makeCertificate, runUnlatch } from './served.fixture.ts'

/** `unlatch agent doctor`, at a real server and real readers. */

const UNLATCH = fileURLToPath(new URL('../../packages/unlatch/bin/unlatch.mjs', import.meta.url))

let folder: string
let server: RunningServer
let place: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-doctor-'))
  server = await startServer({ folder: join(folder, 'server'), webFolder: folder, isDemo: true, logLevel: 'silent' })
  const { code } = await (await addAdministrator(server)).addAgent('Desk 1', true)
  place = ['--folder', join(folder, 'desk')]
  expect((await runUnlatch('agent', 'enrol', '--server', server.url, '--code', code, ...place)).code).toBe(0)
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The report by its checks. */
async function examine(env: Record<string, string>, ...words: string[]) {
  const args = [UNLATCH, 'agent', 'doctor', '--json', ...words]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  const { findings, worst } = JSON.parse(said) as { worst: string; findings: { check: string; finding: string }[] }
  return { code, worst, found: Object.fromEntries(findings.map(({ check, finding }) => [check, finding])) }
}

needs('pcscd', 'opensc')('with readers', () => {
  let pcscd: Pcscd
  beforeAll(async () => {
    pcscd = await startPcscd()
    process.env.PCSCLITE_CSOCK_NAME = pcscd.env.PCSCLITE_CSOCK_NAME
  })
  afterAll(() => pcscd?.stop())

  test('no card, a card, one that another program holds, no service', async () => {
    expect((await examine(pcscd.env, ...place)).found).toMatchObject({
      pcsc: 'pcsc-runs',
      readers: 'readers-there',
      cards: 'card-none',
      server: 'server-trusted',
      enrolment: 'enrolled-station',
      clock: 'clock-right',
    })
    await pcscd.insert(0, createVirtualCard('yubikey').save())
    expect((await examine(pcscd.env, ...place)).found).toMatchObject({ cards: 'card-free' })
    const other = await openPcsc()
    const held = await other.connect(pcscd.readerName(0))
    expect((await examine(pcscd.env, ...place)).found).toMatchObject({ cards: 'card-in-use' })
    await held.disconnect()
    await other.close()
    await pcscd.stopDaemon()
    expect(await examine(pcscd.env, ...place)).toMatchObject({
      code: 5,
      worst: 'failed',
      found: { pcsc: 'pcsc-absent' },
    })
  })
})

describe('the server', () => {
  const none = { PCSCLITE_CSOCK_NAME: '/nowhere' }

  test('that nobody named, that is not there, that does not know this computer', async () => {
    expect((await examine(none, '--folder', join(folder, 'new'))).found).toMatchObject({ server: 'server-unsaid' })
    const away = await examine(none, ...place, '--server', 'http://localhost:9')
    expect(away.found).toMatchObject({ server: 'server-unreachable' })
    const stranger = await examine(none, '--folder', join(folder, 'new'), '--server', server.url)
    expect(stranger.found).toMatchObject({ server: 'server-trusted', enrolment: 'enrolled-not' })
  })
})

needs('openssl')('the certificate', () => {
  test('of nobody’s authority is named; with the authority it is trusted', async () => {
    const { certificate, key } = makeCertificate(folder, 'server')
    const options = { tls: { certificate, key }, origin: 'https://localhost', logLevel: 'silent' } as const
    const other = await startServer({ folder: join(folder, 'other'), webFolder: folder, isDemo: true, ...options })
    const words = ['--folder', join(folder, 'new'), '--server', other.url]
    expect((await examine({}, ...words)).found).toMatchObject({ server: 'server-untrusted' })
    expect((await examine({}, ...words, '--ca', certificate)).found).toMatchObject({ server: 'server-trusted' })
    await other.close()
  })
})
