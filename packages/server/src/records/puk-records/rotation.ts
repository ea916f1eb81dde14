import type { CardFault } from '@unlatch/card/iso7816'
import type { Generation } from '@unlatch/card/unblock'
import { isSameCandidate, type PukRecord } from './puk-record.ts'

/**
 * A PUK's rotation at a station, as pure decisions: what to send, and what each answer makes of the record.
 *
 * @see [piv-unblock/v1, The PUK record] and Rotation
 */

/** What is done next. */
export type RotationStep =
  /** CHANGE REFERENCE DATA from the live PUK to a fresh generation; the record names both before it leaves. */
  | {
      readonly kind: 'change'
      readonly from: Generation | 'factory'
      readonly to: Generation
      readonly record: PukRecord
    }
  /** After a torn rotation: the newer one onto itself, which changes nothing and tells whether it is live. */
  | { readonly kind: 'probe'; readonly candidate: Generation }
  | { readonly kind: 'end'; readonly end: 'not-needed' | 'not-possible' }

/** Probing a wrong value costs a try: never below this. [piv-unblock/v1, The PUK record, Torn rotation] */
const TRIES_TO_PROBE = 2

/**
 * The next step for a record.
 *
 * @param next - the generation that a fresh PUK would have.
 */
export function planRotation(record: PukRecord, next: Generation): RotationStep {
  const { candidates, isRotatable, triesAtLeast } = record
  const [first, ...others] = candidates
  if (first === undefined || first === 'imported' || record.form !== 'eight-digits')
    return { kind: 'end', end: 'not-possible' }
  if (others.length > 0) {
    const newest = candidates
      .filter((candidate) => typeof candidate !== 'string')
      .reduce((a, b) => (isNewer(b, a) ? b : a))
    if (triesAtLeast < TRIES_TO_PROBE) return { kind: 'end', end: 'not-possible' }
    return { kind: 'probe', candidate: newest }
  }
  if (record.exposedSince === null && first !== 'factory') return { kind: 'end', end: 'not-needed' }
  if (!isRotatable) return { kind: 'end', end: 'not-possible' }
  return { kind: 'change', from: first, to: next, record: { ...record, candidates: [first, next] } }
}

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

/** A probe was answered. 9000 and a refusal of the new value both mean that the old one, the candidate, matched. */
export function afterProbe(record: PukRecord, candidate: Generation, answer: StationAnswer): PukRecord {
  const others = record.candidates.filter((other) => !isSameCandidate(other, candidate))
  if (answer === null) return { ...record, candidates: [candidate], triesAtLeast: record.triesLimit }
  switch (answer.code) {
    case 'reference-refused':
    case 'conditions-not-satisfied':
      return { ...record, candidates: [candidate] }
    case 'reference-incorrect':
      return {
        ...record,
        candidates: others,
        triesAtLeast: answer.retriesLeft ?? Math.max(record.triesAtLeast - 1, 0),
      }
    case 'reference-blocked':
      return { ...record, candidates: [], refused: [...record.refused, ...record.candidates], triesAtLeast: 0 }
    default:
      return record
  }
}
