import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AGENT_HEADERS, agentSignatureText, type ClientConfiguration, FIPS_201_3, problemType } from '@unlatch/contract'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openIdentity } from '../identity/identity.ts'
import { fetchConfiguration, findConfiguration, serverClient } from './server-client.ts'

const REPORT = {
  cardUuid: '00112233445566774899AABBCCDDEEFF',
  challenge: '04106105VS',
  outcome: 'unblocked',
  receipt: '0291',
  at: '2026-11-23T09:00:00.000Z',
} as const

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

interface Asked {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server on this computer that answers as it is told, and keeps what it was asked. */
async function openServer(answer: (response: ServerResponse) => void) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    answer(response)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function clientOf(answer: (response: ServerResponse) => void, timeoutMs?: number) {
  const { url, asked } = await openServer(answer)
  const identity = openIdentity(join(folder, 'agent-key.pem'))
  return { client: serverClient(url, identity, timeoutMs), identity, asked }
}

describe('a request', () => {
  test('is signed: method, path, time, nonce and body, by the agent’s key', async () => {
    const { client, identity, asked } = await clientOf(json({ result: 'recorded' }))
    await client.report(REPORT)
    const [{ method, url: path, headers, body } = {} as Asked] = asked
    expect({ method, path, body: JSON.parse(body) }).toEqual({ method: 'POST', path: '/api/reports', body: REPORT })
    expect(headers[AGENT_HEADERS.agent]).toBe(identity.publicKeyHex)
    const text = agentSignatureText({
      method: 'POST',
      path: '/api/reports',
      time: String(headers[AGENT_HEADERS.time]),
      nonce: String(headers[AGENT_HEADERS.nonce]),
      bodySha256Hex: createHash('sha256').update(body).digest('hex'),
    })
    const x = Buffer.from(identity.publicKeyHex, 'hex').toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signature = Buffer.from(String(headers[AGENT_HEADERS.signature]), 'base64')
    expect(verify(null, Buffer.from(text), key, signature)).toBe(true)
  })

  test('has a nonce of its own each time', async () => {
    const { client, asked } = await clientOf(json({ result: 'recorded' }))
    await client.report(REPORT)
    await client.report(REPORT)
    expect(new Set(asked.map(({ headers }) => headers[AGENT_HEADERS.nonce])).size).toBe(2)
  })

  test('a card id does not leave its place in the path', async () => {
    const { client, asked } = await clientOf(json({}))
    await client.personaliseCard({ cardId: '../../x?y', round: 0, answers: [] }).catch(() => {})
    expect(asked[0]?.url).toBe('/api/cards/..%2F..%2Fx%3Fy/personalisation')
  })
})

describe('an answer', () => {
  test('a problem comes out with its code and its facts', async () => {
    const document = { type: problemType('card-unknown'), title: 't', status: 404, instance: 'r', detail: 'd', more: 7 }
    const { client } = await clientOf(json(document, 404))
    await expect(client.report(REPORT)).rejects.toMatchObject({
      name: 'Problem',
      code: 'card-unknown',
      message: 'd',
      facts: { more: 7 },
    })
  })

  test.each<[string, (response: ServerResponse) => void]>([
    ['a page of a captive portal', (response) => void response.end('<html>Sign in to the hotel</html>')],
    ['an error of a proxy', (response) => void response.writeHead(502).end('Bad Gateway')],
    ['a fault without a code', json({ type: 'about:blank', title: 'Internal error', status: 500 }, 500)],
    ['a problem that nobody knows', json({ type: '/problems/of-next-year', title: 't', status: 409 }, 409)],
    ['null', json(null, 500)],
    ['a redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a connection that breaks', (response) => void response.destroy()],
    [
      'half an answer',
      (response) => void response.writeHead(200, { 'content-length': '99' }).write('{"a"', () => response.destroy()),
    ],
  ])('%s: the server cannot be reached', async (_, answer) => {
    const { client, asked } = await clientOf(answer)
    await expect(client.report(REPORT)).rejects.toMatchObject({ name: 'Problem', code: 'server-unreachable' })
    expect(asked).toHaveLength(1)
  })

  test('one that never comes: given up', async () => {
    const { client } = await clientOf(() => {}, 50)
    await expect(client.report(REPORT)).rejects.toMatchObject({ code: 'server-unreachable' })
  })

  test('one that begins and never ends: given up', async () => {
    const { client } = await clientOf((response) => void response.writeHead(200).write('{'), 50)
    await expect(client.report(REPORT)).rejects.toMatchObject({ code: 'server-unreachable' })
  })

  test('one that is no round of a personalisation', async () => {
    const { client } = await clientOf(json({ cardId: 'c', round: 'first' }))
    const round = { cardId: 'c', round: 0, answers: [] }
    await expect(client.personaliseCard(round)).rejects.toMatchObject({ code: 'server-unreachable' })
  })

  test('nobody listens', async () => {
    const client = serverClient('http://127.0.0.1:1', openIdentity(join(folder, 'agent-key.pem')))
    await expect(client.report(REPORT)).rejects.toMatchObject({ code: 'server-unreachable' })
  })
})

describe('the client configuration', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const pinned = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url').toString('hex')
  const configuration: ClientConfiguration = {
    version: 3,
    unblockKeys: ['04AA'],
    pinPolicy: { ...FIPS_201_3, blockList: ['112233'] },
    helpDeskPhone: '+46 8 555 0100',
    organisation: 'Example Organisation',
  }
  const signed = (content: object = configuration, key = privateKey) => {
    const document = JSON.stringify(content)
    return { document, signature: sign(null, Buffer.from(document), key).toString('hex').toUpperCase() }
  }
  const path = () => join(folder, 'kept', 'configuration.json')
  const fetched = async (body: unknown) => fetchConfiguration((await openServer(json(body))).url, pinned, path())

  test('is taken when the pinned key signed it, and kept for a day without a network', async () => {
    expect(await fetched(signed())).toEqual(configuration)
    expect(findConfiguration(pinned, path())).toEqual(configuration)
  })

  test('signed by another key: refused, and what was kept stays', async () => {
    await fetched(signed())
    const other = generateKeyPairSync('ed25519').privateKey
    const forged = signed({ ...configuration, helpDeskPhone: '+1 900 fraud' }, other)
    await expect(fetched(forged)).rejects.toMatchObject({ code: 'configuration-missing' })
    expect(findConfiguration(pinned, path())).toEqual(configuration)
  })

  test.each([
    [
      'another document under the signature',
      (kept: { document: string }) => ({ ...kept, document: kept.document.replace('8', '9') }),
    ],
    ['no signature', (kept: object) => ({ ...kept, signature: '' })],
    ['nothing', () => ({})],
  ])('a kept file with %s counts for nothing', async (_, change) => {
    await fetched(signed())
    writeFileSync(path(), JSON.stringify(change(JSON.parse(readFileSync(path(), 'utf8')))))
    expect(findConfiguration(pinned, path())).toBeUndefined()
  })

  test.each(['', '{', 'null'])('a kept file that holds "%s" counts for nothing', async (content) => {
    await fetched(signed())
    writeFileSync(path(), content)
    expect(findConfiguration(pinned, path())).toBeUndefined()
  })

  test('none before the first contact', () => {
    expect(findConfiguration(pinned, path())).toBeUndefined()
  })

  test('of another shape, though signed: this agent does not guess', async () => {
    await expect(fetched(signed({ version: 4 }))).rejects.toMatchObject({ code: 'configuration-missing' })
  })

  test('an answer that is none', async () => {
    await expect(fetched({ document: 7 })).rejects.toMatchObject({ code: 'server-unreachable' })
  })
})
