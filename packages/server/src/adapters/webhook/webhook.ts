import { createHmac } from 'node:crypto'
import { type LookupAddress, lookup } from 'node:dns'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { WebhookSettings } from '@unlatch/contract'
import ipaddr from 'ipaddr.js'
import { type Carrier, DeliveryError, type Message, type OpenConnection } from '../../ports/delivery.ts'

/** Limit for one call, in milliseconds, from the name's look-up to the answer's end. */
const TIME_LIMIT_MS = 10_000
/** Octets of an answer that are looked at. */
const ANSWER_LIMIT = 500

/**
 * Calls a service over HTTPS. Each call is signed with the connection's secret, and carries the delivery's id, by which the
 * service knows one that it has already. Redirections are not followed: they lead where nobody looked.
 *
 * @see [Standard Webhooks, Signature scheme]
 */
export const webhookCarrier: Carrier = {
  send: (connection, message) => sendCall(connection, message.id, bodyOf(message)),
  sendText: (connection, { id, to, organisation, subject, text }) =>
    sendCall(connection, id, { type: 'text.send', id, to, organisation, subject, text }),
  sendReport: (connection, report) => sendCall(connection, report.id, report),
}

async function sendCall({ details, secret }: OpenConnection, id: string, content: object): Promise<void> {
  if (details.kind !== 'webhook') throw new Error(`a webhook cannot be ${details.kind}`)
  const { webhook } = details
  const body = JSON.stringify(content)
  const seconds = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', secret ?? '')
    .update(`${id}.${seconds}.${body}`)
    .digest('base64')
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'webhook-id': id,
    'webhook-timestamp': `${seconds}`,
    'webhook-signature': `v1,${signature}`,
  }
  const { status, answer } = await call(webhook, headers, body)
  if (status >= 200 && status < 300) return
  // A gateway that is busy or broken says 408, 429 or 5xx; whatever else it says it will say again.
  const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 429
  throw new DeliveryError('delivery-refused', `HTTP ${status} ${answer}`.trim(), { isFinal })
}

const bodyOf = ({ id, isTest, to, card, puc, organisation, text }: Message) => ({
  type: isTest ? 'puc.test' : 'puc.deliver',
  id,
  to: { name: to.name, phone: to.phone, email: to.email },
  card,
  puc,
  organisation,
  text,
})

function call(
  { url, authority, isInternal }: WebhookSettings,
  headers: Readonly<Record<string, string | number>>,
  body: string,
): Promise<{ status: number; answer: string }> {
  const { hostname } = new URL(url)
  const address = hostname.replace(/^\[|\]$/g, '')
  if (!isInternal && isIP(address) !== 0 && !isPublic(address)) throw internal(address)
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      // A connection of its own: one that another call left open was looked at for that other call.
      agent: false as const,
      headers,
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      minVersion: 'TLSv1.2' as const,
      ...(authority !== '' && { ca: authority }),
      // What is connected to is what was looked at: a name that answers differently the second time gains nothing.
      ...(!isInternal && { lookup: lookupPublic }),
    }
    const calling = request(url, options, (response) => {
      const parts: Buffer[] = []
      let length = 0
      response.on('data', (part: Buffer) => {
        length += part.length
        if (length <= ANSWER_LIMIT) parts.push(part)
      })
      response.on('error', (cause) => reject(asDeliveryError(cause)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(parts).toString() }))
    })
    calling.on('error', (cause) => reject(asDeliveryError(cause)))
    calling.end(body)
  })
}

/** Addresses of the whole internet; not of this computer, this network, or another one that is nobody's. */
const isPublic = (address: string) => ipaddr.process(address).range() === 'unicast'

const internal = (address: string) =>
  new DeliveryError(
    'delivery-refused',
    `${address} is an internal address, and this connection is not marked internal`,
    {
      isFinal: true,
    },
  )

const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '', 0)
    const wrong = addresses.find(({ address }) => !isPublic(address))
    if (wrong) return done(internal(wrong.address), '', 0)
    if (options.all) return done(null, addresses)
    const [first] = addresses
    return done(null, first?.address ?? '', first?.family ?? 0)
  })
}

function asDeliveryError(cause: unknown): DeliveryError {
  if (cause instanceof DeliveryError) return cause
  const { code = '', name = '', message = '' } = cause as { code?: string; name?: string; message?: string }
  if (name === 'AbortError' || name === 'TimeoutError') {
    return new DeliveryError('delivery-unreachable', 'no answer in time', { cause })
  }
  const isOfTls = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)
  return new DeliveryError(isOfTls ? 'delivery-insecure' : 'delivery-unreachable', message, { cause })
}
