import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Control, ResultCodeError } from 'ldapts'
import { DirectoryError, type OpenDirectory } from '../../ports/directory.ts'

/** One question to a directory: TLS always, the first server that answers, and nobody waits longer than the limits below. */

const CONNECT_MS = 5000
/** So long a server may take for an answer. */
export const ANSWER_MS = 10_000
const WHOLE_MS = 25_000
const CLOSE_MS = 1000

/**
 * Asks the first server that answers. One that refuses is not asked again elsewhere: the others would say the same.
 *
 * @param control - goes with the bind, and holds what was answered to it.
 */
export async function ask<T>(
  open: OpenDirectory,
  question: (client: Client) => Promise<T>,
  control?: Control,
): Promise<T> {
  // A server takes a name without a password for somebody who wants to be nobody, and lets him in. [RFC 4513, 5.1.2]
  if (!open.secret) throw new DirectoryError('directory-sign-in', 'no password is stored')
  let last = new DirectoryError('directory-unreachable', 'no server is named')
  for (const url of open.settings.urls) {
    try {
      return await askServer(url, open, question, control)
    } catch (cause) {
      last = cause instanceof DirectoryError ? cause : asDirectoryError(cause)
      if (last.code !== 'directory-unreachable') throw last
    }
  }
  throw last
}

async function askServer<T>(
  url: string,
  { settings, secret }: OpenDirectory,
  question: (client: Client) => Promise<T>,
  control: Control | undefined,
): Promise<T> {
  const { hostname, protocol } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const tlsOptions = {
    minVersion: 'TLSv1.2' as const,
    // An upgraded socket does not know by itself whom it was opened to: what the certificate must name stands here.
    host,
    // An address is compared with the certificate all the same; it is no name to ask for. [RFC 6066, 3]
    ...(isIP(host) === 0 && { servername: host }),
    ...(settings.authority !== '' && { ca: settings.authority }),
  }
  const isLdaps = protocol === 'ldaps:'
  const limits = { timeout: ANSWER_MS, connectTimeout: CONNECT_MS }
  const client = new Client({ url, ...limits, strictDN: false, ...(isLdaps && { tlsOptions }) })
  const closing = new AbortController()
  const answer = async () => {
    if (!isLdaps) await client.startTLS(tlsOptions)
    await client.bind(settings.bindDn, secret ?? '', control)
    return question(client)
  }
  const late = async () => {
    await sleep(WHOLE_MS, undefined, { signal: closing.signal })
    throw new DirectoryError('directory-unreachable', `no answer in ${WHOLE_MS / 1000} s`)
  }
  const asked = answer()
  try {
    return await Promise.race([asked, late()])
  } finally {
    closing.abort()
    asked.catch(() => {})
    await Promise.race([client.unbind().catch(() => {}), sleep(CLOSE_MS, undefined, { ref: false })])
  }
}

const INVALID_CREDENTIALS = 49
const NO_SUCH_OBJECT = 32
const INVALID_DN = 34
/** Time, size and administrative limit. [RFC 4511, 4.1.9] */
const LIMITS = [3, 4, 11]
/** Stronger authentication or confidentiality required. */
const WANTS_TLS = [8, 13]

function asDirectoryError(cause: unknown): DirectoryError {
  const { code = '', message = '' } = cause as { code?: string | number; message?: string }
  const said = (name: DirectoryError['code']) => new DirectoryError(name, message.slice(0, 500), { cause })
  if (cause instanceof ResultCodeError) {
    const { code: result } = cause
    if (result === INVALID_CREDENTIALS) return said('directory-sign-in')
    if (result === NO_SUCH_OBJECT || result === INVALID_DN) return said('directory-base')
    if (LIMITS.includes(result)) return said('directory-limit')
    return said(WANTS_TLS.includes(result) ? 'directory-insecure' : 'directory-refused')
  }
  if (isOfTls(cause)) return said('directory-insecure')
  const isOfNet = typeof code === 'string' && /^(E[A-Z]+|UND_)/.test(code)
  const isOfTime = /time|closed|connect|socket/i.test(message)
  return said(isOfNet || isOfTime ? 'directory-unreachable' : 'directory-refused')
}

/** Faults of a certificate or handshake carry OpenSSL's or Node's own codes. */
function isOfTls(error: unknown): boolean {
  const { code = '', message = '', cause } = error as { code?: string | number; message?: string; cause?: unknown }
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(String(code))) return true
  if (/certificate|wrong version number|altnames|TLS/i.test(message)) return true
  return cause !== undefined && cause !== null && isOfTls(cause)
}
