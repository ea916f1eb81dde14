import { concat, type Octets, writeHex, writeUint } from '@unlatch/card'
import { type CommandApdu, TlvCursor, writeTlv } from '@unlatch/card/iso7816'
import type { ReferenceData } from '../reference-data.ts'
import { demand, Refusal, SW } from '../status-words.ts'
import { readPolicies } from './generate-key.ts'
import { importPrimes, importScalar, isEllipticCurve, writePublicKey } from './key-pair.ts'
import type { PivContext } from './piv-session.ts'
import { createContents, FACTORY_PIN, FACTORY_PUK, factoryManagementKey, MANAGEMENT_KEY_LENGTH } from './piv-state.ts'
import { isSlot, slotName } from './slots.ts'

/** Yubico's extensions of PIV, but for attestation and secure channels. [Yubico PIV extensions] */

type YubicoCommand = (context: PivContext, command: CommandApdu) => Octets

const NOTHING: Octets = new Uint8Array(0)
const PIN = 0x80
const PUK = 0x81
const MANAGEMENT_KEY = 0x9b

/** Runs one of the extensions; `6D00` for what is none. */
export function runYubico(context: PivContext, command: CommandApdu): Octets {
  const run = COMMANDS[command.ins]
  if (!run || !context.profile.yubicoCommands.includes(command.ins)) throw new Refusal(SW.unknownInstruction)
  return run(context, command)
}

function getVersion({ profile }: PivContext): Octets {
  return Uint8Array.from(profile.yubicoVersion)
}

function getSerial({ state }: PivContext): Octets {
  return writeUint(state.serial, 4)
}

/** GET METADATA: 01 algorithm, 02 policy, 03 origin, 04 public key, 05 factory value, 06 tries. */
function getMetadata({ state }: PivContext, { p2 }: CommandApdu): Octets {
  if (p2 === PIN) return describeReference(state.pin, FACTORY_PIN)
  if (p2 === PUK) return describeReference(state.puk, FACTORY_PUK)
  if (p2 === MANAGEMENT_KEY) {
    const { algorithm, keyHex, touchPolicy } = state.managementKey
    return describe(algorithm, [0, touchPolicy], [0x05, isFactory(keyHex, factoryManagementKey(algorithm))])
  }
  const key = state.keys[slotName(p2)]
  if (!key) throw new Refusal(isSlot(p2) ? SW.referenceNotFound : SW.wrongParameters)
  const policy: [number, number] = [key.pinPolicy || slotPolicy(p2), key.touchPolicy || 1]
  return concat(
    describe(key.algorithm, policy, [0x03, Uint8Array.of(key.origin)]),
    writeTlv(0x04, writePublicKey(key.privateHex)),
  )
}

function describe(algorithm: number, policy: [number, number], [tag, value]: [number, Octets]): Octets {
  return concat(writeTlv(0x01, Uint8Array.of(algorithm)), writeTlv(0x02, Uint8Array.from(policy)), writeTlv(tag, value))
}

function describeReference(reference: ReferenceData, factoryHex: string): Octets {
  return concat(
    writeTlv(0x01, Uint8Array.of(0xff)),
    writeTlv(0x05, isFactory(reference.valueHex, factoryHex)),
    writeTlv(0x06, Uint8Array.of(reference.limit, reference.left)),
  )
}

const isFactory = (valueHex: string, factoryHex: string) => Uint8Array.of(valueHex === factoryHex ? 1 : 0)

/** What policy 0 stands for: never for 9E, always for 9C, once for the others. */
const slotPolicy = (slot: number) => (slot === 0x9e ? 1 : slot === 0x9c ? 3 : 2)

/** SET RETRIES, after key 9B and the PIN: new limits, and both values go back to the factory's. */
function setRetries({ state, session }: PivContext, { p1, p2 }: CommandApdu): Octets {
  demand(session.isAdministrator && session.isPinVerified, SW.securityStatus)
  demand(p1 > 0 && p2 > 0, SW.wrongParameters)
  state.pin = { valueHex: FACTORY_PIN, limit: p1, left: p1 }
  state.puk = { valueHex: FACTORY_PUK, limit: p2, left: p2 }
  session.isPinVerified = false
  return NOTHING
}

/** RESET, only while PIN and PUK are both blocked: everything but the serial number is as from the factory. */
function resetToFactory({ profile, state, session, random }: PivContext): Octets {
  demand(state.pin.left === 0 && state.puk.left === 0, profile.resetRefused)
  Object.assign(state, createContents(profile, random))
  Object.assign(session, { isPinVerified: false, isAdministrator: false, challenge: undefined })
  return NOTHING
}

/** SET MANAGEMENT KEY, after the old one: algorithm, then the key under tag 9B. P2 FE asks for a touch from now on. */
function setManagementKey({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  const { p1, p2, data } = command
  demand(p1 === 0xff && (p2 === 0xff || p2 === 0xfe), SW.wrongParameters)
  demand(session.isAdministrator, SW.securityStatus)
  const [algorithm, ...sent] = data ?? NOTHING
  demand(algorithm !== undefined && profile.managementKeyAlgorithms.includes(algorithm), SW.wrongData)
  const cursor = new TlvCursor(Uint8Array.from(sent))
  const key = cursor.read(MANAGEMENT_KEY, MANAGEMENT_KEY_LENGTH[algorithm])
  cursor.end()
  state.managementKey = { algorithm, keyHex: writeHex(key), touchPolicy: p2 === 0xfe ? 2 : 1 }
  return NOTHING
}

/** IMPORT ASYMMETRIC KEY, after key 9B: RSA by its primes (the rest is computed again), a curve's key by its scalar. */
function importKey({ profile, state, session }: PivContext, command: CommandApdu): Octets {
  const { p1: algorithm, p2: slot } = command
  demand(isSlot(slot) && profile.keyAlgorithms.includes(algorithm), SW.wrongParameters)
  demand(session.isAdministrator, SW.securityStatus)
  const cursor = new TlvCursor(command.data ?? NOTHING)
  const privateHex = isEllipticCurve(algorithm)
    ? importScalar(algorithm, cursor.read(0x06))
    : importPrimes(algorithm, readPrimes(cursor))
  const policies = readPolicies(cursor, true)
  cursor.end()
  state.keys[slotName(slot)] = { algorithm, privateHex, origin: 2, ...policies }
  return NOTHING
}

function readPrimes(cursor: TlvCursor): [Octets, Octets] {
  const primes: [Octets, Octets] = [cursor.read(0x01), cursor.read(0x02)]
  for (const tag of [0x03, 0x04, 0x05]) cursor.read(tag)
  return primes
}

/** MOVE KEY from slot P2 to P1; P1 = FF deletes it. */
function moveKey({ state, session }: PivContext, { p1, p2 }: CommandApdu): Octets {
  demand(session.isAdministrator, SW.securityStatus)
  demand(isSlot(p2) && (p1 === 0xff || isSlot(p1)) && p1 !== p2, SW.wrongParameters)
  const key = state.keys[slotName(p2)]
  if (!key) throw new Refusal(SW.referenceNotFound)
  delete state.keys[slotName(p2)]
  if (p1 !== 0xff) state.keys[slotName(p1)] = key
  return NOTHING
}

const COMMANDS: Readonly<Record<number, YubicoCommand>> = {
  246: moveKey,
  247: getMetadata,
  248: getSerial,
  250: setRetries,
  251: resetToFactory,
  253: getVersion,
  254: importKey,
  255: setManagementKey,
}
