import type { Generation, UnblockOutcome } from '@unlatch/card/unblock'
import type { ProblemCode } from '@unlatch/contract'

/**
 * What is known about one card's PUK, and what each event makes of it. Pure: rows are elsewhere.
 *
 * @see [piv-unblock/v1, The PUK record]
 */
export interface PukRecord {
  /** Generations that may be live, likeliest first; empty: nothing can be released. */
  readonly candidates: readonly PukCandidate[]
  /** Candidates that the card refused, kept aside for a station. */
  readonly refused: readonly PukCandidate[]
  /** Lower bound of the tries that the card's PUK has left. */
  readonly triesAtLeast: number
  /** Tries of a fresh PUK; 3 where unknown. */
  readonly triesLimit: number
  /** Whether a good unblock restores the PUK's counter on this family. */
  readonly restoredByUnblock: 'yes' | 'no-or-unknown'
  readonly isRotatable: boolean
  readonly form: 'eight-digits' | 'other'
  /** Since when somebody outside may know the PUK, and who. */
  readonly exposedSince: string | null
  readonly exposedTo: string | null
}

/** A generation of ours, or a PUK that came with the card. */
export type PukCandidate = Generation | 'factory' | 'imported'

/** Tries to assume where a card does not tell. */
export const UNKNOWN_TRIES_LIMIT = 3

export function isSameCandidate(a: PukCandidate, b: PukCandidate): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.epoch === b.epoch && a.counter === b.counter
}

/** A card that was issued at a station. `triesLimit` is null where the card does not tell. */
export function issuedPuk(
  candidate: PukCandidate,
  card: Pick<PukRecord, 'restoredByUnblock' | 'isRotatable'> & { triesLimit: number | null; form?: PukRecord['form'] },
): PukRecord {
  const triesLimit = card.triesLimit ?? UNKNOWN_TRIES_LIMIT
  return {
    ...card,
    candidates: [candidate],
    refused: [],
    triesAtLeast: triesLimit,
    triesLimit,
    form: card.form ?? 'eight-digits',
    exposedSince: null,
    exposedTo: null,
  }
}

/** A cryptogram leaves: the PUK is exposed, used or not; with several candidates it may cost a try. */
export function afterRelease(record: PukRecord, exposed: { at: string; to: string }): PukRecord {
  return {
    ...record,
    triesAtLeast: record.triesAtLeast - (record.candidates.length > 1 ? 1 : 0),
    exposedSince: record.exposedSince ?? exposed.at,
    exposedTo: exposed.to,
  }
}

/**
 * What the receipt (or an agent's report, which counts as one) says about a release.
 *
 * @param sent - the candidate that was in the cryptogram.
 * @param triesAtRisk - tries already taken off for this release: 1 when there were several candidates.
 */
export function afterOutcome(
  record: PukRecord,
  sent: PukCandidate,
  outcome: UnblockOutcome,
  triesAtRisk: number,
): PukRecord {
  const others = record.candidates.filter((candidate) => !isSameCandidate(candidate, sent))
  switch (outcome.code) {
    case 'unblocked':
      return {
        ...record,
        candidates: [sent],
        triesAtLeast:
          record.restoredByUnblock === 'yes'
            ? record.triesLimit
            : Math.min(record.triesAtLeast + triesAtRisk, record.triesLimit),
      }
    case 'refused':
      return outcome.triesLeft === 0
        ? { ...record, candidates: [], refused: [...record.refused, ...record.candidates], triesAtLeast: 0 }
        : { ...record, candidates: others, refused: [...record.refused, sent], triesAtLeast: outcome.triesLeft }
    case 'unknown':
      return { ...record, triesAtLeast: Math.max(record.triesAtLeast - (triesAtRisk > 0 ? 0 : 1), 0) }
  }
}

/**
 * An agent tells what became of an unblock with the PUC. Nothing proves it: candidates stay, tries only fall, and a holder's
 * agent takes no card's last one away.
 *
 * @param told - `triesLeft` as the card said it; null where it did not.
 */
export function afterPucReport(
  record: PukRecord,
  told: { outcome: UnblockOutcome['code']; triesLeft: number | null },
  exposed: { at: string; to: string },
  isStation: boolean,
): PukRecord {
  const { triesAtLeast } = record
  const left = told.outcome === 'unblocked' ? triesAtLeast : (told.triesLeft ?? triesAtLeast - 1)
  return {
    ...record,
    triesAtLeast: Math.min(triesAtLeast, Math.max(left, isStation ? 0 : 1)),
    exposedSince: record.exposedSince ?? exposed.at,
    exposedTo: exposed.to,
  }
}

/**
 * The database is older than the journal: what the journal names may be live as well, and is the likelier; tries may have been
 * lost that nobody remembers.
 */
export function afterRestore(record: PukRecord, journalled: PukCandidate, at: string): PukRecord {
  const others = record.candidates.filter((candidate) => !isSameCandidate(candidate, journalled))
  return {
    ...record,
    candidates: [journalled, ...others],
    triesAtLeast: Math.min(record.triesAtLeast, 2),
    exposedSince: record.exposedSince ?? at,
    exposedTo: record.exposedTo ?? 'unknown',
  }
}

/** Database and journal are both from a backup: the next generation may be live as well, and tries may have been lost. */
export function afterLostJournal(record: PukRecord, next: Generation, at: string): PukRecord {
  const { candidates, ...rest } = afterRestore(record, next, at)
  const [, ...known] = candidates
  return { ...rest, candidates: [...known, next] }
}

/** Why no cryptogram may leave for this card now; undefined when one may. */
export function findReleaseObstacle(
  record: PukRecord,
  asked: { isSupervisor: boolean; hasOutstandingRelease: boolean },
): ProblemCode | undefined {
  const { candidates, triesAtLeast } = record
  if (candidates.length === 0 || triesAtLeast <= 0 || record.form !== 'eight-digits') return 'card-cannot-be-saved'
  if (candidates.includes('imported')) return 'card-cannot-be-saved'
  if (candidates.length === 1) return triesAtLeast === 1 && !asked.isSupervisor ? 'supervisor-needed' : undefined
  if (triesAtLeast === 1) return 'card-cannot-be-saved'
  if (asked.hasOutstandingRelease) return 'outcome-outstanding'
  return triesAtLeast === 2 && !asked.isSupervisor ? 'supervisor-needed' : undefined
}
