import type { CardFault } from '@unlatch/card/iso7816'
import type { Generation } from '@unlatch/card/unblock'
import { isSameCandidate, type PukCandidate, type PukRecord } from './puk-record.ts'

/**
 * A PUK's rotation at a station, as pure decisions: what to send, and what each answer makes of the record.
 *
 * @see [piv-unblock/v1, The PUK record] and Rotation
 */

/** What is done next. */
export type RotationStep =
  /** CHANGE REFERENCE DATA from the live PUK to a fresh generation; the record names both before it leaves. */
  | { readonly kind: 'change'; readonly from: PukCandidate; readonly to: Generation; readonly record: PukRecord }
  /** A candidate onto itself, which changes nothing and tells whether it is live. */
  | { readonly kind: 'probe'; readonly candidate: Generation }
  | { readonly kind: 'end'; readonly end: 'not-needed' | 'not-possible' | 'consent-needed' }

/** Probing a wrong value costs a try: without the holder's consent never below this. [piv-unblock/v1, The PUK record, Torn rotation] */
const TRIES_TO_PROBE = 2

const end = (how: Extract<RotationStep, { kind: 'end' }>['end']): RotationStep => ({ kind: 'end', end: how })

/**
 * The next step for a record.
 *
 * @param next - the generation that a fresh PUK would have.
 * @param at - a holder's agent only exchanges the one PUK that is sure. `hasConsent`: the holder agreed to spend one try.
 */
export function planRotation(
  record: PukRecord,
  next: Generation,
  at: { isStation: boolean; hasConsent: boolean } = { isStation: true, hasConsent: false },
): RotationStep {
  const { candidates, isRotatable, exposedSince } = record
  const [first, ...others] = candidates
  if (first === undefined || others.length > 0)
    return at.isStation ? planGuess(record, at.hasConsent) : end('not-possible')
  if (record.form !== 'eight-digits' && first !== 'imported') return end('not-possible')
  if (exposedSince === null && typeof first !== 'string') return end('not-needed')
  if (!isRotatable || (!at.isStation && typeof first === 'string')) return end('not-possible')
  return { kind: 'change', from: first, to: next, record: { ...record, candidates: [first, next] } }
}

/** No candidate is sure: the newest one is asked after a torn rotation, with consent the likeliest one at the last try. */
function planGuess({ candidates, refused, triesAtLeast }: PukRecord, hasConsent: boolean): RotationStep {
  const newest = generationsOf(candidates).toSorted((a, b) => (isNewer(a, b) ? -1 : 1))[0]
  if (newest && triesAtLeast >= TRIES_TO_PROBE) return { kind: 'probe', candidate: newest }
  const likeliest = generationsOf(candidates)[0] ?? generationsOf(refused).at(-1)
  if (!likeliest || triesAtLeast < 1) return end('not-possible')
  return hasConsent ? { kind: 'probe', candidate: likeliest } : end('consent-needed')
}

const generationsOf = (candidates: readonly PukCandidate[]) =>
  candidates.filter((candidate): candidate is Generation => typeof candidate !== 'string')

const isNewer = (a: Generation, b: Generation) => a.epoch > b.epoch || (a.epoch === b.epoch && a.counter > b.counter)

/** What a station's card answered: 9000 (null), or a fault. */
export type StationAnswer = CardFault | null

/** A change was answered. */
export function afterChange(record: PukRecord, to: Generation, answer: StationAnswer): PukRecord {
  const before = record.candidates.filter((candidate) => !isSameCandidate(candidate, to))
  if (answer === null) {
    return {
      ...record,
      candidates: [to],
      refused: [],
      form: 'eight-digits',
      triesAtLeast: record.triesLimit,
      exposedSince: null,
      exposedTo: null,
    }
  }
  switch (answer.code) {
    case 'not-supported':
    case 'not-found':
      return { ...record, candidates: before, isRotatable: false }
    case 'reference-refused':
    case 'conditions-not-satisfied':
      return { ...record, candidates: before }
    case 'reference-incorrect':
      return {
        ...record,
        candidates: [],
        refused: [...record.refused, ...before],
        triesAtLeast: answer.retriesLeft ?? Math.max(record.triesAtLeast - 1, 0),
      }
    case 'reference-blocked':
      return { ...record, candidates: [], refused: [...record.refused, ...before], triesAtLeast: 0 }
    default:
      return record
  }
}

/**
 * A holder's agent says what its card answered to a change. It may lie: both PUKs stay, and a station does it once more. That
 * no try is left is believed of a station alone.
 */
export function afterHolderChange(
  record: PukRecord,
  from: PukCandidate,
  to: Generation,
  answer: StationAnswer,
): PukRecord {
  if (answer === null) return { ...record, candidates: [to, from] }
  const told =
    answer.code === 'reference-incorrect' ? answer.retriesLeft : answer.code === 'reference-blocked' ? 1 : undefined
  const triesAtLeast = Math.min(record.triesAtLeast, told ?? record.triesAtLeast)
  return { ...record, candidates: [from, to], triesAtLeast }
}

/** A probe was answered. 9000 and a refusal of the new value both mean that the old one, the candidate, matched. */
export function afterProbe(record: PukRecord, candidate: Generation, answer: StationAnswer): PukRecord {
  const isOther = (other: PukCandidate) => !isSameCandidate(other, candidate)
  const others = record.candidates.filter(isOther)
  const refused = record.refused.filter(isOther)
  if (answer === null) return { ...record, candidates: [candidate], refused, triesAtLeast: record.triesLimit }
  switch (answer.code) {
    case 'reference-refused':
    case 'conditions-not-satisfied':
      return { ...record, candidates: [candidate], refused }
    case 'reference-incorrect':
      return {
        ...record,
        candidates: others,
        refused,
        triesAtLeast: answer.retriesLeft ?? Math.max(record.triesAtLeast - 1, 0),
      }
    case 'reference-blocked':
      return { ...record, candidates: [], refused: [...record.refused, ...record.candidates], triesAtLeast: 0 }
    default:
      return record
  }
}
