import { type Octets, readHex, writeHex } from '@unlatch/card'
import { type CommandApdu, readAll, writeTlv } from '@unlatch/card/iso7816'
import { demand, Refusal, SW } from '../status-words.ts'
import { PIV_AID } from './piv-profile.ts'
import type { PivContext } from './piv-session.ts'

/** GET DATA and PUT DATA. [SP 800-73-5 pt 2, 3.1.2 and 3.3.1] */

const TAG_LIST = 0x5c
const TAG_OBJECT = 0x53
// [SP 800-73-5 pt 1, App. A]
const DISCOVERY = '7E'
const STANDARD_OBJECT = /^5FC1(0[1-9A-F]|1[0-9A-F]|2[0-3])$/
/** Fingerprints, facial image, iris images, printed information, pairing code: read after the PIN. */
const BEHIND_PIN = /^5FC1(03|08|09|21|23)$/
/** Objects of Yubico's own: administrator data, attestation certificate, container map and roots. */
const YUBICO_OBJECT = /^5FFF(0[01]|1[0-5])$/

/** Data octets that one object may hold. */
const CAPACITY = 3072

/** Only the PIV PIN, no global PIN, no on-card comparison. [SP 800-73-5 pt 1, 3.3.2] */
const POLICY = readHex('4000')

/** GET DATA: `6A82` when there is no such object, `6982` when it wants the PIN. */
export function getObject({ state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p1 === 0x3f && command.p2 === 0xff, SW.wrongParameters)
  const tag = writeHex(readAll(command.data ?? new Uint8Array(0), (list) => list.read(TAG_LIST)))
  if (tag === DISCOVERY) return writeTlv(0x7e, writeTlv(0x4f, PIV_AID), writeTlv(0x5f2f, POLICY))
  demand(session.isPinVerified || !BEHIND_PIN.test(tag), SW.securityStatus)
  const value = state.objects[tag]
  if (value === undefined) throw new Refusal(SW.notFound)
  return writeTlv(TAG_OBJECT, readHex(value))
}

/** PUT DATA, after authentication with key 9B (`6982`); an empty value deletes the object. */
export function putObject({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  demand(command.p1 === 0x3f && command.p2 === 0xff, SW.wrongParameters)
  demand(session.isAdministrator, SW.securityStatus)
  const { tag, value } = readAll(command.data ?? new Uint8Array(0), (sent) => ({
    tag: writeHex(sent.read(TAG_LIST)),
    value: sent.read(TAG_OBJECT),
  }))
  const isKnown = STANDARD_OBJECT.test(tag) || (profile.yubicoCommands.length > 0 && YUBICO_OBJECT.test(tag))
  demand(isKnown, SW.wrongData)
  demand(value.length <= CAPACITY, SW.memoryFull)
  if (value.length === 0) delete state.objects[tag]
  else state.objects[tag] = writeHex(value)
  return new Uint8Array(0)
}
