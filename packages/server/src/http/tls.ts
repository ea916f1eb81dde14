import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { SecureVersion } from 'node:tls'
import { Problem } from '@unlatch/contract'
import type { Config } from '../config.ts'

/** Certificate chain and private key, in PEM. */
export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
}

export const TLS_OPTIONS = { minVersion: 'TLSv1.2' as SecureVersion }

/**
 * Reads the certificate and its key, and refuses what no client would accept: better at the start than at the first call.
 *
 * @throws Problem `wrong-usage` that says which file and why.
 */
export function readTls({ certificate, key }: NonNullable<Config['tls']>, now = new Date()): TlsFiles {
  const files = { cert: readPem(certificate), key: readPem(key) }
  if (process.platform !== 'win32' && (statSync(key).mode & 0o077) !== 0) {
    throw refuse(key, 'may be read by others: chmod 600')
  }
  const own = attempt(certificate, 'is no certificate', () => new X509Certificate(files.cert))
  const privateKey = attempt(key, 'is no private key', () => createPrivateKey(files.key))
  if (!own.checkPrivateKey(privateKey)) throw refuse(key, `is not the key of ${certificate}`)
  if (now < new Date(own.validFrom)) throw refuse(certificate, `is not valid before ${own.validFrom}`)
  if (now > new Date(own.validTo)) throw refuse(certificate, `expired on ${own.validTo}`)
  return files
}

const readPem = (path: string): Buffer => attempt(path, 'cannot be read', () => readFileSync(path))

function attempt<T>(path: string, why: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw refuse(path, why, cause)
  }
}

const refuse = (path: string, why: string, cause?: unknown) =>
  new Problem('wrong-usage', { detail: `tls: ${path} ${why}`, cause })
