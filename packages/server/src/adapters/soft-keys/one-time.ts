import { createHash, randomBytes } from 'node:crypto'
import { ascii, isEqual } from '@unlatch/card'
import { writeWrapContext } from '@unlatch/card/unblock'
import { HOTP, Secret } from 'otpauth'
import type { KeyService, OneTimeSecretName } from '../../ports/key-service.ts'

/**
 * One-time passwords as every authenticator app makes them: SHA-1, six digits. Their secrets stand sealed in the database, and are
 * open here alone.
 *
 * @see [RFC 4226, 5.3]; [RFC 6238, 4.2]
 */

/** As long as what SHA-1 makes. [RFC 4226, 4, R6] */
const SECRET_LENGTH = 20
const DIGITS = 6
/** Counters that are tried at once: more of them would guess for whoever types. */
const MOST_COUNTERS = 11
const LABEL = 'unlatch/one-time-password/v1'
/** A secret is sealed once; a new one gets another name. */
const GENERATION = { epoch: 0, counter: 1 }

/** How secrets are sealed, each in its context. */
interface Wrapping {
  seal(context: Uint8Array, octets: Uint8Array): string
  open(context: Uint8Array, sealed: string): Buffer
}

export function openOneTime({ seal, open }: Wrapping): Pick<KeyService, 'drawOneTimeSecret' | 'checkOneTimePassword'> {
  return {
    async drawOneTimeSecret(of) {
      const secret = randomBytes(SECRET_LENGTH)
      return { secret, sealed: seal(contextOf(of), secret) }
    },

    async checkOneTimePassword({ sealed, ...of }, code, { from, to }) {
      if (to - from >= MOST_COUNTERS) throw new RangeError(`more than ${MOST_COUNTERS} counters at once`)
      const secret = open(contextOf(of), sealed)
      try {
        for (let counter = Math.max(0, from); counter <= to; counter++) {
          if (isEqual(ascii(codeAt(secret, counter)), Buffer.from(code))) return counter
        }
        return undefined
      } finally {
        secret.fill(0)
      }
    },
  }
}

/** The code of a secret at a counter. */
export function codeAt(secret: Uint8Array, counter: number): string {
  const buffer = new Uint8Array(secret).buffer
  try {
    return HOTP.generate({ secret: new Secret({ buffer }), algorithm: 'SHA1', digits: DIGITS, counter })
  } finally {
    new Uint8Array(buffer).fill(0)
  }
}

const contextOf = ({ personId, id }: OneTimeSecretName) =>
  writeWrapContext(
    createHash('sha256')
      .update(JSON.stringify([personId, id]))
      .digest()
      .subarray(0, 16),
    LABEL,
    GENERATION,
  )
