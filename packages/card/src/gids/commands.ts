import { type Channel, send } from '../iso7816/channel.ts'
import { selectFirst } from '../iso7816/select.ts'
import { CardError, expectOk, isOk, isWrongLength, readAnswer, readFault } from '../iso7816/status.ts'
import { readAll, readSequence, TlvError, writeTlv } from '../iso7816/tlv.ts'
import { concat, type Octets, writeUint } from '../octets.ts'
import { CARD_ID, GIDS_AID, GIDS_REVISIONS, REFERENCE } from './references.ts'

/**
 * The GIDS commands that an unblock needs, one function each.
 *
 * @see [GIDS 2.0]; [GidsApplet]
 */

/**
 * SELECT by identifier: makes GIDS the current application. Kills an outstanding challenge and every authentication.
 *
 * @throws CardError `not-found` when the card has no GIDS application.
 */
export async function select(channel: Channel): Promise<Octets> {
  return selectFirst(channel, [GIDS_AID, ...GIDS_REVISIONS.map((revision) => concat(GIDS_AID, revision))])
}

/**
 * GET DATA of the card identifier: 16 bytes. Not trusted: whoever holds the admin key can write it.
 *
 * @throws CardError `not-found` before the card was initialised, `bad-response`.
 */
export async function getCardUuid(channel: Channel): Promise<Octets> {
  const data = writeTlv(0x5c, writeUint(CARD_ID.object, 2))
  const command = { cla: 0x00, ins: 0xcb, p1: CARD_ID.file >> 8, p2: CARD_ID.file & 0xff, data, le: 256 }
  const answer = expectOk('GET DATA', await send(channel, command))
  return readAnswer('GET DATA', () => readAll(answer, (cursor) => cursor.read(CARD_ID.object, 16)))
}

/** PIN status data object: tries left, tries in all. */
const TAG_PIN_STATUS = 0x7f71
const TAG_LEFT = 0x97
const TAG_LIMIT = 0x93

/** How a PIN's tries stand; undefined where the card does not tell. 0 left is blocked. */
export interface PinRetries {
  readonly left: number | undefined
  readonly limit: number | undefined
}

/**
 * The PIN's tries: out of its status object or, on a card that keeps none (it is optional), by VERIFY without data. Consumes
 * no try.
 *
 * @throws CardError `not-found` on a card without such a PIN, `bad-response`.
 */
export async function readPinRetries(channel: Channel): Promise<PinRetries> {
  const data = writeTlv(0x5c, writeUint(TAG_PIN_STATUS, 2))
  const response = await send(channel, { cla: 0x00, ins: 0xcb, p1: 0x3f, p2: 0xff, data, le: 256 })
  if (!isOk(response) || response.data.length === 0) return askPinRetries(channel)
  return readAnswer('GET DATA', () => {
    const parts = readAll(response.data, (cursor) => readSequence(cursor.read(TAG_PIN_STATUS)))
    const count = (tag: number) => parts.find((part) => part.tag === tag && part.value.length === 1)?.value[0]
    const left = count(TAG_LEFT)
    if (left === undefined) throw new TlvError('no count of the tries left')
    return { left, limit: count(TAG_LIMIT) }
  })
}

/** VERIFY without data; some cards want an Le in every command. */
async function askPinRetries(channel: Channel): Promise<PinRetries> {
  const command = { cla: 0x00, ins: 0x20, p1: 0x00, p2: REFERENCE.pin }
  let response = await send(channel, command)
  if (isWrongLength(response)) response = await send(channel, { ...command, le: 256 })
  if (isOk(response)) return { left: undefined, limit: undefined }
  const fault = readFault(response.sw)
  if (fault.code === 'reference-blocked') return { left: 0, limit: undefined }
  if (fault.code !== 'reference-incorrect') throw new CardError('VERIFY', fault)
  return { left: fault.retriesLeft, limit: undefined }
}

/**
 * VERIFY: proves knowledge of the PIN. Consumes one try if it is wrong.
 *
 * @param pin - 4 to 16 octets, not padded. Overwritten by the caller.
 * @throws CardError `reference-incorrect`, `reference-blocked`.
 */
export async function verifyPin(channel: Channel, pin: Uint8Array): Promise<void> {
  expectOk('VERIFY', await send(channel, { cla: 0x00, ins: 0x20, p1: 0x00, p2: REFERENCE.pin, data: pin }))
}

/**
 * CHANGE REFERENCE DATA: exchanges the PIN. Consumes one try if `current` is wrong.
 *
 * The card splits the two by the length of the PIN that it has: verify `current` before.
 *
 * @param current - 4 to 16 octets, not padded. Overwritten by the caller, as `replacement` is.
 * @throws CardError `reference-incorrect`, `reference-blocked`, `wrong-length`, `reference-refused`.
 */
export async function changePin(channel: Channel, current: Uint8Array, replacement: Uint8Array): Promise<void> {
  const data = concat(current, replacement)
  try {
    expectOk('CHANGE REFERENCE DATA', await send(channel, { cla: 0x00, ins: 0x24, p1: 0x00, p2: REFERENCE.pin, data }))
  } finally {
    data.fill(0)
  }
}

/**
 * RESET RETRY COUNTER with the new PIN alone, after the admin key was authenticated. Restores the PIN's counter, then drops
 * every authentication. Works on a PIN that is not blocked as well.
 *
 * @param newPin - 4 to 16 octets, not padded. Overwritten by the caller.
 * @throws CardError `security-status` when the admin key is not authenticated, `wrong-length` or `reference-refused` when the
 *   card refuses the PIN: the admin key then still is authenticated.
 */
export async function resetRetryCounter(channel: Channel, newPin: Uint8Array): Promise<void> {
  const command = { cla: 0x00, ins: 0x2c, p1: 0x02, p2: REFERENCE.pin, data: newPin }
  expectOk('RESET RETRY COUNTER', await send(channel, command))
}

/** Dynamic authentication template and its parts. */
const TAG_TEMPLATE = 0x7c
const TAG_CHALLENGE = 0x81
const TAG_RESPONSE = 0x82

async function selectAdminKey(channel: Channel): Promise<void> {
  const data = writeTlv(0x83, Uint8Array.of(REFERENCE.adminKey))
  expectOk('MANAGE SECURITY ENVIRONMENT', await send(channel, { cla: 0x00, ins: 0x22, p1: 0xc1, p2: 0xa4, data }))
}

/**
 * MANAGE SECURITY ENVIRONMENT and GENERAL AUTHENTICATE, external: the card draws a challenge for the admin key.
 *
 * A second call kills the first challenge; so do reset, removal and SELECT of the application. GET DATA and VERIFY do not.
 *
 * @returns 8 bytes (3DES) or 16 (AES).
 * @throws CardError `not-found` (no admin key), `bad-response`.
 */
export async function getAdminChallenge(channel: Channel): Promise<Octets> {
  await selectAdminKey(channel)
  const data = writeTlv(TAG_TEMPLATE, writeTlv(TAG_CHALLENGE))
  const answer = expectOk(
    'GENERAL AUTHENTICATE',
    await send(channel, { cla: 0x00, ins: 0x87, p1: 0x00, p2: 0x00, data, le: 256 }),
  )
  return readAnswer('GENERAL AUTHENTICATE', () => {
    const block = readAll(answer, (cursor) => cursor.enter(TAG_TEMPLATE, (inside) => inside.read(TAG_CHALLENGE)))
    if (block.length !== 8 && block.length !== 16) throw new TlvError(`challenge of ${block.length} bytes`)
    return block
  })
}

/**
 * GENERAL AUTHENTICATE, external: answers the outstanding challenge. It is spent whatever the card says; on some families a
 * wrong answer consumes a try of the admin key (GidsApplet has no such counter).
 *
 * @param response - one block: the challenge encrypted under the admin key.
 * @throws CardError `security-status` (wrong), `conditions-not-satisfied` (no challenge outstanding), `reference-blocked`.
 */
export async function answerAdminChallenge(channel: Channel, response: Uint8Array): Promise<void> {
  const data = writeTlv(TAG_TEMPLATE, writeTlv(TAG_RESPONSE, response))
  expectOk('GENERAL AUTHENTICATE', await send(channel, { cla: 0x00, ins: 0x87, p1: 0x00, p2: 0x00, data }))
}

/**
 * MANAGE SECURITY ENVIRONMENT and GENERAL AUTHENTICATE, mutual: the host's challenge for the card's.
 *
 * @param host - 16 bytes.
 * @returns the card's challenge, 16 bytes. What kills it is as for `getAdminChallenge`.
 * @throws CardError `not-found` (no admin key), `bad-response`.
 */
export async function getMutualChallenge(channel: Channel, host: Uint8Array): Promise<Octets> {
  await selectAdminKey(channel)
  const data = writeTlv(TAG_TEMPLATE, writeTlv(TAG_CHALLENGE, host))
  const answer = await sendAuthentication(channel, data)
  return readAnswer('GENERAL AUTHENTICATE', () =>
    readAll(answer, (cursor) => cursor.enter(TAG_TEMPLATE, (inside) => inside.read(TAG_CHALLENGE, host.length))),
  )
}

/**
 * GENERAL AUTHENTICATE, mutual: answers the card's challenge, and gets what proves the card. The challenge is spent whatever
 * the card says; on some families a wrong answer consumes a try of the admin key.
 *
 * @param response - 40 bytes.
 * @returns the card's answer, 40 bytes.
 * @throws CardError `security-status` (wrong), `conditions-not-satisfied` (no challenge outstanding), `reference-blocked`.
 */
export async function answerMutualChallenge(channel: Channel, response: Uint8Array): Promise<Octets> {
  const answer = await sendAuthentication(channel, writeTlv(TAG_TEMPLATE, writeTlv(TAG_RESPONSE, response)))
  return readAnswer('GENERAL AUTHENTICATE', () =>
    readAll(answer, (cursor) => cursor.enter(TAG_TEMPLATE, (inside) => inside.read(TAG_RESPONSE, response.length))),
  )
}

async function sendAuthentication(channel: Channel, data: Uint8Array): Promise<Octets> {
  const command = { cla: 0x00, ins: 0x87, p1: 0x00, p2: 0x00, data, le: 256 }
  return expectOk('GENERAL AUTHENTICATE', await send(channel, command))
}
