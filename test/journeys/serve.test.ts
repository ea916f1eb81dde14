import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { openCardFile } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { needs } from '../peers/needs.ts'
import { makeCertificate, runUnlatch, startServing } from './served.fixture.ts'

/** A server of an organisation's own, on an empty machine. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-serve-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const place = () => join(folder, 'server')

async function serving(args: readonly string[], options: Parameters<typeof startServing>[1] = {}) {
  const served = await startServing(['--folder', place(), '--port', '0', ...args], options)
  onTestFinished(() => void served.child.kill('SIGKILL'))
  return served
}

function writeConfiguration(text: string): string {
  const path = join(folder, 'unlatch.yaml')
  writeFileSync(path, text)
  return path
}

describe('unlatch serve', () => {
  it('starts with nothing, keeps its folder to itself, says when it is ready, and ends cleanly', async () => {
    const served = await serving([])
    const live = await fetch(`${served.url}/health/live`)
    expect([live.status, await live.json()]).toEqual([200, { status: 'live' }])
    const ready = await fetch(`${served.url}/health/ready`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
    for (const path of ['', 'keys', 'unlatch.db', 'keys/keys.json', 'keys/unlock.key', 'keys/journal.jsonl'])
      expect([path, statSync(join(place(), path)).mode & 0o077]).toEqual([path, 0])
    expect(await served.stop()).toBe(0)
    const again = await serving([])
    expect(again.configurationKey).toBe(served.configurationKey)
    expect(await again.stop('SIGINT')).toBe(0)
  })

  it('one folder has one server', async () => {
    await serving([])
    expect(await runUnlatch('serve', '--folder', place())).toMatchObject({
      code: 5,
      output: expect.stringContaining('another server uses this folder'),
    })
  })

  it.each([
    ['a field that is none', 'organization: Acme\n', 'there is no field organization'],
    ['a field inside a field', 'tls: { certificate: a, key: b, cipher: c }\n', 'there is no field tls.cipher'],
    ['a value of another kind', 'sessionHours: long\n', 'sessionHours: '],
    ['YAML that is none', 'a: [\n', 'unlatch.yaml: '],
    ['a passphrase in the file', 'passphrase: hunter2\n', 'passphrase has no place in the file'],
    [
      'an authority without a file',
      'operatorCardAuthority: { certificates: ca.pem, revocationLists: [a.crl] }\n',
      'ca.pem cannot be read',
    ],
    [
      'a list from a directory',
      'operatorCardAuthority: { certificates: a, revocationLists: ["ldap://a/b"] }\n',
      'operatorCardAuthority.revocationLists.0',
    ],
    ['another address without a certificate', 'host: 0.0.0.0\n', 'needs tls'],
  ])('refuses %s, by name', async (_, text, why) => {
    const path = writeConfiguration(text)
    const ran = await runUnlatch('serve', '--folder', place(), '--config', path)
    expect(ran).toMatchObject({ code: 2, output: expect.stringContaining(why) })
  })

  it('is unlocked by a person, by a credential of systemd, and by no other passphrase', async () => {
    const served = await serving(['--passphrase-fd', '3'], { input: 'correct horse battery\n' })
    expect(await served.stop()).toBe(0)
    const credentials = mkdtempSync(join(folder, 'credentials-'))
    writeFileSync(join(credentials, 'unlatch-passphrase'), 'correct horse battery\n', { mode: 0o400 })
    const unattended = await serving([], { env: { CREDENTIALS_DIRECTORY: credentials } })
    expect(await unattended.stop()).toBe(0)
    expect(unattended.configurationKey).toBe(served.configurationKey)
    const locked = startServing(['--folder', place(), '--passphrase-fd', '3'], { input: 'another horse\n' })
    await expect(locked).rejects.toThrow(/ended with 7: unlatch: the key store is locked/)
    expect(await runUnlatch('serve', '--folder', place())).toMatchObject({
      code: 7,
      output: expect.stringContaining('opened by a passphrase'),
    })
  })
})

needs('openssl')('unlatch serve over TLS', () => {
  /** What a client that trusts one certificate gets. */
  const ask = (url: string, ca: string) =>
    new Promise<{ status: number; protocol: string | null; headers: Record<string, unknown>; fingerprint: string }>(
      (resolve, reject) => {
        const asked = request(
          `${url}/health/ready`,
          { ca: readFileSync(ca), agent: false, timeout: 10_000 },
          (answer) => {
            const socket = answer.socket as TLSSocket
            answer.resume()
            resolve({
              status: answer.statusCode ?? 0,
              protocol: socket.getProtocol(),
              headers: answer.headers,
              fingerprint: socket.getPeerX509Certificate()?.fingerprint256 ?? '',
            })
          },
        )
        asked.on('error', reject).end()
      },
    )

  const withTls = ({ certificate, key }: { certificate: string; key: string }) =>
    writeConfiguration(`origin: https://localhost\ntls:\n  certificate: ${certificate}\n  key: ${key}\n`)

  it('serves by the certificate, and takes up a renewed one without a pause; a bad one is refused and the old stays', async () => {
    const files = makeCertificate(folder, 'localhost')
    const served = await serving(['--config', withTls(files)])
    expect(served.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const first = await ask(served.url, files.certificate)
    expect(first).toMatchObject({ status: 200, protocol: 'TLSv1.3' })
    expect(first.headers['strict-transport-security']).toBeDefined()
    makeCertificate(folder, 'localhost')
    served.child.kill('SIGHUP')
    await served.saying('the certificate was read again')
    const second = await ask(served.url, files.certificate)
    expect(second.status).toBe(200)
    expect(second.fingerprint).not.toBe(first.fingerprint)
    writeFileSync(files.certificate, 'nothing')
    served.child.kill('SIGHUP')
    await served.saying('the old certificate stays')
    expect(await served.stop()).toBe(0)
  })

  it('a key of another certificate, and one that others may read, are refused by name', async () => {
    const [one, other] = [makeCertificate(folder, 'one'), makeCertificate(folder, 'other')]
    const mixed = withTls({ certificate: one.certificate, key: other.key })
    expect(await runUnlatch('serve', '--folder', place(), '--config', mixed)).toMatchObject({
      code: 2,
      output: expect.stringContaining('other.key is not the key of'),
    })
    chmodSync(one.key, 0o644)
    expect(await runUnlatch('serve', '--folder', place(), '--config', withTls(one))).toMatchObject({
      code: 2,
      output: expect.stringContaining('may be read by others'),
    })
  })

  it('an agent trusts the pinned authority alone, and reaches no server elsewhere without TLS', async () => {
    const [ours, others] = [makeCertificate(folder, 'ours'), makeCertificate(folder, 'others')]
    const served = await serving(['--config', withTls(ours)])
    const card = join(folder, 'card.json')
    openCardFile(card, 'yubikey')
    const register = (name: string, server: string, ca: string) =>
      runUnlatch(
        ...['register', '--folder', join(folder, name), '--virtual-card', card, '--server', server, '--ca', ca],
        ...['--configuration-key', served.configurationKey, '--user', 'anna', '--serial', '1'],
      )
    // Reached, and refused: nobody enrolled this agent.
    expect(await register('trusting', served.url, ours.certificate)).toMatchObject({ code: 3 })
    expect(await register('wary', served.url, others.certificate)).toMatchObject({
      code: 7,
      output: expect.stringContaining('cannot be reached'),
    })
    expect(await register('plain', 'http://192.0.2.1:8080', ours.certificate)).toMatchObject({
      code: 2,
      output: expect.stringContaining('reached by https'),
    })
  })
})
