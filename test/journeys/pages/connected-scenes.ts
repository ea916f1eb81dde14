import type { ConnectedReader, ConnectedUnblock, StatementToSign } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import type { ServerScene } from './pretend-server.ts'
import { verifyInPerson } from './verify-caller.ts'

/** States of the connected unblock, in the console. */

const CARD = {
  id: 'card-1',
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  label: 'Staff card',
  printedSerial: 'UN-004217',
  state: 'active',
} as const

const READER: ConnectedReader = {
  agentId: 'agent-1',
  agentName: 'Help desk 2',
  isStation: true,
  reader: 'ACS ACR39U',
  kind: 'yubikey',
  isBlocked: true,
  card: CARD,
  obstacle: null,
}
const LAPTOP: ConnectedReader = {
  ...READER,
  agentId: 'agent-2',
  agentName: 'LT-20417',
  isStation: false,
  reader: 'Built-in',
}

const UNBLOCK: ConnectedUnblock = {
  id: 'unblock-1',
  cardId: 'card-1',
  personId: 'person-1',
  agentName: 'Help desk 2',
  reader: 'ACS ACR39U',
  isRemote: false,
  code: '47',
  state: 'asked',
  problem: null,
  triesLeft: null,
  openedAt: '2026-11-23T09:00:00Z',
}

const TO_SIGN: StatementToSign = {
  statement: {
    operation: 'unblock-connected',
    attemptId: 'unblock-1',
    cardUuid: '0'.repeat(32),
    personId: 'person-1',
    operatorId: 'op-1',
    agentKeySha256: 'A'.repeat(64),
    reader: 'ACS ACR39U',
    bindingSha256: 'B'.repeat(64),
    verification: ['in-person'],
    nonce: 'C'.repeat(32),
    notAfter: '2026-11-23T09:02:00Z',
  },
  passkey: { challenge: 'AAAA', rpId: 'localhost' },
  hasCard: false,
  allowsPassword: true,
}

const PAGE = '/actions/smart-card-unblock'
const seeing = (readers: ConnectedReader[], state?: Partial<ConnectedUnblock>) => (s: ServerScene) => {
  s.at['GET /api/connected-readers'] = { json: { readers } }
  s.at['POST /api/connected-unblocks'] = { json: { id: 'unblock-1' } }
  s.at['GET /api/connected-unblocks/unblock-1'] = { json: { ...UNBLOCK, ...state } }
  s.at['POST /api/connected-unblocks/unblock-1/statement'] = { json: TO_SIGN }
}
const begin = async (page: Page) => {
  await verifyInPerson(page)
  await page.getByRole('button', { name: 'Unblock', exact: true }).click()
}
const beginRemote = async (page: Page) => {
  await page.getByRole('radio', { name: /Ada Lindqvist/ }).click()
  await verifyInPerson(page)
  await page.getByRole('button', { name: 'Unblock', exact: true }).click()
}
const at = (name: string, knows: (s: ServerScene) => void, wait: string, act = begin, place = 'here') =>
  scene(`connected: ${name}`, {
    address: `${PAGE}?place=${place}`,
    knows,
    act: async (page) => {
      await act(page)
      await page.getByText(wait).first().waitFor()
    },
  })
const look = async () => {}

export const CONNECTED_SCENES: readonly Scene[] = [
  at('no station', seeing([]), 'No station is connected', look),
  at(
    'empty reader',
    seeing([{ ...READER, card: null, kind: null, isBlocked: null, obstacle: 'no-card' }]),
    'no card in it',
    look,
  ),
  at('a card', seeing([READER]), 'Who is calling, and how do we know', look),
  at('a card of others', seeing([{ ...READER, card: null, obstacle: 'card-unknown' }]), 'not managed here', look),
  at(
    'a card that works',
    seeing([{ ...READER, isBlocked: false, obstacle: 'card-not-blocked' }]),
    'card-not-blocked',
    look,
  ),
  at(
    'a revoked card',
    seeing([{ ...READER, card: { ...CARD, state: 'revoked' }, obstacle: 'card-revoked' }]),
    'card-revoked',
    look,
  ),
  at(
    'PUC only',
    seeing([{ ...LAPTOP, obstacle: 'card-puc-only' }]),
    'card-puc-only',
    async (page) => page.getByRole('radio', { name: /Ada Lindqvist/ }).click(),
    'online',
  ),
  at('asked', seeing([READER]), 'chooses a new PIN'),
  at(
    'asked from afar',
    seeing([LAPTOP], { isRemote: true, agentName: 'LT-20417' }),
    'Read these two digits',
    beginRemote,
    'online',
  ),
  at('nobody online', seeing([READER]), 'No blocked card is seen', look, 'online'),
  at('Operator PIN', seeing([READER], { state: 'ready' }), 'You confirm this one unblock'),
  at('authorised', seeing([READER], { state: 'authorised' }), 'The card takes the new PIN'),
  at('unblocked', seeing([READER], { state: 'unblocked' }), 'The new PIN works'),
  at('refused', seeing([READER], { state: 'refused', triesLeft: 2 }), 'The card refused it'),
  at('nobody knows', seeing([READER], { state: 'unknown' }), 'Nobody knows'),
  at('declined', seeing([READER], { state: 'ended', problem: 'unblock-declined' }), 'declined the unblock'),
  scene('connected: offered in a call', {
    address: `${PAGE}?search=ada&person=person-1&card=card-1`,
    knows: seeing([LAPTOP]),
    act: (page) => page.getByText('This card is in a reader now').waitFor(),
  }),
]
