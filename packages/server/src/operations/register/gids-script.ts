import { type Octets, readHex } from '@unlatch/card'
import { CARD_ID, GIDS_AID, REFERENCE } from '@unlatch/card/gids'
import { isOk, type ResponseApdu, readAll, writeCommand, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { answerChallenge, type Generation } from '@unlatch/card/unblock'
import type { FactoryAdminKey } from '@unlatch/contract'
import type { KeyOrder } from '../../ports/key-service.ts'
import type { Round } from './conversation.ts'

/**
 * Personalises an initialised GIDS card that still has a factory admin key: card identifier, then the derived admin key, which
 * the card then proves.
 *
 * Steps: challenge → authenticate → identify → key → prove-challenge → prove. A factory key is tried once, and a second one only
 * where the card counts no tries: on some families a wrong admin key spends a try for good. After a tear the derived key is tried once as well, where it may be there.
 *
 * @see [GidsApplet]; [piv-unblock/v1, Native admin key]
 */
export interface GidsState {
  readonly step: 'start' | 'challenge' | 'authenticate' | 'identify' | 'key' | 'prove-challenge' | 'prove'
  readonly cardUuidHex: string
  readonly generation: Generation
  /** Tries that the card gives its admin key; 0 none. */
  readonly triesLimit: number
  /** Factory keys still to be tried, the current one first. */
  readonly factoryKeys: readonly FactoryAdminKey[]
  /** An earlier run may have set the admin key. */
  readonly mayHaveOurKey: boolean
  /** The factory's key was refused, and ours may be there. */
  readonly triesDerivedKey: boolean
}

export const startGids = (
  cardUuidHex: string,
  generation: Generation,
  triesLimit: number,
  factoryKeys: readonly FactoryAdminKey[],
): GidsState => ({
  step: 'start',
  cardUuidHex,
  generation,
  triesLimit,
  factoryKeys,
  mayHaveOurKey: false,
  triesDerivedKey: false,
})

/** Begins, or begins again: `meant` is the admin key that was meant for the card so far. */
export const restartGids = (state: GidsState, meant: Generation | undefined): GidsState => ({
  ...state,
  step: 'start',
  generation: meant ?? state.generation,
  mayHaveOurKey: meant !== undefined,
  triesDerivedKey: false,
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
      if (!last || !isOk(last)) return refused('the card does not take a card identifier')
      return keyCommand(
        { ...state, step: 'key' },
        { kind: 'gids-load-admin-key', cipher: '3des', to: state.generation },
      )
    case 'key':
      if (!last || !isOk(last)) return refused('the card does not take an admin key')
      return commands({ ...state, step: 'prove-challenge' }, [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE])
    case 'prove-challenge':
      return answerByOurs({ ...state, step: 'prove' }, last)
    case 'prove':
      if (!last || !isOk(last)) return refused('the card does not prove the admin key that it took')
      return { kind: 'done', state, outcome: { kind: 'gids', triesLimit: state.triesLimit } }
  }
}

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

const refused = (why: string): Round<GidsState> => ({ kind: 'refused', why })

function afterChallenge(state: GidsState, [selected, , asked]: readonly ResponseApdu[]): Round<GidsState> {
  if (!selected || !isOk(selected)) return refused('this card has no GIDS application')
  if (state.triesDerivedKey) return answerByOurs({ ...state, step: 'authenticate' }, asked)
  const block = readChallenge(asked)
  if (!block) return refused('the card has no 3DES admin key: initialise it first')
  const [factoryKey] = state.factoryKeys
  if (!factoryKey) return refused('no factory key is left to be tried')
  const response = answerChallenge(nodeCrypto, '3des', FACTORY_KEYS[factoryKey], block)
  return commands({ ...state, step: 'authenticate' }, [
    command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x82, response))),
  ])
}

function readChallenge(asked: ResponseApdu | undefined): Octets | undefined {
  if (!asked || !isOk(asked)) return undefined
  const block = readAll(asked.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
  return block.length === 8 ? block : undefined
}

function answerByOurs(state: GidsState, asked: ResponseApdu | undefined): Round<GidsState> {
  const block = readChallenge(asked)
  if (!block) return refused('the card gives no challenge')
  return keyCommand(state, { kind: 'gids-answer-admin-challenge', cipher: '3des', generation: state.generation, block })
}

function afterAuthenticate(state: GidsState, answer: ResponseApdu | undefined): Round<GidsState> {
  if (answer && isOk(answer)) {
    const identify = command(
      0xdb,
      CARD_ID.file >> 8,
      CARD_ID.file & 0xff,
      writeTlv(CARD_ID.object, readHex(state.cardUuidHex)),
    )
    return commands({ ...state, step: 'identify' }, [identify])
  }
  const askAgain = [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE]
  if (state.mayHaveOurKey && !state.triesDerivedKey) {
    return commands({ ...state, step: 'challenge', triesDerivedKey: true }, askAgain)
  }
  const factoryKeys = state.factoryKeys.slice(1)
  if (!state.triesDerivedKey && factoryKeys.length > 0) {
    return commands({ ...state, step: 'challenge', factoryKeys }, askAgain)
  }
  return refused('the admin key is neither the factory key nor ours: this card belongs to another system')
}
