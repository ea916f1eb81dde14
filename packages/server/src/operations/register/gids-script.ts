import { type Octets, readHex } from '@unlatch/card'
import { CARD_ID, GIDS_AID, REFERENCE } from '@unlatch/card/gids'
import { isOk, type ResponseApdu, readAll, writeCommand, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { answerChallenge, type Generation } from '@unlatch/card/unblock'
import type { Round } from './conversation.ts'

/**
 * Personalises an initialised GIDS card that still has a factory admin key: card identifier, then the derived admin key in
 * one session.
 *
 * The factory key is tried once: on some families a wrong admin key spends a try for good.
 *
 * @see [GidsApplet]; [piv-unblock/v1, Native admin key]
 */
export interface GidsState {
  readonly step: 'start' | 'challenge' | 'authenticate' | 'key'
  readonly cardUuidHex: string
  readonly generation: Generation
  /** Tries that the card gives its admin key; 0 none. */
  readonly triesLimit: number
}

export const startGids = (cardUuidHex: string, generation: Generation, triesLimit: number): GidsState => ({
  step: 'start',
  cardUuidHex,
  generation,
  triesLimit,
})

const command = (ins: number, p1: number, p2: number, data: Uint8Array, le?: number) =>
  writeCommand({ cla: 0x00, ins, p1, p2, data, ...(le !== undefined && { le }) })

const SELECT = command(0xa4, 0x04, 0x00, GIDS_AID, 256)
const SELECT_ADMIN_KEY = command(0x22, 0xc1, 0xa4, writeTlv(0x83, Uint8Array.of(REFERENCE.adminKey)))
const GET_CHALLENGE = command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x81)), 256)
/** The admin key that cards and Microsoft's virtual smart card leave the factory with. [Windows smart cards] */
const FACTORY_KEY = readHex('0102030405060708'.repeat(3))

/** The next round. */
export function advanceGids(state: GidsState, answers: readonly ResponseApdu[]): Round<GidsState> {
  switch (state.step) {
    case 'start':
      return commands({ ...state, step: 'challenge' }, [SELECT, SELECT_ADMIN_KEY, GET_CHALLENGE])
    case 'challenge':
      return afterChallenge(state, answers)
    case 'authenticate':
      return afterAuthenticate(state, answers)
    case 'key':
      return answers[0] && isOk(answers[0])
        ? { kind: 'done', state, outcome: { kind: 'gids', triesLimit: state.triesLimit } }
        : refused('the card does not take an admin key')
  }
}

const commands = (state: GidsState, list: readonly Octets[]): Round<GidsState> => ({
  kind: 'commands',
  state,
  commands: list,
})

const refused = (why: string): Round<GidsState> => ({ kind: 'refused', why })

function afterChallenge(state: GidsState, [selected, , asked]: readonly ResponseApdu[]): Round<GidsState> {
  if (!selected || !isOk(selected)) return refused('this card has no GIDS application')
  if (!asked || !isOk(asked)) return refused('the card has no admin key: initialise it first')
  const block = readAll(asked.data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
  if (block.length !== 8) return refused('the admin key is not 3DES')
  const response = answerChallenge(nodeCrypto, '3des', FACTORY_KEY, block)
  return commands({ ...state, step: 'authenticate' }, [
    command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x82, response))),
    command(0xdb, CARD_ID.file >> 8, CARD_ID.file & 0xff, writeTlv(CARD_ID.object, readHex(state.cardUuidHex))),
  ])
}

function afterAuthenticate(state: GidsState, [authenticated, written]: readonly ResponseApdu[]): Round<GidsState> {
  if (!authenticated || !isOk(authenticated)) return refused('the admin key is not the factory key: use an import')
  if (!written || !isOk(written)) return refused('the card does not take a card identifier')
  const order = { kind: 'gids-load-admin-key', cipher: '3des', to: state.generation } as const
  return { kind: 'key-command', before: [], order, state: { ...state, step: 'key' } }
}
