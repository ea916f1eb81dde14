import { isIP } from 'node:net'
import nodemailer from 'nodemailer'
import { type Carrier, DeliveryError, type OpenConnection, type TextMessage } from '../../ports/delivery.ts'

/** Limits for one message, in milliseconds. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 }

/** Mail by SMTP, over TLS or not at all. [RFC 5321]; [RFC 8314, 3] */
export const smtpCarrier: Carrier = {
  send: sendMail,
  sendText: sendMail,
}

async function sendMail({ details, secret }: OpenConnection, message: TextMessage): Promise<void> {
  if (details.kind !== 'smtp') throw new Error(`a mail cannot be ${details.kind}`)
  const { smtp } = details
  const transport = nodemailer.createTransport({
    ...TIMEOUTS,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'implicit',
    requireTLS: smtp.security === 'starttls',
    tls: {
      minVersion: 'TLSv1.2',
      // An address is compared with the certificate all the same; it is no name to ask for. [RFC 6066, 3]
      ...(isIP(smtp.host) === 0 && { servername: smtp.host }),
      ...(smtp.authority !== '' && { ca: smtp.authority }),
    },
    ...(smtp.userName !== '' && { auth: { user: smtp.userName, pass: secret ?? '' } }),
    // Nothing in a message is an address of a file or of another server.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from: smtp.from,
      to: { name: message.to.name, address: message.to.email },
      subject: message.subject,
      text: message.text,
      messageId: `<${message.id}@${smtp.from.split('@')[1]}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (cause) {
    throw asDeliveryError(cause)
  } finally {
    transport.close()
  }
}

/** What nodemailer says, as one of ours. 5xx answers are for good, 4xx for now. [RFC 5321, 4.2.1] */
function asDeliveryError(cause: unknown): DeliveryError {
  const {
    code = '',
    responseCode = 0,
    message = '',
  } = cause as {
    code?: string
    responseCode?: number
    message?: string
  }
  const isFinal = responseCode >= 500
  if (code === 'EAUTH' || code === 'ENOAUTH') return new DeliveryError('delivery-sign-in', message, { cause })
  if (code === 'ETLS' || isOfTls(cause)) return new DeliveryError('delivery-insecure', message, { cause })
  if (code === 'EENVELOPE' || code === 'EMESSAGE' || responseCode >= 400) {
    return new DeliveryError('delivery-refused', message, { isFinal, cause })
  }
  return new DeliveryError('delivery-unreachable', message, { cause })
}

/** Faults of a certificate or handshake carry OpenSSL's or Node's own codes. */
function isOfTls(error: unknown): boolean {
  const { code = '', message = '', cause } = error as { code?: string; message?: string; cause?: unknown }
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)) return true
  if (/certificate|SSL|TLS|wrong version number/i.test(message)) return true
  return cause !== undefined && cause !== null && isOfTls(cause)
}
