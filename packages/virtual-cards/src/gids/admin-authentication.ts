import { createCipheriv, createDecipheriv } from 'node:crypto'
import { concat, isEqual, type Octets, readHex } from '@unlatch/card'
import { type CommandApdu, readAll, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { demand, Refusal, SW } from '../status-words.ts'
import type { GidsContext } from './gids-session.ts'

/**
 * The administrator proves the admin key: external authentication (8 octets) or mutual authentication (16 octets each way,
 * then 40 octets under 3DES-CBC with a zero IV). A challenge is worth one answer. The key has no try counter, but on a card that
 * was made to count: there a wrong answer costs a try, without a word about it, and the last one blocks the key.
 *
 * @see [GidsApplet]
 */

const TAG_TEMPLATE = 0x7c
const TAG_CHALLENGE = 0x81
const TAG_RESPONSE = 0x82
const TAG_KEY = 0x83
const KEY_ADMIN = 0x80
/** MSE SET for authentication: P1 for external and mutual, or for external alone. */
const MSE_P1 = [0xc1, 0x81]
const MSE_P2 = 0xa4

const EXTERNAL_LENGTH = 8
const MUTUAL_LENGTH = 16
/** Random octets that each side adds, then `80` to whole blocks. */
const FILLER_LENGTH = 7
const CRYPTOGRAM_LENGTH = 2 * MUTUAL_LENGTH + FILLER_LENGTH + 1

const NOTHING: Octets = new Uint8Array(0)
const ZERO_IV = new Uint8Array(8)

/** MSE SET: the admin key is the one to authenticate with. */
export function manageSecurityEnvironment({ state, session }: GidsContext, command: CommandApdu): Octets {
  demand(state.isOperational, SW.notAllowed)
  demand(MSE_P1.includes(command.p1) && command.p2 === MSE_P2, SW.wrongParameters)
  const key = readAll(command.data ?? NOTHING, (cursor) => cursor.read(TAG_KEY, 1))
  demand(key[0] === KEY_ADMIN && state.adminKeyHex !== undefined, SW.referenceNotFound)
  session.isKeySelected = true
  return NOTHING
}

/** GENERAL AUTHENTICATE: hands out a challenge, or takes the answer to it (`6982` wrong, `6985` none outstanding). */
export function generalAuthenticate(context: GidsContext, command: CommandApdu): Octets {
  const { state, session } = context
  demand(state.isOperational, SW.notAllowed)
  demand(command.p1 === 0 && command.p2 === 0, SW.wrongParameters)
  demand(session.isKeySelected, SW.conditionsNotSatisfied)
  const { tag, value } = readAll(command.data ?? NOTHING, (cursor) =>
    cursor.enter(TAG_TEMPLATE, (inside) => inside.next()),
  )
  if (tag === TAG_CHALLENGE) return giveChallenge(context, value)
  demand(tag === TAG_RESPONSE, SW.invalidData)
  return takeResponse(context, value)
}

function giveChallenge({ session, random }: GidsContext, host: Octets): Octets {
  demand(host.length === 0 || host.length === MUTUAL_LENGTH, SW.invalidData)
  session.challenge =
    host.length === 0
      ? { exchange: 'external', octets: random(EXTERNAL_LENGTH) }
      : { exchange: 'mutual', octets: random(MUTUAL_LENGTH), host }
  return writeTlv(TAG_TEMPLATE, writeTlv(TAG_CHALLENGE, session.challenge.octets))
}

function takeResponse(context: GidsContext, response: Octets): Octets {
  const { challenge } = context.session
  context.session.challenge = undefined
  if (!challenge) throw new Refusal(SW.conditionsNotSatisfied)
  context.session.isAdministrator = false
  const tries = context.state.adminKeyTries
  // The try is taken first, so that a card torn from its reader has paid for it.
  if (tries) {
    demand(tries.left > 0, SW.blocked)
    tries.left -= 1
  }
  const answer = challenge.exchange === 'external' ? NOTHING : answerMutual(context, challenge, response)
  if (challenge.exchange === 'external') demandEqual(response, encryptExternal(context, challenge.octets))
  if (tries) tries.left = tries.limit
  context.session.isAdministrator = true
  return answer
}

function encryptExternal({ state }: GidsContext, challenge: Uint8Array): Octets {
  return nodeCrypto.encryptBlocks('3des', readHex(state.adminKeyHex as string), challenge)
}

/** Checks E(card ‖ host ‖ filler ‖ 80) and answers E(host ‖ card ‖ filler ‖ 80). */
function answerMutual(
  context: GidsContext,
  { octets, host }: { octets: Uint8Array; host: Uint8Array },
  response: Octets,
): Octets {
  demand(response.length === CRYPTOGRAM_LENGTH, SW.securityStatus)
  const key = readHex(context.state.adminKeyHex as string)
  const decipher = createDecipheriv('des-ede3-cbc', key, ZERO_IV).setAutoPadding(false)
  const clear = concat(decipher.update(response), decipher.final())
  demandEqual(clear.subarray(0, 2 * MUTUAL_LENGTH), concat(octets, host))
  demand(clear[CRYPTOGRAM_LENGTH - 1] === 0x80, SW.securityStatus)
  const cipher = createCipheriv('des-ede3-cbc', key, ZERO_IV).setAutoPadding(false)
  const ours = concat(host, octets, context.random(FILLER_LENGTH), Uint8Array.of(0x80))
  return writeTlv(TAG_TEMPLATE, writeTlv(TAG_RESPONSE, cipher.update(ours), cipher.final()))
}

function demandEqual(given: Uint8Array, right: Uint8Array): void {
  demand(isEqual(given, right), SW.securityStatus)
}
