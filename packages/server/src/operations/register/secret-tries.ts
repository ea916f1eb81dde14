import type { CardFault } from '@unlatch/card/iso7816'
import type { Generation } from '@unlatch/card/unblock'
import type { FactoryAdminKey } from '@unlatch/contract'
import { UNKNOWN_TRIES_LIMIT } from '../../records/puk-records/puk-record.ts'

/**
 * What is known about one secret of a card while it is personalised: what it may be, what the card refused, and what trying
 * has cost so far. A try is counted before its command leaves, so that a torn one counts as lost; a secret that a counting
 * card refused is never sent to it again; the last try is never spent on a guess.
 */
export interface SecretTries {
  /** What the card may have had when this issuance began, likeliest first; once it took ours: ours. */
  readonly came: readonly SecretRef[]
  /** What is still to be tried, the current one first. */
  readonly candidates: readonly SecretRef[]
  readonly refused: readonly SecretRef[]
  /** Tries that the card gives this secret; 0: it counts none; null: unknown. */
  readonly limit: number | null
  /** Tries that may be lost since the secret was right the last time. */
  readonly lost: number
  /**
   * Of the command that sets ours: `unsent` as far as this state knows, `out` without an answer yet, `torn` by an earlier run;
   * `refused`: ours is not on the card.
   */
  readonly ours: 'unsent' | 'out' | 'torn' | 'refused'
}

/** Which secret: a generation of ours, one that cards leave their factory with, or what another system gave it. */
export type SecretRef = Generation | 'factory' | FactoryAdminKey | 'imported'

export const startTries = (came: readonly SecretRef[], limit: number | null, lost = 0): SecretTries => {
  return { came, candidates: came, refused: [], limit, lost, ours: 'unsent' }
}

/**
 * Begins again.
 *
 * @param meant - the generation that an earlier run meant for the card, and may have set.
 */
export function restartTries(tries: SecretTries, meant: Generation | undefined): SecretTries {
  const mayHaveOurs = meant && tries.ours !== 'refused' && !has(tries.came, meant)
  const all = mayHaveOurs ? [...tries.came, meant] : tries.came
  const candidates = tries.limit === 0 ? all : all.filter((ref) => !has(tries.refused, ref))
  return { ...tries, candidates, ours: tries.ours === 'out' ? 'torn' : tries.ours }
}

/** A station gave what the card has now: that is tried, and no factory value any more. */
export const withImported = (tries: SecretTries): SecretTries => ({
  ...tries,
  came: ['imported'],
  refused: tries.refused.filter((ref) => ref !== 'imported'),
})

/** The card was reset by its maker's tool, or is another one: what was tried before says nothing about it. */
export const asFresh = ({ limit }: SecretTries, came: readonly SecretRef[]): SecretTries => startTries(came, limit)

/** True where the current candidate may be sent. */
export function mayTry(tries: SecretTries): boolean {
  const [current, ...others] = tries.candidates
  if (current === undefined) return false
  const isOnRecord = typeof current !== 'string' && others.length === 0 && tries.refused.length === 0
  return triesLeft(tries) >= (isOnRecord ? 1 : 2)
}

const triesLeft = ({ limit, lost }: SecretTries): number =>
  limit === 0 ? Number.POSITIVE_INFINITY : (limit ?? UNKNOWN_TRIES_LIMIT) - lost

/** Its command leaves: from here on the try may be lost. */
export const asSent = (tries: SecretTries): SecretTries => ({ ...tries, lost: tries.lost + 1 })

/** The same for a command that sets ours where the current candidate is right. */
export const asSentToSet = (tries: SecretTries): SecretTries => {
  return { ...asSent(tries), ours: tries.ours === 'torn' ? 'torn' : 'out' }
}

/** The card proved that the current candidate is what it has. */
export const asAccepted = (tries: SecretTries): SecretTries => {
  const candidates = tries.candidates.slice(0, 1)
  return { ...tries, came: candidates, candidates, refused: [], lost: 0, ours: 'unsent' }
}

/** The card took a secret of ours. */
export const asSet = (tries: SecretTries, to: Generation): SecretTries => asAccepted({ ...tries, candidates: [to] })

/** The card refused the current candidate; where it told its tries, they are as it said. */
export function asRefused(tries: SecretTries, fault: CardFault): SecretTries {
  const [current, ...candidates] = tries.candidates
  const refused = current === undefined ? tries.refused : [...tries.refused, current]
  const limit = tries.limit ?? UNKNOWN_TRIES_LIMIT
  const told = fault.code === 'reference-incorrect' ? fault.retriesLeft : undefined
  const left = fault.code === 'reference-blocked' ? 0 : told
  const ours = tries.ours === 'out' ? 'refused' : tries.ours
  return { ...tries, candidates, refused, ours, lost: left === undefined ? tries.lost : limit - left }
}

/** True for an answer that says: this is not what I have. */
export const isRefusal = ({ code }: CardFault): boolean =>
  ['security-status', 'reference-incorrect', 'reference-blocked', 'reference-refused'].includes(code)

const has = (list: readonly SecretRef[], ref: SecretRef) => list.some((other) => isSameRef(other, ref))

const isSameRef = (a: SecretRef, b: SecretRef) =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a.epoch === b.epoch && a.counter === b.counter

/** What was meant for the card last: a re-issue goes beyond it, a restored database is behind it. */
export const newerOf = (a: Generation, b: Generation | undefined): Generation =>
  b && (b.epoch > a.epoch || (b.epoch === a.epoch && b.counter > a.counter)) ? b : a
