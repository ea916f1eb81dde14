import type { Page } from 'playwright-core'
import { type Respond, startPageHost } from './page-host.ts'
import { CARD, calmScene, PERSON, respondAsServer, type ServerScene } from './pretend-server.ts'
import { verifyInPerson } from './verify-caller.ts'

/** One state of a page: what the program behind it knows, and what a person does to get there. */
export interface Scene {
  readonly name: string
  readonly page: 'console.html' | 'unblock-screen.html' | 'not-me.html'
  start(): { respond: Respond; address: string; act(page: Page): Promise<void> }
}

const UNBLOCK = '/actions/smart-card-unblock'

/** A state of the console. */
export const scene = (
  name: string,
  options: {
    address?: string
    knows?: (scene: ServerScene) => void
    act?: (page: Page, scene: ServerScene) => Promise<void>
  },
): Scene => ({
  name,
  page: 'console.html',
  start() {
    const server = calmScene()
    options.knows?.(server)
    return {
      respond: respondAsServer(server),
      address: options.address ?? UNBLOCK,
      act: async (page) => {
        await page.locator('h1').first().waitFor()
        await options.act?.(page, server)
      },
    }
  },
})

const challenge = (page: Page) => page.getByLabel('Challenge', { exact: true })
const verified = async (page: Page, typed: string) => {
  await verifyInPerson(page)
  await challenge(page).fill(typed)
  await challenge(page).press('Enter')
}
/** Presses Cryptogram and gives the Operator PIN. */
const confirm = async (page: Page) => {
  await page.getByRole('button', { name: 'Cryptogram' }).click()
  await page.getByLabel('Password, in place of').fill('a password')
  await page.keyboard.press('Enter')
}
const release = async (page: Page) => {
  await verified(page, '04106 105vs')
  await page.getByText('The challenge is right').waitFor()
  await confirm(page)
  await page.getByText('two eight six three').waitFor()
}
const person = `${UNBLOCK}?search=ada&person=person-1&card=card-1`
const native = `${UNBLOCK}?search=ada&person=person-1&card=card-2`

const openCard = (closesBy: 'receipt' | 'word') => ({
  ...CARD,
  obstacle: 'outcome-outstanding',
  openOutcome: { at: '2026-11-20T15:40:00Z', operatorName: 'Jonas Reich', closesBy },
})

const OPERATOR_READER = {
  agentId: 'agent-1',
  agentName: 'Help desk 2',
  isStation: true,
  reader: 'ACS ACR39U',
  kind: 'piv',
  isBlocked: false,
  card: null,
  obstacle: 'card-unknown',
}

/** The console's states. */
export const CONSOLE_SCENES: readonly Scene[] = [
  scene('sign in', {
    knows: (s) => {
      s.isSignedIn = false
    },
    act: (page) => page.getByLabel('User name').waitFor(),
  }),
  scene('sign in refused', {
    knows: (s) => {
      s.isSignedIn = false
      s.at['POST /api/session'] = { problem: 'sign-in-refused' }
    },
    act: async (page) => {
      await page.getByLabel('User name').fill('i.okafor')
      await page.getByLabel('Password').fill('wrong')
      await page.getByLabel('Password').press('Enter')
      await page.getByRole('alert').getByText('User name or password').waitFor()
    },
  }),
  scene('empty', {}),
  scene('people found', {
    act: async (page) => {
      await page.getByRole('combobox').fill('ad')
      await page.getByRole('option').first().waitFor()
      await page.keyboard.press('ArrowDown')
    },
  }),
  scene('nobody found', {
    act: async (page) => {
      await page.getByRole('combobox').fill('zz')
      await page.getByText('Nobody and no card').waitFor()
    },
  }),
  scene('which card', {
    address: `${UNBLOCK}?search=ada&person=person-1`,
    act: (page) => page.getByText('Which card?').waitFor(),
  }),
  scene('card chosen', { address: person, act: (page) => challenge(page).waitFor() }),
  scene('no number and no manager on record', {
    address: `${UNBLOCK}?search=adam&person=person-2`,
    knows: ({ verification }) => {
      verification.offers = [
        { way: 'call-back', obstacle: 'phone-missing' },
        { way: 'manager', obstacle: 'manager-missing' },
        { way: 'in-person', obstacle: null },
      ]
    },
    act: (page) => page.getByText('No telephone number is on record').waitFor(),
  }),
  scene('card suspended', {
    address: `${UNBLOCK}?search=ada&person=person-1&card=card-3`,
    act: (page) => page.getByText('This card is suspended.').waitFor(),
  }),
  ...(['no-candidate', 'no-tries', 'last-try', 'other-form', 'no-card-key', 'admin-key-tries'] as const).map((why) =>
    scene(`cannot be saved by telephone: ${why}`, {
      address: `${UNBLOCK}/cannot-be-saved?person=person-1&card=card-1`,
      knows: (s) => {
        const triesAtLeast = { 'no-tries': 0, 'last-try': 1, 'no-candidate': 2 }[why as string] ?? null
        const card = { ...CARD, whyNotByTelephone: why, obstacle: 'card-cannot-be-saved', triesAtLeast }
        s.people = [{ ...PERSON, cards: [card] }]
      },
      act: (page) => page.getByText('What never to try').waitFor(),
    }),
  ),
  scene('cannot be saved by telephone, one try approved', {
    address: `${UNBLOCK}/cannot-be-saved?person=person-1&card=card-1`,
    knows: (s) => {
      const whyNotByTelephone = 'no-candidate'
      const card = { ...CARD, whyNotByTelephone, obstacle: 'card-cannot-be-saved', triesAtLeast: 2 } as const
      s.people = [{ ...PERSON, cards: [card] }]
      s.at['POST /api/cards/card-1/try-approval'] = {
        json: { validUntil: new Date(Date.now() + 15 * 60_000).toISOString() },
      }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Approve one try' }).click()
      await page.getByText('Approved until').waitFor()
    },
  }),
  scene('cannot be saved, in a call', {
    address: person,
    knows: (s) => {
      const whyNotByTelephone = 'no-candidate'
      const card = { ...CARD, whyNotByTelephone, obstacle: 'card-cannot-be-saved', triesAtLeast: 2 } as const
      s.people = [{ ...PERSON, cards: [card] }]
    },
    act: (page) => page.getByRole('link', { name: 'What to tell the caller' }).waitFor(),
  }),
  scene('outcome of an earlier call open', {
    address: person,
    knows: (s) => {
      s.people = [{ ...PERSON, cards: [openCard('receipt')] }]
      s.at['POST /api/cards/card-1/outcome'] = { problem: 'receipt-mismatch' }
    },
    act: async (page) => {
      await page.getByLabel('Receipt').fill('0292')
      await page.getByLabel('Receipt').press('Enter')
      await page.getByRole('alert').getByText('receipt').first().waitFor()
    },
  }),
  scene('outcome of an earlier call entered', {
    address: person,
    knows: (s) => {
      s.people = [{ ...PERSON, cards: [openCard('word')] }]
    },
    act: async (page, s) => {
      await page.getByText('Did the new PIN work that time').waitFor()
      s.people = [PERSON]
      await page.getByRole('button', { name: 'The new PIN works' }).click()
      await page.getByRole('status').getByText('Recorded: the card was unblocked').waitFor()
    },
  }),
  scene('challenge right', {
    address: person,
    act: async (page) => {
      await verified(page, '04106105VS')
      await page.getByText('The challenge is right').waitFor()
    },
  }),
  scene('challenge misheard', {
    address: person,
    knows: (s) => {
      s.verdict = { verdict: 'challenge-misheard', form: 'masked', otherCard: null, missesLeft: 8 }
    },
    act: async (page) => {
      await verified(page, '04106105VT')
      await page.getByText('misheard').waitFor()
    },
  }),
  scene('challenge of the other card', {
    address: native,
    knows: (s) => {
      const { id, label, printedSerial } = CARD
      s.verdict = {
        verdict: 'challenge-other-card',
        form: 'masked',
        otherCard: { id, label, printedSerial },
        missesLeft: 10,
      }
    },
    act: async (page) => {
      await verified(page, '04106105VS')
      await page.getByRole('button', { name: 'Switch to' }).waitFor()
    },
  }),
  scene('strange symbol', {
    address: person,
    act: async (page) => {
      await challenge(page).fill('041U')
      await page.getByText('stands in no code').waitFor()
    },
  }),
  scene("Windows' own screen", {
    address: native,
    knows: (s) => {
      s.verdict = { verdict: 'match', form: 'bare', otherCard: null, missesLeft: 10 }
    },
    act: async (page) => {
      await verified(page, 'A892 D756 0161 7C5D')
      await page.getByLabel('Challenge, a second time').fill('A892 D756 0161 7C5E')
      await page.getByText('differ from symbol').waitFor()
    },
  }),
  ...(['with a password', 'with a passkey', 'with a card', 'without any'] as const).map((way) =>
    scene(`Operator PIN ${way}`, {
      address: person,
      knows: (s) => {
        s.toSign.hasCard = way === 'with a card'
        if (way === 'with a card') s.at['GET /api/connected-readers'] = { json: { readers: [OPERATOR_READER] } }
        s.toSign.allowsPassword = way === 'with a password'
        s.toSign.passkey = way === 'with a passkey' ? { challenge: 'AAAA', rpId: 'localhost' } : null
      },
      act: async (page) => {
        await verified(page, '04106105VS')
        await page.getByText('The challenge is right').waitFor()
        await page.getByRole('button', { name: 'Cryptogram' }).click()
        await page.getByText('You confirm this one unblock').waitFor()
      },
    }),
  ),
  scene('Operator PIN with a card whose agent went away', {
    address: person,
    knows: (s) => {
      s.toSign = { ...s.toSign, hasCard: true, allowsPassword: false }
      s.at['GET /api/connected-readers'] = { json: { readers: [OPERATOR_READER] } }
      s.at['POST /api/signings'] = { json: { signingId: 'signing-1' } }
      const none = { certificate: null, signature: null }
      s.at['GET /api/signings/signing-1'] = {
        json: { signingId: 'signing-1', state: 'ended', problem: 'signing-interrupted', ...none },
      }
      s.at['POST /api/signings/signing-1/cancellation'] = { json: {} }
    },
    act: async (page) => {
      await verified(page, '04106105VS')
      await page.getByText('The challenge is right').waitFor()
      await page.getByRole('button', { name: 'Cryptogram' }).click()
      await page.getByRole('button', { name: 'Sign with my operator card' }).click()
      await page.getByText('went away while it waited').waitFor()
    },
  }),
  scene('Operator PIN refused', {
    address: person,
    knows: (s) => {
      s.cryptogram = { problem: 'password-wrong' }
    },
    act: async (page) => {
      await verified(page, '04106105VS')
      await page.getByText('The challenge is right').waitFor()
      await confirm(page)
      await page.getByText('password-wrong').waitFor()
    },
  }),
  scene('cryptogram', { address: person, act: release }),
  scene('cryptogram about to be hidden', {
    address: person,
    act: async (page) => {
      await page.clock.install()
      await release(page)
      await page.clock.fastForward('03:05')
      await page.getByRole('button', { name: 'Keep it visible' }).waitFor()
    },
  }),
  scene('cryptogram hidden', {
    address: person,
    act: async (page) => {
      await page.clock.install()
      await release(page)
      await page.clock.fastForward('03:05')
      await page.getByRole('button', { name: 'Keep it visible' }).click()
      await page.clock.fastForward('03:55')
      await page.getByText('two eight six three').waitFor()
      await page.clock.fastForward('00:10')
      await page.getByText('The cryptogram is hidden').waitFor()
    },
  }),
  scene('native cryptogram', {
    address: native,
    knows: (s) => {
      s.verdict = { verdict: 'match', form: 'native', otherCard: null, missesLeft: 10 }
      s.cryptogram = {
        kind: 'native-cryptogram',
        code: '0182479499079092564835586703',
        bareHex: '1951EC3EF81BBABB',
        closesBy: 'word',
      }
    },
    act: async (page) => {
      await verified(page, 'N29DE NG1C5 Y5TTC')
      await page.getByText('The challenge is right').waitFor()
      await confirm(page)
      await page.getByText('Does the new PIN work').waitFor()
    },
  }),
  scene('release refused', {
    address: person,
    knows: (s) => {
      s.cryptogram = { problem: 'supervisor-needed' }
    },
    act: async (page) => {
      await verified(page, '04106105VS')
      await page.getByText('The challenge is right').waitFor()
      await confirm(page)
      await page.getByText('Only a supervisor').waitFor()
    },
  }),
  scene('done', {
    address: person,
    act: async (page) => {
      await release(page)
      await page.getByLabel('Receipt').fill('0291')
      await page.getByLabel('Receipt').press('Enter')
      await page.getByText('A notice for the cardholder is on record').waitFor()
    },
  }),
  scene('refused by the card', {
    address: person,
    knows: (s) => {
      s.outcome = { outcome: 'refused', triesLeft: 2 }
    },
    act: async (page) => {
      await release(page)
      await page.getByLabel('Receipt').fill('3556')
      await page.getByLabel('Receipt').press('Enter')
      await page.getByText('The card refused').waitFor()
    },
  }),
  scene('server unreachable', {
    address: person,
    act: async (page) => {
      await verifyInPerson(page)
      await page.route('**/api/**', (route) => route.abort())
      await challenge(page).fill('04106105VS')
      await page.getByText('Nothing you typed is lost').waitFor()
    },
  }),
  scene('session ended', {
    address: person,
    act: async (page, s) => {
      await challenge(page).waitFor()
      s.at['POST /api/unblocks'] = { problem: 'sign-in-needed' }
      await challenge(page).fill('04106105VS')
      await page.getByText('Your session has ended').waitFor()
    },
  }),
  scene('nothing to unblock', {
    address: person,
    knows: (s) => {
      s.people = [{ ...PERSON, cards: [] }]
    },
    act: (page) => page.getByText('has no card here').waitFor(),
  }),
  scene('no such page', { address: '/nowhere', act: (page) => page.getByText('There is no such page').waitFor() }),
]

/** Serves a scene. */
export async function startScene(scene: Scene) {
  const { respond, address, act } = scene.start()
  const host = await startPageHost(scene.page, respond)
  return { url: host.url + address, act, close: host.close }
}
