import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { groupCode } from '@unlatch/contract'
import { type RunningServer, startServer } from '@unlatch/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { trustOnly } from '../../packages/agent/src/adapters/server/trust.ts'
import { needs } from '../peers/needs.ts'
import { type Administrator, addAdministrator } from './administrator.fixture.ts'
import { makeCertificate, runUnlatch } from './served.fixture.ts'

/** A computer is enrolled at its terminal, with the code that an administrator made. */

let folder: string
let server: RunningServer
let administrator: Administrator

const at = (name: string) => join(folder, name)
const start = (options: object = {}) =>
  startServer({ folder: at('server'), webFolder: folder, isDemo: true, logLevel: 'silent', ...options })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-enrol-'))
})
afterEach(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const enrol = (place: string, ...words: string[]) =>
  runUnlatch('agent', 'enrol', '--server', server.url, '--folder', at(place), ...words)
const spoken = (code: string) => groupCode(code, 'set-up-code').join('-').toLowerCase()

describe('unlatch agent enrol', () => {
  beforeEach(async () => {
    server = await start()
    administrator = await addAdministrator(server)
  })

  test('with a code as it is read out: the key is made and stays, the server’s key is pinned', async () => {
    const { agentId, code } = await administrator.addAgent('Desk 1', true)
    const ran = await enrol('desk', '--code', spoken(code))
    expect(ran).toEqual({
      code: 0,
      output: 'unlatch: enrolled as station Desk 1\nunlatch: next: unlatch agent\n',
    })
    expect(statSync(at('desk/agent-key.pem')).mode & 0o077).toBe(0)
    expect(JSON.parse(readFileSync(at('desk/agent.json'), 'utf8'))).toEqual({
      serverUrl: server.url,
      pinnedKeyHex: server.configurationKeyHex,
    })
    expect(await administrator.agent(agentId)).toMatchObject({ state: 'enrolled', version: '0.1.0', isOnline: false })
  })

  test('a wrong code, a used one, none: nothing is kept', async () => {
    expect(await enrol('desk', '--code', '0000 0000 0000 0000')).toEqual({
      code: 3,
      output: 'unlatch: the enrolment code is not valid\n',
    })
    expect([existsSync(at('desk/agent.json')), existsSync(at('desk/agent-key.pem'))]).toEqual([false, false])
    const { code } = await administrator.addAgent('Desk 1', false)
    expect((await enrol('desk', '--code', code)).output).toContain("holder's agent Desk 1")
    expect((await enrol('other', '--code', code)).code).toBe(3)
    expect(await enrol('other')).toMatchObject({ code: 2 })
    expect(await runUnlatch('agent', 'enrol', '--code', code)).toMatchObject({
      code: 2,
      output: expect.stringContaining('say --server'),
    })
  })

  test('a computer that is enrolled, or was revoked, is enrolled again with a new key', async () => {
    const first = await administrator.addAgent('Desk 1', true)
    await enrol('desk', '--code', first.code)
    const key = readFileSync(at('desk/agent-key.pem'), 'utf8')
    await administrator.revoke(first.agentId)
    const { code } = await administrator.addAgent('Desk 1', true)
    const refused = await enrol('desk', '--code', code)
    expect(refused.code).toBe(5)
    expect(refused.output).toContain('this key belongs to an agent already')
    expect(refused.output).toContain('--new-key')
    expect(readFileSync(at('desk/agent-key.pem'), 'utf8')).toBe(key)
    expect((await enrol('desk', '--code', code, '--new-key')).code).toBe(0)
    expect(readFileSync(at('desk/agent-key.pem'), 'utf8')).not.toBe(key)
  })

  test('a server that has not the key that was said does not see the code', async () => {
    const { agentId, code } = await administrator.addAgent('Desk 1', true)
    const wrong = await enrol('desk', '--code', code, '--configuration-key', 'AB'.repeat(32))
    expect(wrong.output).toContain('is not signed by this organisation')
    expect(await administrator.agent(agentId)).toMatchObject({ state: 'waiting' })
    const right = await enrol('desk', '--code', code, '--configuration-key', server.configurationKeyHex)
    expect(right.code).toBe(0)
  })

  test('a server on another computer is reached by https only', async () => {
    const ran = await runUnlatch('agent', 'enrol', '--server', 'http://unlatch.example', '--code', 'x')
    expect(ran).toMatchObject({ code: 2, output: expect.stringContaining('reached by https') })
  })
})

needs('openssl')('over TLS', () => {
  test('the authority is said once, and no other is trusted from then on', async () => {
    const { certificate, key } = makeCertificate(folder, 'server')
    const other = makeCertificate(folder, 'other')
    server = await start({ tls: { certificate, key }, origin: 'https://localhost:8443', host: '127.0.0.1' })
    const before = getCACertificates('default')
    onTestFinished(() => setDefaultCACertificates(before))
    trustOnly(certificate)
    administrator = await addAdministrator(server)
    const { agentId, code } = await administrator.addAgent('Desk 1', false)
    for (const ca of [[], ['--ca', other.certificate]])
      expect(await enrol('desk', '--code', code, ...ca)).toMatchObject({ code: 7 })
    expect(await administrator.agent(agentId)).toMatchObject({ state: 'waiting' })
    expect(await enrol('desk', '--code', code, '--ca', certificate)).toMatchObject({ code: 0 })
    expect(readFileSync(at('desk/ca.pem'), 'utf8')).toBe(readFileSync(certificate, 'utf8'))
  })
})
