import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import { CARD_DETAILS } from './pretend-cards.ts'
import type { ServerScene } from './pretend-server.ts'

/** Lifecycle > Cards, a card's page, Health. */

const CARDS = '/lifecycle/cards'
const ONE = `${CARDS}/card-1`

const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor()
const only = (...permissions: string[]) => {
  return (s: ServerScene) => {
    s.permissions = permissions
  }
}
const card = (change: Partial<typeof CARD_DETAILS>) => (s: ServerScene) => {
  s.cards.card = { ...structuredClone(CARD_DETAILS), ...change }
}
const press = (button: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('dialog').waitFor()
}
const none = (s: ServerScene) => {
  s.cards.found = { cards: [], next: null, isCut: false }
}

const LIST: readonly Scene[] = [
  scene('cards', { address: CARDS, act: text('UN-001113') }),
  scene('cards, found and filtered, some columns hidden', {
    address: `${CARDS}?search=ada&state=issued&family=piv&sort=serial&hide=registered.template`,
    act: async (page) => {
      await page.getByText('UN-001113').waitFor()
      await page.getByText('Columns').first().click()
      await page.getByRole('link', { name: 'UN-004217' }).press('ArrowDown')
    },
  }),
  scene('cards, a later page of a search that finds too much', {
    address: `${CARDS}?search=a&page=2&after=WyIyMDI2Il0`,
    knows: (s) => {
      s.cards.found.isCut = true
    },
    act: text('Type more of the name'),
  }),
  scene('cards, none yet', { address: CARDS, knows: none, act: text('No card yet') }),
  scene('cards, nothing found', { address: `${CARDS}?search=zz`, act: text('No such card') }),
  scene('cards loading', {
    address: CARDS,
    knows: (s) => {
      s.at['GET /api/cards'] = 'hang'
    },
    act: text('Loading the cards'),
  }),
  scene('cards refused', {
    address: CARDS,
    knows: (s) => {
      s.at['GET /api/cards'] = { problem: 'not-permitted' }
    },
    act: text('Your role does not allow this'),
  }),
]

const PAGE: readonly Scene[] = [
  scene('one card', { address: ONE, act: text('Left in a taxi') }),
  scene('one card, its deliveries', {
    address: ONE,
    act: async (page) => {
      await page.getByRole('button', { name: 'Show deliveries' }).click()
      await page.getByText('user unknown').waitFor()
    },
  }),
  scene('one card in stock', {
    address: ONE,
    knows: card({
      state: 'stock',
      holder: null,
      findings: [],
      moves: [
        { move: 'revoke', reasons: ['lost'] },
        { move: 'retire', reasons: ['damaged'] },
      ],
    }),
    act: text('Nobody: the card is in stock'),
  }),
  scene('one card that is revoked and replaced', {
    address: ONE,
    knows: card({
      state: 'revoked',
      findings: [],
      moves: [],
      isReissuable: false,
      replacedBy: { id: 'card-9', printedSerial: 'UN-005050', state: 'issued' },
    }),
    act: text('A revoked card stays revoked'),
  }),
  scene('one card with everything the matter', {
    address: ONE,
    knows: card({
      findings: ['puc-exposed', 'puc-undelivered', 'puk-unknown', 'key-factory', 'puc-only'],
      puk: { knowledge: 'none', exposedSince: '2026-11-20T09:12:00Z', exposedTo: null, triesAtLeast: 1, triesLimit: 3 },
      replaces: { id: 'card-3', printedSerial: 'UN-001108', state: 'revoked' },
    }),
    act: text('Nobody knows who may know it'),
  }),
  scene('one GIDS card without a template, to be looked at alone', {
    address: ONE,
    knows: (s) => {
      only('person:read')(s)
      card({ family: 'gids', template: null, puk: null, findings: [], hardwareNumber: null, issuedAt: null })(s)
    },
    act: text('Your role does not move cards'),
  }),
  scene('one card whose template cannot serve it', {
    address: ONE,
    knows: (s) => {
      const { template } = CARD_DETAILS
      if (template) card({ template: { ...template, faults: ['connection-untested'] } })(s)
    },
    act: text('The newest version cannot be used now'),
  }),
  scene('one card that is not there', { address: `${CARDS}/card-0`, act: text('not managed here') }),
  scene('suspending a card', { address: ONE, act: press('Suspend') }),
  scene('revoking a card', { address: ONE, act: press('Revoke for good') }),
  scene('revoking a card, refused', {
    address: ONE,
    knows: (s) => {
      s.at['POST /api/cards/card-1/state'] = { problem: 'card-move-refused' }
    },
    act: async (page) => {
      await press('Revoke for good')(page)
      await page.getByRole('dialog').getByLabel('Reason').selectOption('Lost')
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke for good' }).click()
      await page.getByText('A card in this state cannot').waitFor()
    },
  }),
  scene('returning a card to stock', { address: ONE, act: press('Return to stock') }),
  scene('replacing a card that is lost', {
    address: ONE,
    act: async (page) => {
      await press('Replace this card')(page)
      await page.getByLabel('What happened to this card?').selectOption('Lost')
      await page.getByRole('radio', { name: 'Now: it is revoked for good' }).click()
    },
  }),
  scene('moving a card to the newest version', { address: ONE, act: press('Move to version 4') }),
  scene('a card was moved', {
    address: ONE,
    act: async (page) => {
      await press('Suspend')(page)
      await page.getByRole('dialog').getByLabel('Reason').selectOption('Lost')
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
      await page.getByText('Done: the card is Suspended now').waitFor()
    },
  }),
]

const STOCKED = {
  stations: [
    {
      id: 'station-1',
      name: 'Badge office, desk 1',
      readers: [
        {
          name: 'Omnikey 3121',
          card: {
            kind: 'piv',
            firmware: null,
            family: 'piv',
            hardwareNumber: null,
            isBlocked: null,
            managed: {
              id: 'card-5',
              label: 'Staff card',
              printedSerial: 'UN-001110',
              state: 'stock',
              personName: null,
            },
          },
        },
      ],
    },
  ],
}

const REGISTER: readonly Scene[] = [
  scene('register a card out of stock', {
    address: '/lifecycle/register?search=ada&person=person-1',
    knows: (s) => {
      s.at['GET /api/stations'] = { json: STOCKED }
    },
    act: async (page) => {
      await page.getByRole('radio', { name: /UN-001110/ }).click()
      await page.getByRole('button', { name: 'Register from stock' }).waitFor()
    },
  }),
  scene('register a card in another one’s place', {
    address: '/lifecycle/register?search=ada&person=person-1&template=tpl-1&replaces=card-1',
    knows: (s) => {
      s.at['GET /api/stations'] = { json: { stations: [] } }
    },
    act: text('takes the place of UN-004217'),
  }),
]

const OLDER: readonly Scene[] = [
  scene('moving all cards of a template to its newest version', {
    address: '/templates/card-templates/tpl-1',
    act: press('Move 37 cards to version 3'),
  }),
  scene('all cards of a template were moved', {
    address: '/templates/card-templates/tpl-1',
    act: async (page) => {
      await press('Move 37 cards to version 3')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Move 37 cards' }).click()
      await page.getByText('37 cards were moved to version 3').waitFor()
    },
  }),
  scene('all cards of a template being moved', {
    address: '/templates/card-templates/tpl-1',
    knows: (s) => {
      let asked = 0
      Object.defineProperty(s.at, 'POST /api/card-templates/tpl-1/card-move', {
        get: () => (asked++ === 0 ? { json: { moved: 12, isMore: true } } : 'hang'),
      })
    },
    act: async (page) => {
      await press('Move 37 cards to version 3')(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Move 37 cards' }).click()
      await page.getByText('12 of 37 moved').waitFor()
    },
  }),
]

const HEALTH: readonly Scene[] = [
  scene('health', { address: '/health', act: text('14 cards') }),
  scene('health, all clear', {
    address: '/health',
    knows: (s) => {
      s.cards.counts = {}
    },
    act: text('Nothing is the matter with any card'),
  }),
  scene('health loading', {
    address: '/health',
    knows: (s) => {
      s.at['GET /api/card-findings'] = 'hang'
    },
    act: text('Looking at the cards'),
  }),
]

/** The states of these pages. */
export const CARD_SCENES: readonly Scene[] = [...LIST, ...PAGE, ...REGISTER, ...OLDER, ...HEALTH]
