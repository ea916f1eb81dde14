import type { ScreenState } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import type { Scene } from './console-scenes.ts'
import { type AgentScene, calmScreen, respondAsAgent } from './pretend-agent.ts'

/** My Smartcard on the agent's page: a holder with a card that works. */

type Holder = NonNullable<ScreenState['holder']>
type Session = NonNullable<Holder['session']>

const WORKING: Partial<ScreenState> = {
  phase: 'not-blocked',
  card: { reader: 'ACS ACR39U', family: 'piv', telephoneWay: 'masked-puk', hasPuc: true },
  changeId: 'change-1',
  pinTriesLeft: 3,
}
const CLOSED: Holder = { session: null, isWorking: false, problem: null }
const EMPTY: Session = {
  personName: 'Ada Lindqvist',
  until: '2026-11-26T10:15:00.000Z',
  cards: [{ id: 'c1', label: 'Staff card', printedSerial: 'UN-004217', state: 'active', isHere: true }],
  events: [],
  next: null,
  passkeys: [],
  oneTimePasswords: [],
  addresses: [],
  setUp: null,
  invitation: null,
}
const event = (id: string, what: Session['events'][number]['what'], more: Partial<Session['events'][number]> = {}) => {
  return { id, at: `2026-11-${10 + Number(id)}T09:14:00.000Z`, what, isRefused: false, operatorName: '', ...more }
}
const FULL: Session = {
  ...EMPTY,
  cards: [
    ...EMPTY.cards,
    { id: 'c2', label: 'Card of the night shift', printedSerial: 'UN-003100', state: 'suspended', isHere: false },
  ],
  events: [
    event('9', 'outcome'),
    event('8', 'cryptogram', { operatorName: 'Ines Okafor' }),
    event('7', 'self-service-shown', { isRefused: true }),
    event('6', 'moved', { move: 'resume', operatorName: 'Ines Okafor' }),
    event('2', 'puc-delivery'),
    event('1', 'issued'),
  ],
  next: 7,
  passkeys: [
    {
      id: 'k1',
      label: 'Security key at home',
      createdAt: '2026-11-20T09:00:00.000Z',
      usableFrom: '2026-11-27T09:00:00.000Z',
      lastUsedAt: null,
    },
  ],
  oneTimePasswords: [
    {
      id: 'o1',
      kind: 'totp',
      label: 'Private phone',
      createdAt: '2026-10-01T09:00:00.000Z',
      usableFrom: '2026-10-08T09:00:00.000Z',
      lastUsedAt: '2026-11-19T07:12:00.000Z',
    },
  ],
  addresses: [
    { kind: 'email', address: 'ada.lindqvist@clinic.example' },
    { kind: 'phone', address: '+49 170 5550 117' },
  ],
}
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const SET_UP: NonNullable<Session['setUp']> = {
  oneTimePasswordId: 'o2',
  uri: `otpauth://totp/Clinic:ada?issuer=Clinic&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
  secret: SECRET,
  kind: 'totp',
  label: 'Work phone',
}

const scene = (
  name: string,
  page: 'My PIN' | 'My Cards' | 'My Sign-in',
  shown: Partial<ScreenState>,
  act?: (page: Page, agent: AgentScene) => Promise<void>,
): Scene => ({
  name,
  page: 'unblock-screen.html',
  start() {
    const agent = calmScreen({ ...WORKING, ...shown })
    return {
      respond: respondAsAgent(agent),
      address: '/#token-1',
      act: async (at) => {
        await at.getByRole('button', { name: page }).click()
        await at.locator('button[aria-current=page]', { hasText: page }).waitFor({ timeout: 5000 })
        await act?.(at, agent)
      },
    }
  },
})
const withSession = (session: Session): Partial<ScreenState> => ({ holder: { ...CLOSED, session } })
const heading = (name: string) => async (page: Page) => void (await page.getByRole('heading', { name }).waitFor())

export const MY_SMARTCARD_SCENES: readonly Scene[] = [
  scene('my smartcard: my PIN', 'My PIN', { holder: CLOSED }, heading('Your smart card is not blocked')),
  scene('my smartcard: the PIN is asked for', 'My Cards', { holder: CLOSED }, async (page) => {
    await page.getByLabel('PIN of your card').fill('12')
  }),
  scene(
    'my smartcard: a wrong PIN, and the last try',
    'My Sign-in',
    { pinTriesLeft: 1, holder: { ...CLOSED, problem: { code: 'pin-wrong', facts: { triesLeft: 1 } } } },
    async (page) => {
      await page.getByLabel('I understand, and I am sure of my PIN').check()
    },
  ),
  scene(
    'my smartcard: the card is asked',
    'My Cards',
    { holder: { ...CLOSED, isWorking: true } },
    async (page) => void (await page.getByText('Your card is asked').waitFor()),
  ),
  scene(
    'my smartcard: its time is over',
    'My Sign-in',
    { holder: { ...CLOSED, problem: { code: 'holder-session-over', facts: {} } } },
    async (page) => void (await page.getByText('My Smartcard was closed').waitFor()),
  ),
  scene('my smartcard: changed, and nothing more until the card is back', 'My Cards', {
    phase: 'changed',
    changeId: null,
    holder: CLOSED,
  }),
  scene('my cards: nothing happened yet', 'My Cards', withSession(EMPTY), heading('My Cards')),
  scene('my cards: was this you', 'My Cards', withSession(FULL), async (page) => {
    await page.getByText('Was this you?').nth(1).click()
    await page.getByText('They suspend the card').nth(1).waitFor()
  }),
  scene('my sign-in: nothing yet', 'My Sign-in', withSession(EMPTY), heading('Addresses that we know')),
  scene('my sign-in: what is there', 'My Sign-in', withSession(FULL), heading('Passkeys')),
  scene('my sign-in: removed for good', 'My Sign-in', withSession(FULL), async (page) => {
    await page.getByRole('button', { name: 'Remove Private phone' }).click()
    await page.getByRole('button', { name: 'Keep it' }).waitFor()
  }),
  scene('my sign-in: which device', 'My Sign-in', withSession(EMPTY), async (page) => {
    await page.getByRole('button', { name: 'Set up a one-time password' }).click()
    await page.getByLabel('What it is called').fill('Private phone')
  }),
  scene(
    'my sign-in: the square of a one-time password',
    'My Sign-in',
    withSession({ ...FULL, setUp: SET_UP }),
    heading('Set up “Work phone”'),
  ),
  scene(
    'my sign-in: its first code is wrong',
    'My Sign-in',
    withSession({ ...EMPTY, setUp: SET_UP }),
    async (page, agent) => {
      agent.at['POST /holder/one-time-password/confirmation'] = { problem: 'one-time-password-wrong' }
      await page.getByLabel('The six digits that it shows now').fill('123 456')
      await page.getByRole('button', { name: 'Confirm' }).click()
      await page.getByText('one-time-password-wrong').waitFor()
    },
  ),
  scene('my sign-in: five there are', 'My Sign-in', withSession(FULL), async (page, agent) => {
    agent.at['POST /holder/one-time-password'] = { problem: 'one-time-passwords-full' }
    await page.getByRole('button', { name: 'Set up a one-time password' }).click()
    await page.getByLabel('What it is called').fill('Sixth')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('one-time-passwords-full').waitFor()
  }),
  scene(
    'my sign-in: an invitation for a passkey',
    'My Sign-in',
    withSession({
      ...EMPTY,
      invitation: {
        url: 'https://unlatch.clinic.example/prove',
        code: '7N29DENG1C5Y5TTC',
        expiresAt: '2026-11-27T10:00:00.000Z',
      },
    }),
    async (page) => void (await page.getByRole('button', { name: 'I have added it' }).waitFor()),
  ),
]
