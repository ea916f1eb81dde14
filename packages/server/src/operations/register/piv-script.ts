import { type BlockCipher, concat, KEY_LENGTH, type Octets, readHex, writeHex } from '@unlatch/card'
import {
  isOk,
  type ResponseApdu,
  readAll,
  readFault,
  readSequence,
  writeCommand,
  writeTlv,
} from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { ALGORITHM, encodePkcs1, KEY, PIV_AID, REFERENCE, SIGNED_TEXT, writeChuid } from '@unlatch/card/piv'
import type { Generation } from '@unlatch/card/unblock'
import type { Round } from './conversation.ts'
import { isSignatureOf } from './rsa.ts'

/**
 * Personalises a PIV card that still has its factory keys: Card UUID, key 9E with its rehearsal, PUK and key 9B of their first
 * generation.
 *
 * Steps: probe → challenge → authenticate → generate → (signature) → rehearsal → puk → challenge → authenticate →
 * management-key. A key that fails its rehearsal is followed by the other kind; when both fail the card is *PUC only*.
 *
 * It may begin again after a tear at any step, or after a restore: what was meant for the card is in the generations, so that
 * the factory's value is tried first and ours only where it may be there.
 *
 * @see [piv-unblock/v1, Slot 9E, and the rehearsal]; [SP 800-73-5 pt 2, 3.3]
 */
export interface PivState {
  readonly step:
    | 'start'
    | 'probe'
    | 'challenge'
    | 'authenticate'
    | 'generate'
    | 'signature'
    | 'rehearsal'
    | 'puk'
    | 'puk-again'
    | 'management-key'
  readonly cardUuidHex: string
  readonly generation: Generation
  readonly managementGeneration: Generation
  /** Ciphers of 9B still to be tried, the current one first. */
  readonly ciphers: readonly BlockCipher[]
  /** What key 9B is authenticated for. */
  readonly purpose: 'generate' | 'management-key'
  /** The factory's 9B was refused, and ours may be there. */
  readonly triesDerivedKey: boolean
  readonly keyKind: 'p256' | 'rsa2048'
  /** Public key of 9E as the card generated it: modulus and exponent; hexadecimal. */
  readonly publicKey: { modulus?: string; exponent?: string }
  /** An earlier run may have set the PUK, or key 9B. */
  readonly mayHaveOurPuk: boolean
  readonly mayHaveOurManagementKey: boolean
  readonly puk: 'derived' | 'factory'
  readonly pukTriesLimit: number | null
  readonly isYubico: boolean
}

/** Where a personalisation begins. */
export const startPiv = (cardUuidHex: string, generation: Generation): PivState => ({
  step: 'start',
  cardUuidHex,
  generation,
  managementGeneration: { epoch: generation.epoch, counter: 1 },
  ciphers: CIPHERS,
  purpose: 'generate',
  triesDerivedKey: false,
  keyKind: 'p256',
  publicKey: {},
  mayHaveOurPuk: false,
  mayHaveOurManagementKey: false,
  puk: 'factory',
  pukTriesLimit: null,
  isYubico: false,
})

/** Begins, or begins again: `meant` is what was meant for the card so far, undefined where nothing was. */
export const restartPiv = (
  state: PivState,
  meant: { puk: Generation | undefined; managementKey: Generation | undefined },
): PivState => ({
  ...startPiv(state.cardUuidHex, meant.puk ?? state.generation),
  managementGeneration: meant.managementKey ?? state.managementGeneration,
  mayHaveOurPuk: meant.puk !== undefined,
  mayHaveOurManagementKey: meant.managementKey !== undefined,
})

const CIPHERS = ['3des', 'aes192', 'aes128', 'aes256'] as const satisfies readonly BlockCipher[]

const command = (ins: number, p1: number, p2: number, data?: Uint8Array, le: number | null = 256) =>
  writeCommand({ cla: 0x00, ins, p1, p2, ...(data && { data }), ...(le !== null && { le }) })

const SELECT = command(0xa4, 0x04, 0x00, PIV_AID)
const GET_METADATA_9B = command(0xf7, 0x00, KEY.management)
const GET_METADATA_PUK = command(0xf7, 0x00, REFERENCE.puk)
/** The management key that cards leave the factory with, repeated to the length of the cipher. [Yubico PIV] */
const FACTORY_KEY = readHex('0102030405060708'.repeat(4))

/** The next round. `isRehearsed` is said by the key service for the answers to a rehearsal. */
export function advancePiv(state: PivState, answers: readonly ResponseApdu[], isRehearsed: boolean): Round<PivState> {
  switch (state.step) {
    case 'start':
      return commands({ ...state, step: 'probe' }, [SELECT, GET_METADATA_9B, GET_METADATA_PUK])
    case 'probe':
      return afterProbe(state, answers)
    case 'challenge':
      return afterChallenge(state, answers)
    case 'authenticate':
      return afterAuthenticate(state, answers.at(-1))
    case 'generate':
      return afterGenerate(state, answers)
    case 'signature':
      return afterSignature(state, answers)
    case 'rehearsal':
      return afterRehearsal(state, isRehearsed)
    case 'puk':
    case 'puk-again':
      return afterPuk(state, answers.at(-1))
    case 'management-key':
      return afterManagementKey(state, answers.at(-1))
  }
}

const commands = (state: PivState, list: readonly Octets[]): Round<PivState> => ({
  kind: 'commands',
  state,
  commands: list,
})

const refused = (why: string): Round<PivState> => ({ kind: 'refused', why })

/** GET METADATA: algorithm and retry counters. [Yubico PIV extensions] */
function readMetadata(response: ResponseApdu | undefined, tag: number): Octets | undefined {
  if (!response || !isOk(response)) return undefined
  return readSequence(response.data).find((part) => part.tag === tag)?.value
}

function afterProbe(state: PivState, [selected, key, puk]: readonly ResponseApdu[]): Round<PivState> {
  if (!selected || !isOk(selected)) return refused('this card has no PIV application')
  const algorithm = readMetadata(key, 0x01)?.[0]
  const known = state.ciphers.find((cipher) => ALGORITHM[cipher] === algorithm)
  const next = {
    ...state,
    ciphers: known ? [known] : state.ciphers,
    pukTriesLimit: readMetadata(puk, 0x06)?.[0] ?? null,
    isYubico: algorithm !== undefined,
  }
  return askChallenge(next)
}

function askChallenge(state: PivState): Round<PivState> {
  const [cipher] = state.ciphers
  if (!cipher) return refused('no cipher of key 9B answers')
  const ask = command(0x87, ALGORITHM[cipher], KEY.management, writeTlv(0x7c, writeTlv(0x81)))
  return commands({ ...state, step: 'challenge' }, [SELECT, ask])
}

function afterChallenge(state: PivState, answers: readonly ResponseApdu[]): Round<PivState> {
  const [cipher] = state.ciphers
  const answer = answers[1]
  if (!cipher || !answer || !isOk(answer)) return askChallenge({ ...state, ciphers: state.ciphers.slice(1) })
  const block = readAll(answer.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
  const next: PivState = { ...state, step: 'authenticate' }
  if (state.triesDerivedKey) {
    const order = {
      kind: 'piv-answer-management-challenge',
      cipher,
      generation: state.managementGeneration,
      block,
    } as const
    return { kind: 'key-command', before: [], order, state: next }
  }
  const key = FACTORY_KEY.subarray(0, KEY_LENGTH[cipher])
  const response = nodeCrypto.encryptBlocks(cipher, key, block)
  return commands(next, [
    command(0x87, ALGORITHM[cipher], KEY.management, writeTlv(0x7c, writeTlv(0x82, response)), null),
  ])
}

function afterAuthenticate(state: PivState, answer: ResponseApdu | undefined): Round<PivState> {
  if (!answer || !isOk(answer)) {
    if (state.mayHaveOurManagementKey && !state.triesDerivedKey)
      return askChallenge({ ...state, triesDerivedKey: true })
    return refused('key 9B is neither the factory key nor ours: this card belongs to another system')
  }
  const [cipher] = state.ciphers
  if (state.purpose === 'management-key' && cipher) {
    const order = { kind: 'piv-set-management-key', cipher, to: state.managementGeneration } as const
    return {
      kind: 'key-command',
      before: [],
      order,
      state: { ...state, step: 'management-key' },
    }
  }
  const template = writeTlv(0xac, writeTlv(0x80, Uint8Array.of(ALGORITHM[state.keyKind])))
  return commands({ ...state, step: 'generate' }, [
    command(0xdb, 0x3f, 0xff, putData(0x5fc102, writeChuid(readHex(state.cardUuidHex))), null),
    command(0x47, 0x00, KEY.cardAuthentication, template),
  ])
}

const putData = (tag: number, value: Uint8Array) =>
  concat(writeTlv(0x5c, Uint8Array.of(tag >> 16, (tag >> 8) & 0xff, tag & 0xff)), writeTlv(0x53, value))

function afterGenerate(state: PivState, [chuid, generated]: readonly ResponseApdu[]): Round<PivState> {
  if (!chuid || !isOk(chuid)) return refused('the card does not take a CHUID')
  if (!generated || !isOk(generated)) return afterRehearsal(state, false)
  const parts = readAll(generated.data, (cursor) => readSequence(cursor.read(0x7f49)))
  const part = (tag: number) => parts.find((found) => found.tag === tag)?.value
  if (state.keyKind === 'p256') {
    const point = part(0x86)
    if (point?.length !== 65) return refused('the card generated no P-256 key')
    return {
      kind: 'rehearsal',
      variant: 1,
      key: point,
      state: { ...state, step: 'rehearsal' },
    }
  }
  const [modulus, exponent] = [part(0x81), part(0x82)]
  if (!modulus || !exponent) return refused('the card generated no RSA key')
  const block = encodePkcs1(nodeCrypto.sha256(SIGNED_TEXT))
  const template = writeTlv(0x7c, writeTlv(0x82), writeTlv(0x81, block))
  return commands(
    { ...state, step: 'signature', publicKey: { modulus: writeHex(modulus), exponent: writeHex(exponent) } },
    [SELECT, command(0x87, ALGORITHM.rsa2048, KEY.cardAuthentication, template)],
  )
}

function afterSignature(state: PivState, [, signed]: readonly ResponseApdu[]): Round<PivState> {
  if (!signed || !isOk(signed)) return afterRehearsal(state, false)
  const signature = readAll(signed.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x82)))
  const { modulus = '', exponent = '' } = state.publicKey
  if (!isSignatureOf({ modulus: readHex(modulus), exponent: readHex(exponent) }, SIGNED_TEXT, signature)) {
    return refused("key 9E's signature does not verify")
  }
  return { kind: 'rehearsal', variant: 2, key: nodeCrypto.sha256(signature), state: { ...state, step: 'rehearsal' } }
}

function afterRehearsal(state: PivState, isRehearsed: boolean): Round<PivState> {
  if (!isRehearsed && state.keyKind === 'p256') return askChallenge({ ...state, keyKind: 'rsa2048' })
  return changePuk({ ...state, step: 'puk' }, 'factory')
}

function changePuk(state: PivState, from: Generation | 'factory'): Round<PivState> {
  const order = { kind: 'piv-change-puk', from, to: state.generation } as const
  return { kind: 'key-command', before: [SELECT], order, state }
}

/** The factory's PUK is tried first; ours, onto itself, only where an earlier run may have set it. */
function afterPuk(state: PivState, changed: ResponseApdu | undefined): Round<PivState> {
  const next: PivState = { ...state, purpose: 'management-key', triesDerivedKey: false }
  if (changed && isOk(changed)) return askChallenge({ ...next, puk: 'derived' })
  const fault = changed && readFault(changed.sw)
  if (fault?.code === 'not-supported' || fault?.code === 'not-found') return askChallenge({ ...next, puk: 'factory' })
  const mayBeOurs = fault?.code === 'reference-incorrect' && state.step === 'puk' && state.mayHaveOurPuk
  if (mayBeOurs) return changePuk({ ...state, step: 'puk-again' }, state.generation)
  return refused("the card's PUK is neither the factory's nor ours: this card belongs to another system")
}

/** A card without the command keeps the factory's key 9B; the record says so. */
function afterManagementKey(state: PivState, answer: ResponseApdu | undefined): Round<PivState> {
  const { puk, pukTriesLimit: triesLimit, isYubico } = state
  const [cipher] = state.ciphers
  if (!cipher) return refused('no cipher of key 9B answers')
  const managementKey = { cipher, generation: answer && isOk(answer) ? state.managementGeneration : null }
  return { kind: 'done', state, outcome: { kind: 'piv', puk, triesLimit, isYubico, managementKey } }
}
