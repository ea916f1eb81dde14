import { createCipheriv, createDecipheriv, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hashRaw } from '@node-rs/argon2'
import { KeyServiceError } from '../../ports/key-service.ts'

/**
 * The keys on disk: one file, sealed with AES-256-GCM under a passphrase (argon2id) or under a key file that only this user
 * may read. Written once, by rename, so that a crash leaves the old file or the new one.
 */

/** How the file is opened. */
export type KeyProtection = { readonly passphrase: string } | { readonly keyFile: string }

/** What the file holds, opened. */
export interface KeyStore {
  /** 32 bytes; used for derivation alone. */
  readonly master: Buffer
  /** P-256 private keys (PKCS #8), newest first. */
  readonly unblockKeys: readonly Buffer[]
  /** Ed25519 private key (PKCS #8). */
  readonly configurationKey: Buffer
}

interface StoredFile {
  readonly format: 'unlatch-keys/1'
  readonly kdf:
    | { name: 'argon2id'; salt: string; memoryKib: number; passes: number; lanes: number }
    | { name: 'key-file' }
  readonly iv: string
  readonly sealed: string
}

/** argon2id: 64 MiB, three passes. [RFC 9106, 4] */
const KDF = { memoryKib: 65_536, passes: 3, lanes: 1 } as const
/** The library's number for argon2id (its own name is a const enum, which type stripping cannot read). */
const ARGON2ID = 2
const IV_LENGTH = 12
const TAG_LENGTH = 16

/**
 * Opens the key store, or creates it with fresh keys where there is none.
 *
 * @throws KeyServiceError `locked` when the passphrase or key file is wrong, or the key file may be read by others.
 */
export async function openKeyStore(path: string, protection: KeyProtection): Promise<KeyStore> {
  if (!existsSync(path)) return createKeyStore(path, protection)
  const file = readStoredFile(path)
  if ('passphrase' in protection !== (file.kdf.name === 'argon2id')) {
    throw new KeyServiceError(
      'locked',
      `the key store is opened by a ${file.kdf.name === 'argon2id' ? 'passphrase' : 'key file'}`,
    )
  }
  const key = await wrappingKey(protection, file.kdf)
  const sealed = Buffer.from(file.sealed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.iv, 'base64'))
    decipher.setAAD(Buffer.from(file.format))
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH))
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_LENGTH)), decipher.final()])
    return readKeys(plain)
  } catch (cause) {
    throw new KeyServiceError('locked', 'the key store does not open: wrong passphrase or key file', { cause })
  } finally {
    key.fill(0)
  }
}

function readStoredFile(path: string): StoredFile {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as StoredFile
    if (file.format !== 'unlatch-keys/1') throw new Error(`format ${file.format}`)
    return file
  } catch (cause) {
    throw new KeyServiceError('locked', `the key store ${path} is damaged`, { cause })
  }
}

async function createKeyStore(path: string, protection: KeyProtection): Promise<KeyStore> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const der = { format: 'der', type: 'pkcs8' } as const
  const store: KeyStore = {
    master: randomBytes(32),
    unblockKeys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(der)],
    configurationKey: generateKeyPairSync('ed25519').privateKey.export(der),
  }
  const kdf: StoredFile['kdf'] =
    'passphrase' in protection
      ? { name: 'argon2id', salt: randomBytes(16).toString('base64'), ...KDF }
      : { name: 'key-file' }
  if ('keyFile' in protection && !existsSync(protection.keyFile)) {
    writeFileSync(protection.keyFile, randomBytes(32), { mode: 0o600, flag: 'wx' })
  }
  const key = await wrappingKey(protection, kdf)
  const iv = randomBytes(IV_LENGTH)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from('unlatch-keys/1'))
  const plain = Buffer.from(
    JSON.stringify({
      master: store.master.toString('base64'),
      unblockKeys: store.unblockKeys.map((octets) => octets.toString('base64')),
      configurationKey: store.configurationKey.toString('base64'),
    }),
  )
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  plain.fill(0)
  key.fill(0)
  const file: StoredFile = {
    format: 'unlatch-keys/1',
    kdf,
    iv: iv.toString('base64'),
    sealed: sealed.toString('base64'),
  }
  const temporary = join(dirname(path), `.${Date.now()}.new`)
  writeFileSync(temporary, `${JSON.stringify(file, null, 1)}\n`, { mode: 0o600, flush: true })
  renameSync(temporary, path)
  chmodSync(path, 0o600)
  return store
}

function readKeys(plain: Buffer): KeyStore {
  const kept = JSON.parse(plain.toString('utf8')) as { master: string; unblockKeys: string[]; configurationKey: string }
  plain.fill(0)
  const unblockKeys = kept.unblockKeys.map((text) => Buffer.from(text, 'base64'))
  for (const key of unblockKeys) createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  return {
    master: Buffer.from(kept.master, 'base64'),
    unblockKeys,
    configurationKey: Buffer.from(kept.configurationKey, 'base64'),
  }
}

async function wrappingKey(protection: KeyProtection, kdf: StoredFile['kdf']): Promise<Buffer> {
  if ('keyFile' in protection) return readKeyFile(protection.keyFile)
  if (kdf.name !== 'argon2id') throw new KeyServiceError('locked', 'the key store is opened by a key file')
  return hashRaw(protection.passphrase, {
    algorithm: ARGON2ID,
    salt: Buffer.from(kdf.salt, 'base64'),
    memoryCost: kdf.memoryKib,
    timeCost: kdf.passes,
    parallelism: kdf.lanes,
    outputLen: 32,
  })
}

function readKeyFile(path: string): Buffer {
  let octets: Buffer
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new KeyServiceError('locked', `the key file ${path} may be read by others: chmod 600`)
    }
    octets = readFileSync(path)
  } catch (cause) {
    if (cause instanceof KeyServiceError) throw cause
    throw new KeyServiceError('locked', `the key file ${path} cannot be read`, { cause })
  }
  if (octets.length !== 32) throw new KeyServiceError('locked', `the key file ${path} is not 32 bytes`)
  return octets
}
