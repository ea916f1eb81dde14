import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The agent's own Ed25519 key, made on this computer and never leaving it. */
export interface AgentIdentity {
  /** 32 bytes, upper-case hexadecimal: what an administrator enrols. */
  readonly publicKeyHex: string
  sign(text: string): Buffer
}

/** Opens the agent's key, or makes one (mode 0600). */
export function openIdentity(path: string): AgentIdentity {
  const key = existsSync(path) ? createPrivateKey(readFileSync(path)) : makeKey(path)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return {
    publicKeyHex: Buffer.from(x as string, 'base64url')
      .toString('hex')
      .toUpperCase(),
    sign: (text) => sign(null, Buffer.from(text), key),
  }
}

function makeKey(path: string): KeyObject {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' })
  return privateKey
}
