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
import type { PukCandidate, PukRecord } from '../../records/puk-records/puk-record.ts'
import type { Round } from './conversation.ts'
import { isSignatureOf } from './rsa.ts'
import {
  asAccepted,
  asRefused,
  asSentToSet,
  asSet,
  isRefusal,
  mayTry,
  newerOf,
  restartTries,
  type SecretRef,
  type SecretTries,
  startTries,
} from './secret-tries.ts'

/**
 * Personalises a PIV card: Card UUID, key 9E with its rehearsal, a PUK and a key 9B of ours.
 *
 * Steps: probe → challenge → authenticate → generate → (signature) → rehearsal → puk → challenge → authenticate →
 * management-key. A key that fails its rehearsal is followed by the other kind; when both fail the card is *PUC only*.
 *
 * It may begin again after a tear at any step, or after a restore: what was meant for the card is in the generations, so that
 * what it came with is tried first and ours only where it may be there.
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
    | 'management-key'
  readonly cardUuidHex: string
  readonly generation: Generation
  readonly managementGeneration: Generation
  readonly managementKey: SecretTries
  readonly puk: SecretTries
  /** Ciphers of 9B still to be tried, the current one first. */
  readonly ciphers: readonly BlockCipher[]
  /** What key 9B is authenticated for. */
  readonly purpose: 'generate' | 'management-key'
  readonly keyKind: 'p256' | 'rsa2048'
  /** Public key of 9E as the card generated it: modulus and exponent; hexadecimal. */
  readonly publicKey: { modulus?: string; exponent?: string }
  /** The card takes no other PUK: it keeps what it came with. */
  readonly keepsPuk: boolean
  readonly isYubico: boolean
  /** It had a holder before: a PUK that stays as it was will not do. */
  readonly isReissue: boolean
  /** Of what another system gave the card: the PUK's form, the cipher of key 9B. */
  readonly imported: { readonly form: PukRecord['form']; readonly cipher: BlockCipher | null }
}

/** Where a personalisation begins; absent: a card from its factory. */
export interface PivStart {
  readonly cardUuidHex: string
  readonly generation: Generation
  readonly managementGeneration?: Generation
  readonly managementKey?: SecretTries
  readonly puk?: SecretTries
  readonly isReissue?: boolean
}

/** What a PIV card leaves its factory with. Key 9B counts no tries. */
export const FACTORY_9B = startTries(['factory'], 0)
export const FACTORY_PUK = startTries(['factory'], null)

export const startPiv = (start: PivStart): PivState => ({
  step: 'start',
  cardUuidHex: start.cardUuidHex,
  generation: start.generation,
  managementGeneration: start.managementGeneration ?? { epoch: start.generation.epoch, counter: 1 },
  managementKey: start.managementKey ?? FACTORY_9B,
  puk: start.puk ?? FACTORY_PUK,
  ciphers: CIPHERS,
  purpose: 'generate',
  keyKind: 'p256',
  publicKey: {},
  keepsPuk: false,
  isYubico: false,
  isReissue: start.isReissue ?? false,
  imported: { form: 'eight-digits', cipher: null },
})

/** Begins, or begins again: `meant` is what was meant for the card so far, undefined where nothing was. */
export const restartPiv = (
  state: PivState,
  meant: { puk: Generation | undefined; managementKey: Generation | undefined },
): PivState => ({
  ...startPiv({
    ...state,
    generation: newerOf(state.generation, meant.puk),
    managementGeneration: newerOf(state.managementGeneration, meant.managementKey),
    managementKey: restartTries(state.managementKey, meant.managementKey),
    puk: restartTries(state.puk, meant.puk),
  }),
  imported: state.imported,
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

const refused = (state: PivState, why: string): Round<PivState> => {
  return { kind: 'refused', code: 'personalisation-refused', why, state }
}

/** Nothing is left that may be tried. */
export const secretUnknown = (
  state: PivState,
  secret: 'PUK' | 'key 9B',
): Round<PivState> & { readonly kind: 'refused' } => ({
  kind: 'refused',
  code: 'card-key-unknown',
  why: `the ${secret} is none that may be tried: this card belongs to another system`,
  state,
})

/** GET METADATA: algorithm and retry counters. [Yubico PIV extensions] */
function readMetadata(response: ResponseApdu | undefined, tag: number): Octets | undefined {
  if (!response || !isOk(response)) return undefined
  return readSequence(response.data).find((part) => part.tag === tag)?.value
}

function afterProbe(state: PivState, [selected, key, puk]: readonly ResponseApdu[]): Round<PivState> {
  if (!selected || !isOk(selected)) return refused(state, 'this card has no PIV application')
  const algorithm = readMetadata(key, 0x01)?.[0]
  const known = state.ciphers.find((cipher) => ALGORITHM[cipher] === algorithm)
  const [limit, left] = readMetadata(puk, 0x06) ?? []
  const [current] = state.managementKey.candidates
  const given = current === 'imported' ? state.imported.cipher : null
  if (given && known && given !== known) return refused(state, `key 9B of this card is ${known}, not ${given}`)
  const told = limit === undefined || left === undefined ? {} : { limit, lost: limit - left }
  return askChallenge({
    ...state,
    ciphers: given ? [given] : known ? [known] : state.ciphers,
    puk: { ...state.puk, ...told },
    isYubico: algorithm !== undefined,
  })
}

function askChallenge(state: PivState): Round<PivState> {
  const [cipher] = state.ciphers
  if (!cipher) return refused(state, 'no cipher of key 9B answers')
  const ask = command(0x87, ALGORITHM[cipher], KEY.management, writeTlv(0x7c, writeTlv(0x81)))
  return commands({ ...state, step: 'challenge' }, [SELECT, ask])
}

function afterChallenge(state: PivState, answers: readonly ResponseApdu[]): Round<PivState> {
  const [cipher] = state.ciphers
  const answer = answers[1]
  if (!cipher || !answer || !isOk(answer)) return askChallenge({ ...state, ciphers: state.ciphers.slice(1) })
  const block = readAll(answer.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
  const [current] = state.managementKey.candidates
  if (current === undefined || !mayTry(state.managementKey)) return secretUnknown(state, 'key 9B')
  const next: PivState = { ...state, step: 'authenticate' }
  if (current !== 'factory') {
    const by = asPukCandidate(current)
    if (by === 'factory') throw new Error('no such key 9B')
    const order = { kind: 'piv-answer-management-challenge', cipher, by, block } as const
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
    const managementKey = asRefused(state.managementKey, readFault(answer?.sw ?? 0))
    const next = { ...state, managementKey }
    return mayTry(managementKey) ? askChallenge(next) : secretUnknown(next, 'key 9B')
  }
  const [cipher] = state.ciphers
  const managementKey = asAccepted(state.managementKey)
  if (state.purpose === 'management-key' && cipher) {
    const order = { kind: 'piv-set-management-key', cipher, to: state.managementGeneration } as const
    return {
      kind: 'key-command',
      before: [],
      order,
      state: { ...state, step: 'management-key', managementKey },
    }
  }
  const template = writeTlv(0xac, writeTlv(0x80, Uint8Array.of(ALGORITHM[state.keyKind])))
  return commands({ ...state, step: 'generate', managementKey }, [
    command(0xdb, 0x3f, 0xff, putData(0x5fc102, writeChuid(readHex(state.cardUuidHex))), null),
    command(0x47, 0x00, KEY.cardAuthentication, template),
  ])
}

const putData = (tag: number, value: Uint8Array) =>
  concat(writeTlv(0x5c, Uint8Array.of(tag >> 16, (tag >> 8) & 0xff, tag & 0xff)), writeTlv(0x53, value))

function afterGenerate(state: PivState, [chuid, generated]: readonly ResponseApdu[]): Round<PivState> {
  if (!chuid || !isOk(chuid)) return refused(state, 'the card does not take a CHUID')
  if (!generated || !isOk(generated)) return afterRehearsal(state, false)
  const parts = readAll(generated.data, (cursor) => readSequence(cursor.read(0x7f49)))
  const part = (tag: number) => parts.find((found) => found.tag === tag)?.value
  if (state.keyKind === 'p256') {
    const point = part(0x86)
    if (point?.length !== 65) return refused(state, 'the card generated no P-256 key')
    return {
      kind: 'rehearsal',
      variant: 1,
      key: point,
      state: { ...state, step: 'rehearsal' },
    }
  }
  const [modulus, exponent] = [part(0x81), part(0x82)]
  if (!modulus || !exponent) return refused(state, 'the card generated no RSA key')
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
    return refused(state, "key 9E's signature does not verify")
  }
  const key = concat(nodeCrypto.sha256(signature), readHex(modulus), readHex(exponent))
  return { kind: 'rehearsal', variant: 2, key, state: { ...state, step: 'rehearsal' } }
}

function afterRehearsal(state: PivState, isRehearsed: boolean): Round<PivState> {
  if (!isRehearsed && state.keyKind === 'p256') return askChallenge({ ...state, keyKind: 'rsa2048' })
  return changePuk(state)
}

/** From what the card has, to ours; ours onto itself where an earlier run may have set it. */
function changePuk(state: PivState): Round<PivState> {
  const [current] = state.puk.candidates
  if (current === undefined || !mayTry(state.puk)) return secretUnknown(state, 'PUK')
  const order = { kind: 'piv-change-puk', from: asPukCandidate(current), to: state.generation } as const
  return { kind: 'key-command', before: [SELECT], order, state: { ...state, step: 'puk', puk: asSentToSet(state.puk) } }
}

/** PIV cards leave no factory with an admin key. */
function asPukCandidate(ref: SecretRef): PukCandidate {
  if (ref === 'counting' || ref === 'zeros') throw new Error('a PIV card has no such secret')
  return ref
}

function afterPuk(state: PivState, changed: ResponseApdu | undefined): Round<PivState> {
  const next: PivState = { ...state, purpose: 'management-key' }
  if (changed && isOk(changed)) return askChallenge({ ...next, puk: asSet(state.puk, state.generation) })
  const fault = readFault(changed?.sw ?? 0)
  if (fault.code === 'not-supported' || fault.code === 'not-found') {
    if (state.isReissue) return refused(state, 'the card takes no other PUK, and its last holder may know this one')
    return askChallenge({ ...next, puk: { ...state.puk, lost: 0 }, keepsPuk: true })
  }
  // 6A80 is about the new PUK: the old one was right.
  if (!isRefusal(fault) || fault.code === 'reference-refused') {
    return refused(state, 'the card does not take another PUK')
  }
  const puk = asRefused(state.puk, fault)
  return mayTry(puk) ? changePuk({ ...state, puk }) : secretUnknown({ ...state, puk }, 'PUK')
}

/** A card without the command keeps the key 9B that it came with; the record says so. */
function afterManagementKey(state: PivState, answer: ResponseApdu | undefined): Round<PivState> {
  const [cipher] = state.ciphers
  const [kept] = state.managementKey.candidates
  const [puk] = state.puk.candidates
  if (!cipher || kept === undefined || puk === undefined) return refused(state, 'no cipher of key 9B answers')
  const isTaken = answer !== undefined && isOk(answer)
  return {
    kind: 'done',
    state,
    outcome: {
      kind: 'piv',
      puk: asPukCandidate(puk),
      form: puk === 'imported' ? state.imported.form : 'eight-digits',
      isRotatable: !state.keepsPuk,
      triesLimit: state.puk.limit,
      isYubico: state.isYubico,
      managementKey: { cipher, generation: isTaken ? state.managementGeneration : asPukCandidate(kept) },
    },
  }
}
