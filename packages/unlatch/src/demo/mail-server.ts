import 'reflect-metadata'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import type { SmtpSettings } from '@unlatch/contract'
import { SMTPServer } from 'smtp-server'

/** A mail that arrived. */
export interface ArrivedMail {
  readonly to: readonly string[]
  /** Head and body as they were sent. */
  readonly text: string
}

/** A mail server on this computer, for the demo: TLS, and a sign-in. It keeps what arrives in memory. */
export interface MailServer {
  readonly port: number
  /** Authority of its certificate, as PEM. */
  readonly authority: string
  readonly user: { readonly name: string; readonly password: string }
  readonly mails: readonly ArrivedMail[]
  close(): Promise<void>
}

const DAY_MS = 86_400_000

/**
 * Starts one.
 *
 * @param options.refuses - addresses for which it answers that there is no such mailbox.
 * @param options.onMail - is told of each mail that arrives.
 */
export async function startMailServer(
  options: { password?: string; refuses?: readonly string[]; onMail?: (mail: ArrivedMail) => void } = {},
): Promise<MailServer> {
  const { key, certificate } = await makeCertificate()
  const user = { name: 'unlatch', password: options.password ?? 'demo-mail-password' }
  const mails: ArrivedMail[] = []
  const server = new SMTPServer({
    secure: true,
    key,
    cert: certificate,
    logger: false,
    disableReverseLookup: true,
    onAuth({ username, password }, _, done) {
      if (username === user.name && password === user.password) done(null, { user: username })
      else done(new Error('wrong user name or password'))
    },
    onRcptTo({ address }, _, done) {
      const isRefused = options.refuses?.includes(address) ?? false
      done(isRefused ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null)
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        const mail = { to, text: Buffer.concat(parts).toString() }
        mails.push(mail)
        options.onMail?.(mail)
        done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    authority: certificate,
    user,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** How Unlatch reaches it. */
export const smtpOf = ({ port, authority, user }: MailServer): SmtpSettings => ({
  host: 'localhost',
  port,
  security: 'implicit',
  authority,
  userName: user.name,
  from: 'cards@example.org',
})

/** A certificate for this computer, signed by itself, for one day. */
export async function makeCertificate(): Promise<{ key: string; certificate: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    certificate: certificate.toString('pem'),
  }
}
