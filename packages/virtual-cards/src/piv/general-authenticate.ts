import { type BlockCipher, isEqual, type Octets, readHex } from '@unlatch/card'
import { type CommandApdu, readAll, readSequence, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { demand, Refusal, SW } from '../status-words.ts'
import { agree, applyPrivateKey, isEllipticCurve } from './key-pair.ts'
import type { PivContext } from './piv-session.ts'
import { slotName } from './slots.ts'

/**
 * GENERAL AUTHENTICATE: key 9B proves the administrator (single or mutual), the other keys sign, decipher and agree.
 *
 * A challenge of key 9B is worth one answer: a right one, a wrong one, another challenge, SELECT or power loss ends it.
 *
 * @see [SP 800-73-5 pt 2, 3.2.4 and App. A]
 */

// [SP 800-73-5 pt 2, Table 7]
const TAG_TEMPLATE = 0x7c
const TAG_WITNESS = 0x80
const TAG_CHALLENGE = 0x81
const TAG_RESPONSE = 0x82
const TAG_EXPONENTIATION = 0x85

const KEY_CARD_ADMINISTRATION = 0x9b
const KEY_CARD_AUTHENTICATION = 0x9e
const KEY_DIGITAL_SIGNATURE = 0x9c

/** [SP 800-78-5, Table 10] */
const CIPHERS: Readonly<Record<number, BlockCipher>> = { 3: '3des', 8: 'aes128', 10: 'aes192', 12: 'aes256' }
const BLOCK_LENGTHS: Readonly<Record<number, number>> = { 3: 8, 8: 16, 10: 16, 12: 16 }

/** Yubico's PIN policies. */
const PIN_NEVER = 1
const PIN_ALWAYS = 3

/** What the template holds: absent, empty (the card is to fill it) or octets. */
type Template = ReadonlyMap<number, Octets>

/** Answers one step of an authentication; `6A86` when the card has no such key of this algorithm. */
export function generalAuthenticate(context: PivContext, command: CommandApdu): Octets {
  const template = readTemplate(command.data ?? new Uint8Array(0))
  if (command.p2 === KEY_CARD_ADMINISTRATION) return authenticateAdministrator(context, command.p1, template)
  return useKeyPair(context, command, template)
}

function readTemplate(data: Uint8Array): Template {
  const template = new Map<number, Octets>()
  for (const { tag, value } of readSequence(readAll(data, (cursor) => cursor.read(TAG_TEMPLATE)))) {
    demand(!template.has(tag), SW.wrongData)
    template.set(tag, value)
  }
  return template
}

const isEmpty = (value: Octets | undefined) => value?.length === 0
const hasLength = (value: Octets | undefined, length: number): value is Octets => value?.length === length

/** The five things that a host may ask of key 9B, by which tags are there and which are empty. */
function authenticateAdministrator(context: PivContext, p1: number, template: Template): Octets {
  const { algorithm } = context.state.managementKey
  demand((p1 || 3) === algorithm, SW.wrongParameters)
  const block = BLOCK_LENGTHS[algorithm] as number
  const [witness, challenge] = [template.get(TAG_WITNESS), template.get(TAG_CHALLENGE)]
  const response = template.get(TAG_RESPONSE)
  if (isEmpty(witness) && template.size === 1) return giveWitness(context, block)
  if (isEmpty(challenge) && template.size === 1) return giveChallenge(context, block)
  if (response && response.length > 0 && template.size === 1) return takeResponse(context, response)
  if (witness && hasLength(challenge, block) && !response?.length) return takeWitness(context, witness, challenge)
  if (hasLength(challenge, block) && isEmpty(response) && template.size === 2) {
    demand(context.session.isAdministrator, SW.securityStatus)
    return answerWith(TAG_RESPONSE, encrypt(context, challenge))
  }
  throw new Refusal(SW.wrongData)
}

function giveChallenge({ session, random }: PivContext, length: number): Octets {
  session.challenge = { exchange: 'single', octets: random(length) }
  return answerWith(TAG_CHALLENGE, session.challenge.octets)
}

function giveWitness(context: PivContext, length: number): Octets {
  context.session.challenge = { exchange: 'mutual', octets: context.random(length) }
  return answerWith(TAG_WITNESS, encrypt(context, context.session.challenge.octets))
}

function takeResponse(context: PivContext, response: Octets): Octets {
  const { octets } = spend(context, 'single')
  prove(context, isEqual(response, encrypt(context, octets)))
  return new Uint8Array(0)
}

function takeWitness(context: PivContext, witness: Octets, challenge: Octets): Octets {
  const { octets } = spend(context, 'mutual')
  prove(context, isEqual(witness, octets))
  return answerWith(TAG_RESPONSE, encrypt(context, challenge))
}

/** Takes the outstanding challenge away; without one of this exchange the answer is as for a wrong cryptogram. */
function spend({ session, profile }: PivContext, exchange: 'single' | 'mutual') {
  const { challenge } = session
  session.challenge = undefined
  if (challenge?.exchange !== exchange) throw new Refusal(profile.wrongCryptogram)
  return challenge
}

function prove({ session, profile }: PivContext, isRight: boolean): void {
  session.isAdministrator = isRight
  demand(isRight, profile.wrongCryptogram)
}

function encrypt({ state }: PivContext, block: Uint8Array): Octets {
  const { algorithm, keyHex } = state.managementKey
  return nodeCrypto.encryptBlocks(CIPHERS[algorithm] as BlockCipher, readHex(keyHex), block)
}

const answerWith = (tag: number, octets: Uint8Array) => writeTlv(TAG_TEMPLATE, writeTlv(tag, octets))

/** Signature, decipherment or agreement with an asymmetric key. */
function useKeyPair(context: PivContext, command: CommandApdu, template: Template): Octets {
  const key = context.state.keys[slotName(command.p2)]
  if (key?.algorithm !== command.p1) throw new Refusal(SW.wrongParameters)
  demand(mayUseKey(context, command.p2, key.pinPolicy), SW.securityStatus)
  demand(isEmpty(template.get(TAG_RESPONSE)) && template.size === 2, SW.wrongData)
  const point = template.get(TAG_EXPONENTIATION)
  if (point) {
    demand(isEllipticCurve(key.algorithm) && mayExponentiate(context, command.p2), SW.wrongData)
    return answerWith(TAG_RESPONSE, agree(key.algorithm, key.privateHex, point))
  }
  const block = template.get(TAG_CHALLENGE)
  demand(block !== undefined && block.length > 0, SW.wrongData)
  return answerWith(TAG_RESPONSE, applyPrivateKey(key.algorithm, key.privateHex, block))
}

/** 9E never asks for the PIN, 9C asks each time, the others once. [SP 800-73-5 pt 1, Table 5] */
function mayUseKey({ session }: PivContext, slot: number, pinPolicy: number): boolean {
  if (pinPolicy === PIN_NEVER || (pinPolicy === 0 && slot === KEY_CARD_AUTHENTICATION)) return true
  if (pinPolicy === PIN_ALWAYS || (pinPolicy === 0 && slot === KEY_DIGITAL_SIGNATURE)) return session.isPinFresh
  return session.isPinVerified
}

/** The standard keeps exponentiation to key management, 9D and 82 to 95. [SP 800-73-5 pt 2, 3.2.4] */
function mayExponentiate({ profile }: PivContext, slot: number): boolean {
  return profile.exponentiation === 'everywhere' || slot === 0x9d || (slot >= 0x82 && slot <= 0x95)
}
