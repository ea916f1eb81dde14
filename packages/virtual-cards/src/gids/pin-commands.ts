import { type Octets, writeHex } from '@unlatch/card'
import type { CommandApdu } from '@unlatch/card/iso7816'
import { compare, type ReferenceData, requireTries, triesLeft } from '../reference-data.ts'
import { demand, Refusal, SW } from '../status-words.ts'
import type { GidsContext } from './gids-session.ts'

/** The PIN of a GIDS card: 4 to 16 octets, not padded, three tries. There is no PUK: the admin key unblocks. */

const REFERENCE_PIN = 0x80
/** VERIFY with this reference ends every authentication. */
const REFERENCE_DEAUTHENTICATE = 0x82
const SHORTEST = 4
const LONGEST = 16
const TRIES = 3
/** CHANGE REFERENCE DATA without the old value: how initialisation sets the PIN. */
const P1_NEW_ONLY = 0x01
/** RESET RETRY COUNTER without a resetting code: the admin key has been proven instead. */
const P1_NEW_PIN = 0x02

const NOTHING: Octets = new Uint8Array(0)

const isLengthRight = (length: number) => length >= SHORTEST && length <= LONGEST

/** The PIN of a card in operation; before that no command of the PIN is permitted (`6986`). */
export function getPin({ state }: GidsContext): ReferenceData {
  if (!state.isOperational || !state.pin) throw new Refusal(SW.notAllowed)
  return state.pin
}

/** VERIFY; without data, its status. A PIN of wrong length is answered with the tries left and costs none. */
export function verify(context: GidsContext, command: CommandApdu): Octets {
  const { session } = context
  demand(command.p1 === 0, SW.wrongParameters)
  if (command.p2 === REFERENCE_DEAUTHENTICATE) {
    deauthenticate(context)
    return NOTHING
  }
  demand(command.p2 === REFERENCE_PIN || command.p2 === 0, SW.referenceNotFound)
  const pin = getPin(context)
  const { data } = command
  if (data === undefined && session.isPinVerified) return NOTHING
  requireTries(pin)
  if (data === undefined || !isLengthRight(data.length)) throw new Refusal(triesLeft(pin))
  session.isPinVerified = false
  compare(pin, data)
  session.isPinVerified = true
  return NOTHING
}

/** CHANGE REFERENCE DATA: the old PIN and the new one, split by the length of the stored one. */
export function changeReference(context: GidsContext, command: CommandApdu): Octets {
  const { state, session } = context
  demand(command.p1 === 0 || command.p1 === P1_NEW_ONLY, SW.wrongParameters)
  demand(command.p2 === REFERENCE_PIN, SW.referenceNotFound)
  const data = command.data ?? NOTHING
  if (command.p1 === P1_NEW_ONLY) {
    demand(!state.isOperational, SW.notAllowed)
    demand(isLengthRight(data.length), SW.wrongLength)
    state.pin = { valueHex: writeHex(data), limit: TRIES, left: TRIES }
    return NOTHING
  }
  const pin = getPin(context)
  requireTries(pin)
  const oldLength = pin.valueHex.length / 2
  demand(isLengthRight(data.length - oldLength), SW.wrongLength)
  session.isPinVerified = false
  compare(pin, data.subarray(0, oldLength))
  pin.valueHex = writeHex(data.subarray(oldLength))
  return NOTHING
}

/**
 * RESET RETRY COUNTER, in the one form `2C 02 80`: a new PIN after the admin key was proven (`6982` otherwise).
 *
 * A good one ends every authentication; one of wrong length (`6700`) leaves the administrator authenticated.
 */
export function resetRetryCounter(context: GidsContext, command: CommandApdu): Octets {
  demand(command.p1 === P1_NEW_PIN, SW.wrongParameters)
  demand(command.p2 === REFERENCE_PIN, SW.referenceNotFound)
  const pin = getPin(context)
  demand(context.session.isAdministrator, SW.securityStatus)
  const data = command.data ?? NOTHING
  demand(isLengthRight(data.length), SW.wrongLength)
  pin.valueHex = writeHex(data)
  pin.left = pin.limit
  deauthenticate(context)
  return NOTHING
}

function deauthenticate({ session }: GidsContext): void {
  session.isPinVerified = false
  session.isAdministrator = false
  session.isKeySelected = false
  session.challenge = undefined
}
