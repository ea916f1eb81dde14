import type { ScreenState } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import type { Scene } from './console-scenes.ts'
import {
  type AgentScene,
  ATTEMPT,
  calmScreen,
  NATIVE_ATTEMPT,
  PUC_ATTEMPT,
  respondAsAgent,
  show,
} from './pretend-agent.ts'

const scene = (
  name: string,
  shown: Partial<ScreenState>,
  heading: string,
  act?: (page: Page, scene: AgentScene) => Promise<void>,
  knows?: (scene: AgentScene) => void,
): Scene => ({
  name,
  page: 'unblock-screen.html',
  start() {
    const agent = calmScreen(shown)
    knows?.(agent)
    return {
      respond: respondAsAgent(agent),
      address: '/#token-1',
      act: async (page) => {
        await page.getByRole('heading', { level: 1, name: heading }).waitFor()
        await act?.(page, agent)
      },
    }
  },
})

const READER = {
  inserted: 'v1',
  cards: [
    { id: 'v1', label: 'PIV card', holder: 'Ada Lindqvist' },
    { id: 'v2', label: 'GIDS card', holder: 'Adam Linde' },
  ],
}
const ASKED_FROM_AFAR: Partial<ScreenState> = {
  asked: {
    operatorName: 'Ines Okafor',
    personName: 'Ada Lindqvist',
    cardLabel: 'Staff card',
    printedSerial: 'UN-004217',
    isRemote: true,
    code: '47',
  },
}
const WAY = { way: 'domain', state: 'open', obstacle: null, hint: 'ada.lindqvist' } as const
const AUTHENTICATION: NonNullable<ScreenState['authentication']> = {
  personName: 'Ada Lindqvist',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  count: 1,
  ways: [WAY],
  elsewhere: null,
  until: '2999-01-01T12:00:00.000Z',
}
/** A holder alone, who is to show that it is she. */
const BY_ONESELF = {
  phase: 'authenticate',
  attemptId: 'attempt-1',
  isSelfService: true,
  card: PUC_ATTEMPT.card,
  authentication: AUTHENTICATION,
} as const satisfies Partial<ScreenState>
const manyWays = (): Partial<ScreenState> => ({
  ...BY_ONESELF,
  authentication: {
    ...AUTHENTICATION,
    count: 2,
    ways: [
      { ...WAY, state: 'met' },
      { way: 'one-time-password', state: 'open', obstacle: 'self-service-tries', hint: '' },
      { way: 'unblock-code', state: 'open', obstacle: null, hint: '' },
      { way: 'identity-provider', state: 'open', obstacle: null, hint: 'Clinic sign-in' },
      { way: 'passkey', state: 'open', obstacle: 'way-not-set-up', hint: '' },
    ],
  },
})
const noWay = (): Partial<ScreenState> => ({
  ...BY_ONESELF,
  authentication: { ...AUTHENTICATION, ways: [{ ...WAY, obstacle: 'way-not-set-up' }] },
})
const elsewhere = (way: 'identity-provider' | 'passkey'): Partial<ScreenState> => ({
  ...BY_ONESELF,
  authentication: {
    ...AUTHENTICATION,
    ways: [{ way, state: 'asked', obstacle: null, hint: 'Clinic sign-in' }],
    elsewhere:
      way === 'passkey'
        ? { way, url: 'https://unlatch.clinic.example/prove', code: '48150162' }
        : { way, url: 'https://sign-in.clinic.example/authorize?x', code: '' },
  },
})
const SIGN: NonNullable<ScreenState['sign']> = {
  signId: 'sign-1',
  operatorName: 'Ines Okafor',
  personName: 'Ada Lindqvist',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  reader: 'ACS ACR39U',
  statement: {
    operation: 'unblock-offline',
    attemptId: 'unblock-1',
    cardUuid: '0'.repeat(32),
    personId: 'person-1',
    operatorId: 'op-1',
    challenge: '04106105VS',
    verification: ['call-back'],
    nonce: 'C'.repeat(32),
    notAfter: '2026-11-21T10:02:00Z',
  },
  isWorking: false,
  triesLeft: 3,
  problem: null,
}
const CARD_STATEMENT = {
  operation: 'add-operator-card',
  operatorId: 'op-1',
  agentKeySha256: 'A'.repeat(64),
  reader: 'ACS ACR39U',
  nonce: 'C'.repeat(32),
  notAfter: '2026-11-21T10:02:00Z',
} as const
const ATTENDED: Partial<ScreenState> = { ...ATTEMPT, ...ASKED_FROM_AFAR, challenge: null, cryptogram: null }
const newPin = (page: Page) => page.getByLabel('New PIN', { exact: true })

/** The unblock screen's states. */
export const UNBLOCK_SCREEN_SCENES: readonly Scene[] = [
  {
    ...scene('opened by hand', {}, ''),
    start: () => ({
      respond: respondAsAgent(calmScreen()),
      address: '/',
      act: (page) => page.getByLabel('Pairing code').waitFor(),
    }),
  },
  scene(
    'pairing code refused',
    {},
    'Open this page',
    (page) => page.getByText('not valid any more').waitFor(),
    (a) => {
      a.pairs = false
    },
  ),
  scene('session ended', {}, 'no longer connected', undefined, (a) => {
    a.at['GET /state'] = { problem: 'session-ended' }
  }),
  scene('no reader', { phase: 'no-reader', problem: { code: 'no-reader', facts: {} } }, 'Connect a card reader'),
  scene('no card', { virtualReader: { ...READER, inserted: null } }, 'Put your smart card'),
  scene('not issued', { phase: 'not-issued' }, 'not ready yet'),
  scene('not blocked', { phase: 'not-blocked', changeId: 'change-1', pinTriesLeft: 3 }, 'is not blocked'),
  scene('own PIN', { phase: 'not-blocked', changeId: 'change-1', pinTriesLeft: 3 }, 'is not blocked', async (page) => {
    await page.getByRole('button', { name: 'Set a PIN of my own' }).click()
    await page.getByLabel('Current PIN').fill('123456')
    await newPin(page).fill('1234')
  }),
  scene(
    'own PIN, the last try',
    {
      phase: 'not-blocked',
      changeId: 'change-1',
      pinTriesLeft: 1,
      problem: { code: 'pin-wrong', facts: { triesLeft: 1 } },
    },
    'Set a PIN of your own',
    async (page) => {
      await page.getByText('1 try is left').waitFor()
      await page.getByLabel('Current PIN').fill('123456')
      await page.getByText('I want to use the last try').waitFor()
    },
  ),
  scene('own PIN set', { phase: 'changed' }, 'Your new PIN works'),
  scene('blocked', { phase: 'blocked', virtualReader: READER }, 'is blocked'),
  scene(
    'blocked, by oneself',
    { phase: 'blocked', card: PUC_ATTEMPT.card, selfService: { obstacle: null } },
    'is blocked',
    (page) => page.getByLabel('Unblock PIN (Crypto)').waitFor(),
  ),
  scene(
    'blocked, self-service closed',
    { phase: 'blocked', card: PUC_ATTEMPT.card, selfService: { obstacle: 'self-service-closed' } },
    'is blocked',
  ),
  scene('blocked, no server', { phase: 'blocked', card: PUC_ATTEMPT.card, selfService: null }, 'is blocked', (page) =>
    page.getByText('The server cannot be reached').waitFor(),
  ),
  scene('by oneself: new PIN', { ...BY_ONESELF, phase: 'new-pin' }, 'Choose a new PIN'),
  scene('by oneself: password', BY_ONESELF, 'Show in another way', (page) =>
    page.getByLabel('Password of ada.lindqvist').waitFor(),
  ),
  scene('by oneself: several ways', manyWays(), 'Show in another way', (page) =>
    page.getByRole('radio', { name: 'Unblock code' }).check(),
  ),
  scene(
    'by oneself: a wrong password',
    BY_ONESELF,
    'Show in another way',
    async (page) => {
      await page.getByLabel('Password of ada.lindqvist').fill('swans')
      await page.getByRole('button', { name: 'OK' }).click()
      await page.getByText('This is not the password').waitFor()
    },
    (agent) => {
      agent.at['POST /unblock/authenticate'] = { problem: 'logon-wrong', facts: { triesLeft: 1 } }
    },
  ),
  scene('by oneself: nothing is set up', noWay(), 'Show in another way', (page) =>
    page.getByText('Nothing of what this card asks for').waitFor(),
  ),
  scene('by oneself: identity provider', elsewhere('identity-provider'), 'Show in another way', (page) =>
    page.getByRole('link', { name: 'Open the page' }).waitFor(),
  ),
  scene('by oneself: passkey', elsewhere('passkey'), 'Show in another way', (page) =>
    page.getByRole('img', { name: 'Address' }).waitFor(),
  ),
  scene('by oneself: done', { phase: 'done', isSelfService: true }, 'Your new PIN works'),
  scene('blocked, a PUC helps', { phase: 'blocked', card: PUC_ATTEMPT.card }, 'is blocked', (page) =>
    page.getByRole('button', { name: 'I have a PUC' }).waitFor(),
  ),
  scene(
    'blocked, PUC only',
    { phase: 'blocked', card: { ...PUC_ATTEMPT.card, telephoneWay: 'none' } },
    'is blocked',
    (page) => page.getByText('cannot be unblocked by telephone').waitFor(),
  ),
  scene('PUC', { ...PUC_ATTEMPT }, 'Unblock with your PUC'),
  scene('PUC typed', { ...PUC_ATTEMPT }, 'Unblock with your PUC', async (page) => {
    await page.getByLabel('PUC', { exact: true }).fill('8765 4321')
    await page.getByRole('button', { name: 'Show the PUC' }).click()
    await newPin(page).fill('1234')
  }),
  scene('PUC mistyped', { ...PUC_ATTEMPT, puc: { triesLeft: 2 } }, 'Unblock with your PUC', async (page) => {
    await page.getByLabel('PUC', { exact: true }).fill('8765 432X')
    await page.getByText('stands in no PUC').waitFor()
  }),
  scene(
    'PUC, the last try',
    { ...PUC_ATTEMPT, puc: { triesLeft: 1 }, needsConsent: true },
    'Unblock with your PUC',
    async (page) => {
      await page.getByLabel('PUC', { exact: true }).fill('87654321')
      await page.getByText('I want to use the last try').waitFor()
    },
  ),
  scene('PUC working', { ...PUC_ATTEMPT, phase: 'working' }, 'Setting your new PIN'),
  scene('PUC done', { phase: 'done', isWithPuc: true }, 'Your new PIN works', (page) =>
    page.getByText('Throw the letter').waitFor(),
  ),
  scene(
    'PUC refused',
    {
      phase: 'failed',
      isWithPuc: true,
      card: PUC_ATTEMPT.card,
      problem: { code: 'puc-refused', facts: { triesLeft: 2 } },
    },
    'It did not work',
    (page) => page.getByText('2 tries are left').waitFor(),
  ),
  scene('card removed from the PUC', { ...PUC_ATTEMPT }, 'Unblock with your PUC', async (page, agent) => {
    const problem = { code: 'card-removed', facts: {} }
    show(agent, { phase: 'no-card', attemptId: null, puc: null, card: null, problem })
    await page.getByText('type the PUC again').waitFor()
  }),
  scene(
    'no configuration, a PUC helps',
    { phase: 'failed', card: PUC_ATTEMPT.card, problem: { code: 'configuration-missing', facts: {} } },
    'It did not work',
    (page) => page.getByRole('button', { name: 'I have a PUC' }).waitFor(),
  ),
  scene('challenge', { ...ATTEMPT }, 'Call the help desk'),
  scene('cryptogram wrong', { ...ATTEMPT }, 'Call the help desk', async (page, agent) => {
    agent.at['POST /unblock/cryptogram'] = { problem: 'cryptogram-mistyped' }
    show(agent, { cryptogram: { entriesLeft: 4, wrongGroups: [] } })
    await page.getByLabel('Cryptogram').fill('286326548670')
    await page.getByText('is not right').waitFor()
  }),
  scene('native group wrong', { ...NATIVE_ATTEMPT }, 'Call the help desk', async (page) => {
    await page.getByLabel('Cryptogram').fill('0182479 4990970 925')
    await page.getByText('Group 2 is wrong').waitFor()
  }),
  scene('new PIN', { ...ATTEMPT, phase: 'new-pin' }, 'Call the help desk', async (page) => {
    await page.getByRole('button', { name: 'Show the PINs' }).click()
    await newPin(page).fill('123444')
  }),
  scene('last try', { ...ATTEMPT, phase: 'new-pin', needsConsent: true }, 'Call the help desk', async (page) => {
    await newPin(page).fill('730194')
    await page.getByLabel('Confirm the new PIN').fill('730194')
  }),
  scene('an operator signs', { sign: SIGN }, 'Ines Okafor: sign with your card'),
  scene(
    'an operator signs, the last try',
    { sign: { ...SIGN, triesLeft: 1, problem: 'pin-wrong' } },
    'Ines Okafor: sign with your card',
  ),
  scene(
    'an operator adds a card',
    { sign: { ...SIGN, statement: CARD_STATEMENT, personName: '', cardLabel: '', printedSerial: '' } },
    'Ines Okafor: sign with your card',
  ),
  scene(
    'a signature was cancelled',
    { ...ATTENDED, phase: 'operator', isSignCancelled: true },
    'Ines Okafor confirms it now',
  ),
  scene('an operator asks', { ...ASKED_FROM_AFAR, phase: 'asked' }, 'Ines Okafor wants to unblock your card'),
  scene('new PIN beside the operator', { ...ATTENDED, phase: 'new-pin' }, 'Choose a new PIN'),
  scene('the operator confirms', { ...ATTENDED, phase: 'operator' }, 'Ines Okafor confirms it now'),
  scene('done beside the operator', { phase: 'done', isAttended: true }, 'Your new PIN works'),
  scene('working', { ...ATTEMPT, phase: 'working' }, 'Setting your new PIN'),
  scene('done', { phase: 'done', receipt: '0291' }, 'Your new PIN works'),
  scene('done without receipt', { phase: 'done' }, 'Your new PIN works'),
  scene(
    'refused',
    { phase: 'failed', receipt: '3556', problem: { code: 'puk-refused', facts: {} } },
    'It did not work',
  ),
  scene('card removed', { ...ATTEMPT }, 'Call the help desk', async (page, agent) => {
    show(agent, {
      phase: 'no-card',
      attemptId: null,
      challenge: null,
      card: null,
      problem: { code: 'card-removed', facts: {} },
    })
    await page.getByRole('heading', { name: 'The card was removed' }).waitFor()
  }),
  scene('agent gone', { phase: 'blocked' }, 'is blocked', async (page, agent) => {
    agent.at['GET /state'] = 'drop'
    show(agent, {})
    await page.getByText('does not answer').waitFor()
  }),
]
