import type { CommandApdu } from '../iso7816/apdu.ts'
import { type Channel, send } from '../iso7816/channel.ts'
import { selectFirst } from '../iso7816/select.ts'
import { CardError, expectOk, isOk, isWrongLength, readAnswer, readFault } from '../iso7816/status.ts'
import { readAll, writeTlv } from '../iso7816/tlv.ts'
import { concat, type Octets, writeUint } from '../octets.ts'
import { padReferenceData } from './pin.ts'
import { PIV_AID, PIV_VERSION, REFERENCE } from './references.ts'

/**
 * The PIV card commands that an unblock needs, one function each: builds the APDU, sends it, reads the answer.
 *
 * A PIN or PUK in an APDU is overwritten here as soon as the card has answered.
 *
 * @see [SP 800-73-5 pt 2, 3]
 */

/**
 * SELECT: makes PIV the current application. Costs nothing; on a card that already has PIV selected it keeps what is verified.
 *
 * @throws CardError `not-found` when the card has no PIV application.
 * @returns the application property template as the card sent it (the value of tag `61` is not looked into).
 * @see [SP 800-73-5 pt 2, 3.1.1]
 */
export async function select(channel: Channel): Promise<Octets> {
  return selectFirst(channel, [PIV_AID, concat(PIV_AID, PIV_VERSION)])
}

/**
 * GET DATA: the content of one data object.
 *
 * @param tag - BER-TLV tag of the object, as printed: `0x5fc102`.
 * @returns the value of the wrapping `53`; for Discovery (`7E`), the value of that, with or without a `53` around it.
 * @throws CardError `not-found` when the object is absent, `security-status` when it wants a PIN, `bad-response`.
 * @see [SP 800-73-5 pt 2, 3.1.2]
 */
export async function getObject(channel: Channel, tag: number): Promise<Octets> {
  const data = writeTlv(0x5c, writeUint(tag, tag > 0xffff ? 3 : tag > 0xff ? 2 : 1))
  const answer = expectOk('GET DATA', await send(channel, { cla: 0x00, ins: 0xcb, p1: 0x3f, p2: 0xff, data, le: 256 }))
  return readAnswer('GET DATA', () => {
    const value = readAll(answer, (cursor) => (tag === 0x7e ? cursor.readIf(tag) : undefined) ?? cursor.read(0x53))
    return tag === 0x7e && answer[0] === 0x53 ? readAll(value, (cursor) => cursor.read(tag)) : value
  })
}

/** How the tries of a PIN stand. `unknown` is said by cards that answer without a count. */
export type Tries = { state: 'verified' } | { state: 'blocked' } | { state: 'left'; retriesLeft?: number }

/**
 * VERIFY without data: asks how the PIN's tries stand. Consumes none.
 *
 * @throws CardError `not-found` when the card has no such reference.
 * @see [SP 800-73-5 pt 2, 3.2.1]
 */
export async function readPinTries(channel: Channel, reference: number = REFERENCE.applicationPin): Promise<Tries> {
  const command = { cla: 0x00, ins: 0x20, p1: 0x00, p2: reference }
  let response = await send(channel, command)
  // Cards that want an Le in every command: still without data, so that nothing is compared.
  if (isWrongLength(response)) response = await send(channel, { ...command, le: 256 })
  if (isOk(response)) return { state: 'verified' }
  const fault = readFault(response.sw)
  if (fault.code === 'reference-blocked') return { state: 'blocked' }
  if (fault.code !== 'reference-incorrect') throw new CardError('VERIFY', fault)
  return fault.retriesLeft === undefined ? { state: 'left' } : { state: 'left', retriesLeft: fault.retriesLeft }
}

/**
 * VERIFY: proves knowledge of the PIN. Consumes one try if it is wrong; the right one restores the counter.
 *
 * @param pin - 6 to 8 ASCII digits; padded here.
 * @throws CardError `reference-incorrect`, `reference-blocked`.
 * @see [SP 800-73-5 pt 2, 3.2.1]
 */
export async function verifyPin(channel: Channel, pin: Uint8Array): Promise<void> {
  await sendSecret(
    channel,
    'VERIFY',
    { cla: 0x00, ins: 0x20, p1: 0x00, p2: REFERENCE.applicationPin },
    padReferenceData(pin),
  )
}

/**
 * RESET RETRY COUNTER: sets a new PIN on a card whose PIN is blocked, proven by the PUK.
 *
 * Consumes one try of the PUK if it is wrong. The PIN's own counter is restored to its maximum; whether the PUK's is too
 * is the card's affair. The PIN is not verified afterwards.
 *
 * @param puk - 8 octets as the card compares them.
 * @param newPin - 6 to 8 ASCII digits; padded here with FF.
 * @throws CardError `reference-incorrect` (with `retriesLeft` when the card says), `reference-blocked` when the PUK is used
 *   up, `reference-refused` when the new PIN breaks the card's own policy, `not-supported` on cards without a PUK.
 * @see [SP 800-73-5 pt 2, 3.2.3]
 */
export async function resetRetryCounter(channel: Channel, puk: Uint8Array, newPin: Uint8Array): Promise<void> {
  const padded = padReferenceData(newPin)
  const data = concat(puk, padded)
  padded.fill(0)
  await sendSecret(
    channel,
    'RESET RETRY COUNTER',
    { cla: 0x00, ins: 0x2c, p1: 0x00, p2: REFERENCE.applicationPin },
    data,
  )
}

/**
 * The octets of CHANGE REFERENCE DATA, for whoever sends them: the key service writes them whole for a PUK.
 *
 * @param old - 8 octets as the card compares them.
 * @param replacement - 8 octets.
 * @see [SP 800-73-5 pt 2, 3.2.2]
 */
export function changeReferenceDataCommand(
  reference: number,
  old: Uint8Array,
  replacement: Uint8Array,
): CommandApdu & { readonly data: Octets } {
  return { cla: 0x00, ins: 0x24, p1: 0x00, p2: reference, data: concat(old, replacement) }
}

/**
 * CHANGE REFERENCE DATA: exchanges the PIN (reference `80`) or the PUK (`81`; optional in the standard).
 *
 * Consumes one try of that reference if `old` is wrong; success restores its counter.
 *
 * @param old - 8 octets as the card compares them.
 * @param replacement - 8 octets.
 * @throws CardError `reference-incorrect`, `reference-blocked`, `reference-refused`; `not-found` or `not-supported` from a
 *   card whose PUK cannot be changed.
 * @see [SP 800-73-5 pt 2, 3.2.2]
 */
export async function changeReferenceData(
  channel: Channel,
  reference: number,
  old: Uint8Array,
  replacement: Uint8Array,
): Promise<void> {
  const { data, ...header } = changeReferenceDataCommand(reference, old, replacement)
  await sendSecret(channel, 'CHANGE REFERENCE DATA', header, data)
}

async function sendSecret(channel: Channel, name: string, header: CommandApdu, data: Octets): Promise<void> {
  try {
    expectOk(name, await send(channel, { ...header, data }))
  } finally {
    data.fill(0)
  }
}

/**
 * GENERAL AUTHENTICATE: one round of the dynamic authentication template with an asymmetric or symmetric key.
 *
 * @param request - data objects inside `7C`, already written; `82 00` asks for a response.
 * @returns the value of the answered template `7C`; empty when the card answered 9000 alone.
 * @throws CardError `not-supported` (6A86: no such key with this algorithm), `security-status`, `reference-refused`.
 * @see [SP 800-73-5 pt 2, 3.2.4]
 */
export async function generalAuthenticate(
  channel: Channel,
  algorithm: number,
  key: number,
  request: Uint8Array,
): Promise<Octets> {
  const command = { cla: 0x00, ins: 0x87, p1: algorithm, p2: key, data: writeTlv(0x7c, request), le: 256 }
  const answer = expectOk('GENERAL AUTHENTICATE', await send(channel, command))
  if (answer.length === 0) return answer
  return readAnswer('GENERAL AUTHENTICATE', () => readAll(answer, (cursor) => cursor.read(0x7c)))
}
