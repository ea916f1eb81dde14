import { CardError, type CardFaultCode } from '@unlatch/card/iso7816'
import { Problem, type ProblemCode } from '@unlatch/contract'
import { ReaderError, type ReaderErrorCode } from './ports.ts'

/** The problem behind each card fault: a new fault does not compile until it has one. */
const PROBLEM_OF_CARD = {
  'reference-incorrect': 'pin-wrong',
  'reference-blocked': 'puk-blocked',
  'reference-refused': 'pin-refused-by-card',
  'wrong-length': 'pin-refused-by-card',
  'not-found': 'card-not-supported',
  'not-supported': 'card-not-supported',
  'security-status': 'cryptogram-refused',
  'conditions-not-satisfied': 'challenge-superseded',
  'bad-response': 'card-fault',
  'unexpected-status': 'card-fault',
} as const satisfies Record<CardFaultCode, ProblemCode>

/** The problem behind each reader error. */
const PROBLEM_OF_READER = {
  'no-service': 'reader-unreachable',
  'no-reader': 'no-reader',
  'no-card': 'no-card',
  'in-use': 'reader-in-use',
  removed: 'card-removed',
  reset: 'challenge-superseded',
  torn: 'outcome-unknown',
  closed: 'attempt-ended',
  'service-stopped': 'reader-unreachable',
} as const satisfies Record<ReaderErrorCode, ProblemCode>

/** What went wrong before anything was typed: the card cannot be read as it must, whatever it calls that. */
export function asReadingProblem(error: unknown): unknown {
  const isRefusal = error instanceof CardError && error.code !== 'bad-response' && error.code !== 'unexpected-status'
  return isRefusal ? new Problem('card-not-supported', { cause: error }) : asProblem(error)
}

/** What went wrong at a card, as a problem; anything else is returned as it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof CardError) {
    const { fault } = error
    const triesLeft = 'retriesLeft' in fault ? fault.retriesLeft : undefined
    const facts = triesLeft === undefined ? {} : { triesLeft }
    return new Problem(PROBLEM_OF_CARD[fault.code], { facts, cause: error })
  }
  if (error instanceof ReaderError) return new Problem(PROBLEM_OF_READER[error.code], { cause: error })
  return error
}
