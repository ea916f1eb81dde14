import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { needs } from '../../../../../test/peers/needs.ts'
import { OpensslAuthority } from '../../../../../test/peers/openssl-authority.ts'
import { openCardAuthority } from './card-authority.ts'
import { readList } from './revocation-lists.ts'

const HOUR_MS = 3_600_000
const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS)
const makeKey = (bits?: number) =>
  bits === undefined
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' })
    : generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' })

needs('openssl')('an authority for operators’ cards', () => {
  let root: OpensslAuthority
  let other: OpensslAuthority
  beforeEach(() => {
    root = OpensslAuthority.make()
    other = OpensslAuthority.make()
  })
  afterEach(() => {
    root.close()
    other.close()
  })

  async function open(certificates: string, ...revocationLists: string[]) {
    const authority = openCardAuthority({ certificates, revocationLists })
    await authority.renew(new Date())
    return authority
  }

  it('takes cards of either kind that it issued and did not revoke, on hold included', async () => {
    const [ec, rsa, lost] = [root.issue(makeKey()), root.issue(makeKey(2048)), root.issue(makeKey())]
    root.revoke(lost, 'certificateHold')
    const authority = await open(root.certificate, root.list())
    expect(authority.judge(ec, new Date())).toEqual({ isGood: true })
    expect(authority.judge(rsa, new Date())).toEqual({ isGood: true })
    expect(authority.judge(lost, new Date())).toMatchObject({ fault: 'revoked' })
    expect(authority.findings(new Date())).toEqual([])
  })

  it('takes a list in PEM, and over HTTP; the latest list counts, whoever plays an older one back', async () => {
    const card = root.issue(makeKey())
    const before = readFileSync(root.list({ from: later(-2) }))
    root.revoke(card)
    const after = readFileSync(`${root.list({ from: later(-1) })}.pem`)
    let answer = (response: ServerResponse) => void response.end(before)
    const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/root.crl`
      const authority = await open(root.certificate, address)
      expect(authority.judge(card, new Date())).toEqual({ isGood: true })
      answer = (response) => void response.end(after)
      await authority.renew(new Date())
      expect(authority.judge(card, new Date())).toMatchObject({ fault: 'revoked' })
      answer = (response) => void response.end(before)
      await authority.renew(new Date())
      expect(authority.judge(card, new Date())).toMatchObject({ fault: 'revoked' })
      answer = (response) => void response.writeHead(500).end()
      await authority.renew(new Date())
      expect(authority.findings(new Date())).toEqual([`${address}: HTTP 500`])
      answer = (response) => void response.end(Buffer.alloc(17 * 1024 * 1024))
      await authority.renew(new Date())
      expect(authority.findings(new Date())).toEqual([`${address}: it is too large`])
      answer = () => {}
      await authority.renew(new Date(), AbortSignal.timeout(50))
      expect(authority.findings(new Date())).toEqual([expect.stringContaining('aborted')])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  describe('of certificates', () => {
    it.each([
      ['for servers', 'extendedKeyUsage=serverAuth'],
      ['that may not sign', 'keyUsage=critical,keyEncipherment'],
      ['that are authorities’', 'basicConstraints=critical,CA:TRUE'],
      ['with something critical that nobody here reads', '1.2.3.4=critical,DER:0500'],
    ])('takes none %s', async (_, extensions) => {
      const authority = await open(root.certificate, root.list())
      expect(authority.judge(root.issue(makeKey(), { extensions }), new Date())).toMatchObject({ fault: 'untrusted' })
    })

    it.each([
      ['without any purpose', ''],
      ['for smart card logon', 'extendedKeyUsage=1.3.6.1.4.1.311.20.2.2'],
      [
        'for clients, as PIV has them',
        'extendedKeyUsage=clientAuth,1.3.6.1.4.1.311.20.2.2\ncertificatePolicies=critical,1.2.3',
      ],
    ])('takes those %s', async (_, extensions) => {
      const authority = await open(root.certificate, root.list())
      expect(authority.judge(root.issue(makeKey(), { extensions }), new Date())).toEqual({ isGood: true })
    })

    it('takes none with a weak hash, of another authority of the same name, or out of time', async () => {
      const authority = await open(root.certificate, root.list({ hours: 24 * 800 }))
      const untrusted = { fault: 'untrusted' }
      expect(authority.judge(root.issue(makeKey(), { hash: 'sha1' }), new Date())).toMatchObject(untrusted)
      expect(authority.judge(other.issue(makeKey()), new Date())).toMatchObject(untrusted)
      const card = root.issue(makeKey(), { days: 1 })
      expect(authority.judge(card, later(23))).toEqual({ isGood: true })
      expect(authority.judge(card, later(25))).toMatchObject(untrusted)
      expect(authority.judge(root.issue(makeKey(), { days: 700 }), later(24 * 400))).toMatchObject(untrusted)
      expect(authority.judge(Buffer.from('no certificate'), new Date())).toMatchObject(untrusted)
    })
  })

  describe('with another below it', () => {
    it('vouches by both lists, and by that one alone that is in the file', async () => {
      const below = root.below('Issuing')
      const card = below.issue(makeKey())
      const bundle = root.bundle(below)
      expect((await open(root.certificate, root.list())).judge(card, new Date())).toMatchObject({ fault: 'untrusted' })
      const half = await open(bundle, below.list())
      expect(half.judge(card, new Date())).toMatchObject({ fault: 'revocation-unknown' })
      expect(half.findings(new Date())).toEqual(['there is no revocation list of CN=Root'])
      expect((await open(bundle, below.list(), root.list())).judge(card, new Date())).toEqual({ isGood: true })
      root.revoke(below.certificate)
      const revoked = await open(bundle, below.list(), root.list())
      expect(revoked.judge(card, new Date())).toMatchObject({ fault: 'revoked', why: 'CN=Issuing was revoked' })
    })

    it('keeps to how many may be below an authority', async () => {
      const narrow = OpensslAuthority.make('Narrow', 'basicConstraints=critical,CA:TRUE,pathlen:0')
      const below = narrow.below('Below')
      const authority = await open(narrow.bundle(below), narrow.list(), below.list())
      expect(authority.judge(narrow.issue(makeKey()), new Date())).toEqual({ isGood: true })
      expect(authority.judge(below.issue(makeKey()), new Date())).toMatchObject({ fault: 'untrusted' })
      narrow.close()
    })
  })

  describe('does not know what was revoked', () => {
    const unknown = { fault: 'revocation-unknown' }

    it('without a list, or by an old one; what an old one revoked stays revoked', async () => {
      const [card, lost] = [root.issue(makeKey()), root.issue(makeKey())]
      root.revoke(lost)
      const none = openCardAuthority({ certificates: root.certificate, revocationLists: [root.list()] })
      expect(none.judge(card, new Date())).toMatchObject(unknown)
      const old = await open(root.certificate, root.list({ from: later(-48), until: later(-1) }))
      expect(old.judge(card, new Date())).toMatchObject(unknown)
      expect(old.judge(lost, new Date())).toMatchObject({ fault: 'revoked' })
      expect(old.findings(new Date())).toEqual([expect.stringContaining('was good until')])
      const early = await open(root.certificate, root.list({ from: later(1), until: later(3) }))
      expect(early.judge(card, new Date())).toMatchObject(unknown)
    })

    it.each([
      ['signed by somebody else', 'none of the authorities signed it', () => other.list()],
      ['with something critical that nobody here reads', '(2A0304)', () => root.list({ with: 'unknown' })],
      ['of a part of the certificates', '(551D1C)', () => root.list({ with: 'partial' })],
      ['that is not there', 'ENOENT', () => '/nowhere/root.crl'],
      ['that is none', '', () => root.certificate],
    ])('by a list %s', async (_, why, source) => {
      const authority = await open(root.certificate, source())
      expect(authority.judge(root.issue(makeKey()), new Date())).toMatchObject(unknown)
      expect(authority.findings(new Date())).toEqual([expect.any(String), expect.stringContaining(why)])
    })

    it('by a list with an entry that says something critical which nobody here reads', () => {
      root.revoke(root.issue(makeKey()))
      const octets = readFileSync(root.list()).toString('hex')
      // The reason of the revocation makes room for an extension 1.2.3.4 that is critical, or for one that is not.
      const reason = '300a0603551d1504030a0101'
      expect(octets).toContain(reason)
      const patch = (critical: string) =>
        Buffer.from(octets.replace(reason, `300a06032a03040101${critical}0400`), 'hex')
      expect(readList(patch('00')).revoked.size).toBe(1)
      expect(() => readList(patch('ff'))).toThrow('an entry has a critical extension')
    })

    it('by a list that was changed', async () => {
      const path = root.list()
      const octets = readFileSync(path)
      octets[octets.length - 1] = (octets[octets.length - 1] as number) ^ 1
      writeFileSync(path, octets)
      const authority = await open(root.certificate, path)
      expect(authority.judge(root.issue(makeKey()), new Date())).toMatchObject(unknown)
    })
  })

  it('is refused by name where its file is no good', () => {
    const below = root.below('Issuing')
    const card = root.issue(makeKey())
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(card).toString('base64')}\n-----END CERTIFICATE-----\n`
    const file = root.list()
    const opening = (content: string) => {
      writeFileSync(file, content)
      return () => openCardAuthority({ certificates: file, revocationLists: ['x'] })
    }
    const text = readFileSync(root.certificate, 'utf8')
    expect(() => openCardAuthority({ certificates: '/nowhere', revocationLists: ['x'] })).toThrow(
      '/nowhere cannot be read',
    )
    expect(opening('')).toThrow('holds no certificate')
    expect(opening(text.replace('MII', 'AAA'))).toThrow('certificate 1 cannot be read')
    expect(opening(readFileSync(below.certificate, 'utf8'))).toThrow('CN=Issuing leads to no root in this file')
    expect(opening(pem)).toThrow('CN=Operator is no authority’s')
  })
})
