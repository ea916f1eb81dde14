import { type Octets, readHex } from '@unlatch/card'
import { CARD_ID, GIDS_AID, REFERENCE } from '@unlatch/card/gids'
import { isOk, type ResponseApdu, readAll, readFault, writeCommand, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { answerChallenge, type Generation } from '@unlatch/card/unblock'
import { FACTORY_ADMIN_KEYS, type FactoryAdminKey } from '@unlatch/contract'
import type { KeyOrder } from '../../ports/key-service.ts'
import { UNKNOWN_TRIES_LIMIT } from '../../records/puk-records/puk-record.ts'
import type { Round } from './conversation.ts'
import {
  asAccepted,
  asRefused,
  asSent,
  asSet,
  isRefusal,
  mayTry,
  newerOf,
  restartTries,
  type SecretRef,
  type SecretTries,
} from './secret-tries.ts'

/**
 * Personalises an initialised GIDS card: card identifier, then the derived admin key, which the card then proves.
 *
 * Steps: challenge → authenticate → identify → key → prove-challenge → prove. What the card may have is tried in turn, and a
 * second one only while it cannot cost the card its last try: on some families a wrong admin key spends one for good.
 *
 * @see [GidsApplet]; [piv-unblock/v1, Native admin key]
 */
export interface GidsState {
  readonly step: 'start' | 'challenge' | 'authenticate' | 'identify' | 'key' | 'prove-challenge' | 'prove'
  readonly cardUuidHex: string
  readonly generation: Generation
  readonly adminKey: SecretTries
}

/** @param adminKey - what the card may have now. */
export const startGids = (cardUuidHex: string, generation: Generation, adminKey: SecretTries): GidsState => {
  return { step: 'start', cardUuidHex, generation, adminKey }
}

/** Begins, or begins again: `meant` is the admin key that was meant for the card so far. */
export const restartGids = (state: GidsState, meant: Generation | undefined): GidsState => ({
  ...state,
  step: 'start',
  generation: newerOf(state.generation, meant),
  adminKey: restartTries(state.adminKey, meant),
})

const command = (ins: number, p1: number, p2: number, data: Uint8Array, le?: number) =>
  writeCommand({ cla: 0x00, ins, p1, p2, data, ...(le !== undefined && { le }) })

const SELECT = command(0xa4, 0x04, 0x00, GIDS_AID, 256)
const SELECT_ADMIN_KEY = command(0x22, 0xc1, 0xa4, writeTlv(0x83, Uint8Array.of(REFERENCE.adminKey)))
const GET_CHALLENGE = command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x81)), 256)
/** Admin keys that cards leave the factory with. [Windows smart cards] */
const FACTORY_KEYS = {
  counting: readHex('0102030405060708'.repeat(3)),
  zeros: new Uint8Array(24),
} as const satisfies Record<FactoryAdminKey, Octets>

/** What a card from its factory may have: the one that it is said to have; every one in turn where it counts no tries. */
export function factoryKeysOf(
  said: FactoryAdminKey | undefined,
  triesLimit: number | null,
): readonly FactoryAdminKey[] {
  if (said) return [said]
  return triesLimit === 0 ? FACTORY_ADMIN_KEYS : ['counting']
}

/** The next round. */
export function advanceGids(state: GidsState, answers: readonly ResponseApdu[]): Round<GidsState> {
  const last = answers.at(-1)
  switch (state.step) {
    case 'start':
      return commands({ ...state, step: 'challenge' }, [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE])
    case 'challenge':
      return afterChallenge(state, answers)
    case 'authenticate':
      return afterAuthenticate(state, last)
    case 'identify':
      if (!last || !isOk(last)) return refused(state, 'the card does not take a card identifier')
      return keyCommand(
        { ...state, step: 'key' },
        { kind: 'gids-load-admin-key', cipher: '3des', to: state.generation },
      )
    case 'key': {
      if (!last || !isOk(last)) return refused(state, 'the card does not take an admin key')
      const adminKey = asSet(state.adminKey, state.generation)
      return commands({ ...state, step: 'prove-challenge', adminKey }, [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE])
    }
    case 'prove-challenge': {
      const block = readChallenge(last)
      if (!block) return refused(state, 'the card gives no challenge')
      return answerBy({ ...state, step: 'prove', adminKey: asSent(state.adminKey) }, state.generation, block)
    }
    case 'prove':
      if (!last || !isOk(last)) return refused(state, 'the card does not prove the admin key that it took')
      return { kind: 'done', state, outcome: { kind: 'gids', triesLimit: limitOf(state) } }
  }
}

const limitOf = ({ adminKey }: GidsState) => adminKey.limit ?? UNKNOWN_TRIES_LIMIT

const keyCommand = (state: GidsState, order: KeyOrder): Round<GidsState> => ({
  kind: 'key-command',
  before: [],
  order,
  state,
})

const commands = (state: GidsState, list: readonly Octets[]): Round<GidsState> => ({
  kind: 'commands',
  state,
  commands: list,
})

const refused = (state: GidsState, why: string): Round<GidsState> => {
  return { kind: 'refused', code: 'personalisation-refused', why, state }
}

function afterChallenge(state: GidsState, [selected, , asked]: readonly ResponseApdu[]): Round<GidsState> {
  if (!selected || !isOk(selected)) return refused(state, 'this card has no GIDS application')
  const block = readChallenge(asked)
  if (!block) return refused(state, 'the card has no 3DES admin key: initialise it first')
  const [current] = state.adminKey.candidates
  if (current === undefined || !mayTry(state.adminKey)) return adminKeyUnknown(state)
  return answerBy({ ...state, step: 'authenticate', adminKey: asSent(state.adminKey) }, current, block)
}

function readChallenge(asked: ResponseApdu | undefined): Octets | undefined {
  if (!asked || !isOk(asked)) return undefined
  const block = readAll(asked.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
  return block.length === 8 ? block : undefined
}

/** The card's challenge, answered: a factory's key is no secret, every other one stays in the key service. */
function answerBy(state: GidsState, key: SecretRef, block: Octets): Round<GidsState> {
  if (key === 'counting' || key === 'zeros') {
    const response = answerChallenge(nodeCrypto, '3des', FACTORY_KEYS[key], block)
    return commands(state, [command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x82, response)))])
  }
  if (key === 'factory') throw new Error('a GIDS card has no such key')
  return keyCommand(state, { kind: 'gids-answer-admin-challenge', cipher: '3des', by: key, block })
}

function afterAuthenticate(state: GidsState, answer: ResponseApdu | undefined): Round<GidsState> {
  if (answer && isOk(answer)) {
    const identify = command(
      0xdb,
      CARD_ID.file >> 8,
      CARD_ID.file & 0xff,
      writeTlv(CARD_ID.object, readHex(state.cardUuidHex)),
    )
    return commands({ ...state, step: 'identify', adminKey: asAccepted(state.adminKey) }, [identify])
  }
  const fault = readFault(answer?.sw ?? 0)
  if (!isRefusal(fault)) return refused(state, 'the card does not say whether the admin key is right')
  const next = { ...state, adminKey: asRefused(state.adminKey, fault) }
  if (!mayTry(next.adminKey)) return adminKeyUnknown(next)
  return commands({ ...next, step: 'challenge' }, [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE])
}

/** Nothing is left that may be tried. */
export const adminKeyUnknown = (state: GidsState): Round<GidsState> & { readonly kind: 'refused' } => ({
  kind: 'refused',
  code: 'card-key-unknown',
  why: 'the admin key is none that may be tried: this card belongs to another system',
  state,
})
