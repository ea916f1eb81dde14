import { type Octets, writeHex } from '@unlatch/card'
import type { CommandApdu } from '@unlatch/card/iso7816'
import { compare, type ReferenceData, requireTries, triesLeft } from '../reference-data.ts'
import { demand, Refusal, SW } from '../status-words.ts'
import type { PivContext } from './piv-session.ts'

/** PIN and PUK of a PIV card. [SP 800-73-5 pt 2, 3.2.1 to 3.2.3] */

// [SP 800-73-5 pt 1, Table 4]
const REFERENCE_PIN = 0x80
const REFERENCE_PUK = 0x81
/** PIN and PUK are always this long, padded with FF. [SP 800-73-5 pt 2, 2.4.3] */
const REFERENCE_LENGTH = 8
const SHORTEST = 6
const PADDING = 0xff

const NOTHING: Octets = new Uint8Array(0)

/**
 * VERIFY: the PIN; without data, its status; with P1 = FF, log out.
 *
 * A PIN that is no PIN by its form costs no try (`6A80`); a wrong one does.
 */
export function verify({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p2 === REFERENCE_PIN, SW.referenceNotFound)
  const { data } = command
  if (command.p1 === 0xff) {
    demand(data === undefined, SW.wrongData)
    session.isPinVerified = false
    return NOTHING
  }
  demand(command.p1 === 0, SW.wrongParameters)
  if (data === undefined) {
    if (session.isPinVerified) return NOTHING
    requireTries(state.pin)
    throw new Refusal(triesLeft(state.pin))
  }
  requireTries(state.pin)
  demand(isWellFormed(data, profile.pinFormat), SW.wrongData)
  session.isPinVerified = false
  compare(state.pin, data)
  session.isPinVerified = true
  return NOTHING
}

/**
 * CHANGE REFERENCE DATA of PIN or PUK: the old one, then the new one.
 *
 * The old one is compared first, so a bad new one costs a try only when the old one is wrong too.
 */
export function changeReference({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p1 === 0, SW.wrongParameters)
  const isPin = command.p2 === REFERENCE_PIN
  demand(isPin || (command.p2 === REFERENCE_PUK && profile.isPukChangeable), SW.referenceNotFound)
  const reference = isPin ? state.pin : state.puk
  requireTries(reference)
  const [old, next] = readPair(command.data)
  session.isPinVerified &&= !isPin
  compare(reference, old, isPin || profile.isPukRestored)
  demand(isWellFormed(next, isPin ? profile.pinFormat : profile.pukFormat), SW.wrongData)
  replace(reference, next)
  session.isPinVerified ||= isPin
  return NOTHING
}

/**
 * RESET RETRY COUNTER: the PUK, then a new PIN; the PIN's counter is restored, it does not count as verified.
 *
 * A wrong PUK costs a try of the PUK and ends a verification of the PIN.
 */
export function resetRetryCounter({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p1 === 0, SW.wrongParameters)
  demand(command.p2 === REFERENCE_PIN, SW.referenceNotFound)
  requireTries(state.puk)
  const [puk, pin] = readPair(command.data)
  try {
    compare(state.puk, puk, profile.isPukRestored)
  } catch (error) {
    session.isPinVerified = false
    throw error
  }
  demand(isWellFormed(pin, profile.pinFormat), SW.wrongData)
  replace(state.pin, pin)
  return NOTHING
}

function readPair(data: Uint8Array | undefined): [Uint8Array, Uint8Array] {
  demand(data?.length === 2 * REFERENCE_LENGTH, SW.wrongData)
  return [data.subarray(0, REFERENCE_LENGTH), data.subarray(REFERENCE_LENGTH)]
}

function replace(reference: ReferenceData, value: Uint8Array): void {
  reference.valueHex = writeHex(value)
  reference.left = reference.limit
}

/** Six to eight octets of the format's range, padded to eight with FF. [SP 800-73-5 pt 2, 2.4.3] */
function isWellFormed(value: Uint8Array, format: 'any' | 'digits' | 'ascii'): boolean {
  if (value.length !== REFERENCE_LENGTH) return false
  if (format === 'any') return true
  const end = value.indexOf(PADDING)
  const length = end === -1 ? value.length : end
  const [lowest, highest] = format === 'digits' ? [0x30, 0x39] : [0x00, 0x7f]
  const isInRange = value.subarray(0, length).every((octet) => octet >= lowest && octet <= highest)
  return length >= SHORTEST && isInRange && value.subarray(length).every((octet) => octet === PADDING)
}
