import { randomBytes, timingSafeEqual } from 'node:crypto'
import { Problem } from '@unlatch/contract'

/** A token opens one page within this time. */
const TOKEN_MS = 60_000

/**
 * How a page comes to speak for the person who started it: a token of 128 bits, good once for a minute, exchanged for a
 * bearer value that lives in the page alone. A second use of a token ends the session that the first one opened: somebody
 * else has read it.
 */
export class Pairing {
  readonly #tokens = new Map<string, { until: number; bearer: string | undefined }>()
  readonly #bearers = new Set<string>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  makeToken(): string {
    const token = randomBytes(16).toString('base64url')
    this.#tokens.set(token, { until: this.#now().getTime() + TOKEN_MS, bearer: undefined })
    return token
  }

  /** @throws Problem `session-ended` for a token that is unknown, late or used. */
  exchange(token: string): string {
    const known = this.#tokens.get(token)
    if (!known || known.until < this.#now().getTime()) throw new Problem('session-ended')
    if (known.bearer !== undefined) {
      this.#bearers.delete(known.bearer)
      throw new Problem('session-ended', { detail: 'this link was used before: both pages are disconnected' })
    }
    known.bearer = randomBytes(24).toString('base64url')
    this.#bearers.add(known.bearer)
    return known.bearer
  }

  /** @throws Problem `session-ended`. */
  expectBearer(authorization: string | undefined): void {
    const given = Buffer.from(authorization?.replace(/^Bearer /, '') ?? '')
    for (const bearer of this.#bearers) {
      const expected = Buffer.from(bearer)
      if (expected.length === given.length && timingSafeEqual(expected, given)) return
    }
    throw new Problem('session-ended')
  }
}
