import type { Octets } from '@unlatch/card'
import { type CommandApdu, readAll, type TlvCursor, writeTlv } from '@unlatch/card/iso7816'
import { demand, SW } from '../status-words.ts'
import { generateKeyPair, writePublicKey } from './key-pair.ts'
import type { PivContext } from './piv-session.ts'
import { isSlot, slotName } from './slots.ts'

const TAG_CONTROL = 0xac
const TAG_ALGORITHM = 0x80
const TAG_PUBLIC_KEY = 0x7f49
// Yubico's extension of the control template.
const TAG_PIN_POLICY = 0xaa
const TAG_TOUCH_POLICY = 0xab

/**
 * GENERATE ASYMMETRIC KEY PAIR, after authentication with key 9B (`6982`): replaces the slot's key, answers the public one.
 *
 * @see [SP 800-73-5 pt 2, 3.3.2]
 */
export function generateKey({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p1 === 0 && isSlot(command.p2), SW.wrongParameters)
  demand(session.isAdministrator, SW.securityStatus)
  const control = readAll(command.data ?? new Uint8Array(0), (cursor) =>
    cursor.enter(TAG_CONTROL, (inside) => ({
      algorithm: inside.read(TAG_ALGORITHM, 1)[0] as number,
      ...readPolicies(inside, profile.yubicoCommands.length > 0),
    })),
  )
  demand(profile.keyAlgorithms.includes(control.algorithm), SW.wrongData)
  const privateHex = generateKeyPair(control.algorithm)
  state.keys[slotName(command.p2)] = { ...control, privateHex, origin: 1 }
  return writeTlv(TAG_PUBLIC_KEY, writePublicKey(privateHex))
}

/** Policies that follow the algorithm on cards with Yubico's extensions; 0 is the slot's own rule. */
export function readPolicies(cursor: TlvCursor, isAllowed: boolean): { pinPolicy: number; touchPolicy: number } {
  const read = (tag: number) => (isAllowed && cursor.peek() === tag ? (cursor.read(tag, 1)[0] as number) : 0)
  const policies = { pinPolicy: read(TAG_PIN_POLICY), touchPolicy: read(TAG_TOUCH_POLICY) }
  demand(policies.pinPolicy <= 3 && policies.touchPolicy <= 3, SW.wrongData)
  return policies
}
