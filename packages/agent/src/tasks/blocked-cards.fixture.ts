import { createECDH } from 'node:crypto'
import { ascii, type Octets, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { encodePkcs1, SIGNED_TEXT } from '@unlatch/card/piv'
import {
  type AttemptKeys,
  answerChallenge,
  deriveAttemptKeys,
  maskPuk,
  readNativeChallenge,
  readNonce,
  readReceipt,
  type UnblockOutcome,
  writeNativeCryptogram,
} from '@unlatch/card/unblock'
import { FIPS_201_3, Problem } from '@unlatch/contract'
import {
  createVirtualCard,
  personaliseGids,
  personalisePiv,
  type VirtualCard,
  type VirtualCardKind,
  type VirtualCardOptions,
  VirtualReader,
} from '@unlatch/virtual-cards'
import { onTestFinished } from 'vitest'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import type { CardReaders, Configuration, Journal, JournalIntent, JournalOutcome } from './ports.ts'
import { OfflineUnblock } from './unblock-offline.ts'

/** Blocked cards in a virtual reader, with what a server would know of them, for tests of the agent alone. */

export const CARD_UUID = readHex('00112233445566774899AABBCCDDEEFF')
export const OLD_PIN = '123456'
export const NEW_PIN = '857142'
export const PUK = '87654321'
const ADMIN_KEY = readHex('0102030405060708010203040506070801020304050607F8')
const SELECT_PIV = readHex('00A4040009A0000003080000100000')
const SELECT_GIDS = readHex('00A4040009A0000003974254465900')

/** The server's unblock key of these tests. */
const unblockKey = createECDH('prime256v1')
unblockKey.generateKeys()

export const CONFIGURATION: Configuration = {
  version: 1,
  unblockKeys: [unblockKey.getPublicKey('hex').toUpperCase()],
  pinPolicy: { ...FIPS_201_3, blockList: [...FIPS_201_3.blockList] },
  helpDeskPhone: '+46 8 555 0100',
  organisation: 'Example Organisation',
}

/** What the help desk knows of one card and does for a caller. */
export interface Desk {
  /** The cryptogram for a challenge; another PUK than the card's where the server is wrong about it. */
  answer(challenge: string, puk?: string): string
  /** What a receipt says about that answer. Throws CodeError. */
  readReceipt(challenge: string, receipt: string, puk?: string): UnblockOutcome
}

/** A virtual card that counts what it is sent. */
export interface SpiedCard extends VirtualCard {
  /** Commands since the last `forget`, in hexadecimal. */
  readonly heard: string[]
  forget(): void
}

export function spyOn(card: VirtualCard): SpiedCard {
  const heard: string[] = []
  return {
    kind: card.kind,
    atr: card.atr,
    heard,
    forget: () => void heard.splice(0),
    reset: () => card.reset(),
    save: () => card.save(),
    transmit(command) {
      heard.push(writeHex(command))
      return card.transmit(command)
    },
  }
}

/** RESET RETRY COUNTER commands among these. */
export const resetsIn = (heard: readonly string[]) => heard.filter((command) => command.startsWith('002C'))

/** Key pair for 9E: what the kind can do; none makes the card *PUC only*. */
type NineE = 'p256' | 'rsa2048' | 'none'

export function createCard(
  kind: VirtualCardKind,
  options: VirtualCardOptions & { nineE?: NineE } = {},
): { card: SpiedCard; desk: Desk } {
  const card = createVirtualCard(kind, options)
  if (kind === 'gids') {
    personaliseGids(card, { cardId: CARD_UUID, adminKey: ADMIN_KEY, pin: OLD_PIN })
    return { card: spyOn(card), desk: gidsDesk() }
  }
  const nineE = options.nineE ?? (kind === 'piv-strict' ? 'rsa2048' : 'p256')
  const made = personalisePiv(card, { cardUuid: CARD_UUID, puk: PUK, ...(nineE !== 'none' && { nineE }) })
  const secret = made.nineE?.algorithm === 'p256' ? agreed(made.nineE.point) : signed(card)
  return { card: spyOn(card), desk: pivDesk(secret, made.nineE?.algorithm === 'p256' ? 1 : 2) }
}

const agreed = (point: Uint8Array): Octets => new Uint8Array(unblockKey.computeSecret(point))

/** Z of variant 2, as issuance learns it: the card itself signs. */
function signed(card: VirtualCard): Octets {
  card.reset()
  card.transmit(SELECT_PIV)
  const block = writeHex(encodePkcs1(nodeCrypto.sha256(SIGNED_TEXT)))
  const command = readHex(`0087079E00010A7C82010682008182 0100${block}0000`.replaceAll(' ', ''))
  const answer = card.transmit(command)
  card.reset()
  return nodeCrypto.sha256(answer.slice(-258, -2))
}

function pivDesk(z: Octets, variant: 1 | 2): Desk {
  const keysOf = (challenge: string): AttemptKeys =>
    deriveAttemptKeys(nodeCrypto, z, readNonce(challenge), variant, CARD_UUID)
  const answer = (challenge: string, puk = PUK) => maskPuk(nodeCrypto, keysOf(challenge), puk)
  return {
    answer,
    readReceipt: (challenge, receipt, puk) =>
      readReceipt(nodeCrypto, keysOf(challenge), ascii(answer(challenge, puk)), receipt),
  }
}

const gidsDesk = (): Desk => ({
  answer: (challenge) =>
    writeNativeCryptogram(answerChallenge(nodeCrypto, '3des', ADMIN_KEY, readNativeChallenge(challenge))),
  readReceipt: () => {
    throw new Error('GIDS cards have no receipts')
  },
})

/** What the card's application answers to VERIFY. */
function verify(card: VirtualCard, pin: string): string {
  card.reset()
  card.transmit(card.kind === 'gids' ? SELECT_GIDS : SELECT_PIV)
  const octets =
    card.kind === 'gids' ? ascii(pin) : Uint8Array.of(...ascii(pin), ...new Uint8Array(8 - pin.length).fill(0xff))
  const answer = writeHex(card.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x80, octets.length, ...octets)))
  card.reset()
  return answer
}

export const acceptsPin = (card: VirtualCard, pin: string): boolean => verify(card, pin) === '9000'

/** Types wrong PINs until the card is blocked. */
function block(card: VirtualCard): void {
  for (let tries = 0; tries < 16; tries++) verify(card, '999999')
}

/** Tries that the card's PUK has left; GIDS has none. */
export function pukTries(card: VirtualCard): number {
  const state = card.save()
  return state.kind === 'gids' ? Number.NaN : state.puk.left
}

/** A blocked card in a reader, and what an attempt needs. */
export function stageCard(kind: VirtualCardKind, options: Parameters<typeof createCard>[1] = {}) {
  const { card, desk } = createCard(kind, options)
  block(card)
  card.forget()
  const reader = new VirtualReader('reader')
  reader.insert(card)
  const journal = memoryJournal()
  const tools = { readers: virtualReaders([reader]) as CardReaders, journal, configuration: CONFIGURATION, now }
  return { card, desk, reader, journal, tools }
}

export const now = () => new Date('2026-11-23T09:00:00Z')

/** A journal without a disk, that keeps its lines in order. */
interface MemoryJournal extends Journal {
  readonly lines: (({ kind: 'intent' } & JournalIntent) | ({ kind: 'outcome' } & JournalOutcome))[]
}

function memoryJournal(): MemoryJournal {
  const lines: MemoryJournal['lines'] = []
  return {
    lines,
    intend: async (entry) => void lines.push({ kind: 'intent', ...entry }),
    settle: async (entry) => void lines.push({ kind: 'outcome', ...entry }),
    unreported: async () => [],
    markReported: async () => {},
  }
}

export type Staged = ReturnType<typeof stageCard>

/** An attempt on the staged card, ended with the test. */
export async function begin({ tools }: Pick<Staged, 'tools'>, isForced = false): Promise<OfflineUnblock> {
  const attempt = await OfflineUnblock.begin(tools, 'reader', isForced)
  onTestFinished(() => attempt.end())
  return attempt
}

/** An attempt whose cryptogram is accepted; the card has forgotten what it was sent until then. */
export async function beginAccepted(staged: Staged, puk?: string): Promise<OfflineUnblock> {
  const attempt = await begin(staged)
  await attempt.enterCryptogram(ascii(staged.desk.answer(attempt.way.challenge, puk)))
  staged.card.forget()
  return attempt
}

/** The problem that a promise ends with; anything else that it ends with fails the test. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof Problem)) throw new Error('no Problem came out', { cause: error })
  return error
}

/** Another cryptogram: one digit is wrong. */
export const misheard = (code: string) => `${code.slice(0, 4)}${(Number(code[4]) + 1) % 10}${code.slice(5)}`
