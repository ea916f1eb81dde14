import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { needs } from '../../../../../test/peers/needs.ts'
import { messageOf } from '../message.fixture.ts'
import { webhookCarrier } from './webhook.ts'

/** A call to a real HTTPS service: signed, to where it was meant and nowhere else. */

needs('openssl')('a webhook', () => {
  let folder: string
  let service: Server
  let authority: string
  let port: number
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  const calls: { headers: IncomingMessage['headers']; body: string }[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-webhook-'))
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' })
    authority = readFileSync(certificate, 'utf8')
    service = createServer({ key: readFileSync(key), cert: authority }, (request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part) => {
        body += part
      })
      request.on('end', () => {
        calls.push({ headers: request.headers, body })
        answer(request, response)
      })
    })
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    port = (service.address() as AddressInfo).port
  })
  afterAll(() => {
    service?.closeAllConnections()
    service?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const send = (changes: object = {}) => {
    calls.length = 0
    const webhook = { url: `https://localhost:${port}/sms?queue=1`, authority, isInternal: true, ...changes }
    return webhookCarrier.send({ details: { kind: 'webhook', webhook }, secret: 'shared' }, messageOf())
  }
  const status = (code: number, headers: Record<string, string> = {}) => {
    answer = (_, response) => response.writeHead(code, headers).end('what it says')
  }

  it('is signed over id, time and body, and carries the id of the delivery', async () => {
    status(202)
    await send()
    const [{ headers, body } = { headers: {} as IncomingMessage['headers'], body: '' }] = calls
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers
    const expected = createHmac('sha256', 'shared').update(`${id}.${at}.${body}`).digest('base64')
    expect([id, signature]).toEqual([messageOf().id, `v1,${expected}`])
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60)
    expect(JSON.parse(body)).toMatchObject({ type: 'puc.deliver', puc: '47110815', to: { phone: '+46 8 1' } })
  })

  it('is tried again after 500 and 429, and not after 400', async () => {
    for (const [code, isFinal] of [
      [500, false],
      [503, false],
      [429, false],
      [400, true],
      [404, true],
    ] as const) {
      status(code)
      await expect(send(), `${code}`).rejects.toMatchObject({
        code: 'delivery-refused',
        isFinal,
        message: `HTTP ${code} what it says`,
      })
    }
  })

  it('follows no redirection', async () => {
    status(307, { location: `https://localhost:${port}/elsewhere` })
    await expect(send()).rejects.toMatchObject({ code: 'delivery-refused', isFinal: true })
    expect(calls).toHaveLength(1)
  })

  it('goes to no internal address unless the connection says so, by name or by number', async () => {
    status(200)
    for (const url of [
      `https://localhost:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://[::1]:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      `https://2130706433:${port}/`,
      'https://169.254.169.254/latest',
      'https://10.0.0.1/',
    ]) {
      await expect(send({ url, isInternal: false }), url).rejects.toMatchObject({ code: 'delivery-refused' })
    }
    expect(calls).toEqual([])
  })

  it('goes to nobody who does not prove who he is', async () => {
    status(200)
    await expect(send({ authority: '' })).rejects.toMatchObject({ code: 'delivery-insecure' })
    await expect(send({ url: 'https://localhost:1/' })).rejects.toMatchObject({ code: 'delivery-unreachable' })
    expect(calls).toEqual([])
  })

  it('does not wait for ever', async () => {
    answer = () => {}
    await expect(send()).rejects.toMatchObject({ code: 'delivery-unreachable', isFinal: false })
  })
})
