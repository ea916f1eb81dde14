import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import type { ServerScene } from './pretend-server.ts'
import { CONNECTION, DOCUMENT, TEMPLATE } from './pretend-templates.ts'

/** Templates > Card templates, Options > Connections, the PUC of a card. */

const TEMPLATES = '/templates/card-templates'
const CONNECTIONS = '/options/connections'
const CARD = '/actions/smart-card-unblock?search=ada&person=person-1&card=card-1'
const REGISTER = '/lifecycle/register?search=ada&person=person-1'

const template = (change: Partial<typeof TEMPLATE>) => (s: ServerScene) => {
  s.templates.templates = [{ ...TEMPLATE, ...change }]
}
const only = (...permissions: string[]) => {
  return (s: ServerScene) => {
    s.permissions = permissions
  }
}
const text = (words: string) => (page: Page) => page.getByText(words).first().waitFor()

const testing = async (page: Page) => {
  await page.getByLabel('Send the test to').fill('ines.okafor@clinic.example')
  await page.getByRole('button', { name: 'Test', exact: true }).click()
}
const fails = (problem: 'delivery-unreachable' | 'delivery-insecure' | 'delivery-sign-in' | 'delivery-refused') => {
  const said = {
    'delivery-unreachable': 'connect ECONNREFUSED 192.0.2.17:465',
    'delivery-insecure': 'self-signed certificate in certificate chain',
    'delivery-sign-in': '535 5.7.8 Authentication credentials invalid',
    'delivery-refused': '550 5.7.1 Sender address rejected: not owned by user unlatch',
  }
  return (s: ServerScene) => {
    s.at['POST /api/connections/conn-1/test'] = { problem, facts: { detail: said[problem] } }
  }
}
const readPuc = async (page: Page) => {
  await page.getByRole('button', { name: 'Read the PUC' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Its holder is on a ship without mail')
  await page.getByRole('dialog').getByLabel('Your own password').fill('four quiet lorries')
  await page.getByRole('button', { name: 'Read and record' }).click()
}

const LIST: readonly Scene[] = [
  scene('card templates', { address: TEMPLATES, act: text('Night shift') }),
  scene('no card template', {
    address: TEMPLATES,
    knows: (s) => {
      s.templates.templates = []
    },
    act: text('No card template yet'),
  }),
  scene('no card template, and nobody who may add one', {
    address: TEMPLATES,
    knows: (s) => {
      only('template:read')(s)
      s.templates.templates = []
    },
    act: text('adds the first one here'),
  }),
  scene('card templates loading', {
    address: TEMPLATES,
    knows: (s) => {
      s.at['GET /api/card-templates'] = 'hang'
    },
    act: text('Loading the card templates'),
  }),
  scene('card templates refused', {
    address: TEMPLATES,
    knows: (s) => {
      only()(s)
      s.at['GET /api/card-templates'] = { problem: 'not-permitted' }
    },
    act: text('Your role does not allow this'),
  }),
]

const ONE: readonly Scene[] = [
  scene('one card template', { address: `${TEMPLATES}/tpl-1`, act: text('Delivered by') }),
  scene('one card template that cannot be used', {
    address: `${TEMPLATES}/tpl-4`,
    act: text('no connection is chosen'),
  }),
  scene('one card template, its connection not tested', { address: `${TEMPLATES}/tpl-2`, act: text('was not tested') }),
  scene('one card template, its connection removed', {
    address: `${TEMPLATES}/tpl-1`,
    knows: template({ document: { ...DOCUMENT, connectionId: 'conn-0' }, faults: ['connection-removed'] }),
    act: text('deliver its PUC was removed'),
  }),
  scene('one card template, locked', { address: `${TEMPLATES}/tpl-3`, act: text('Unlock the template') }),
  scene('one card template, seen by somebody who may not change it', {
    address: `${TEMPLATES}/tpl-1`,
    knows: only('template:read'),
    act: text('and not change them'),
  }),
  scene('no such card template', { address: `${TEMPLATES}/tpl-0`, act: text('There is no such card template') }),
  scene('a PIN tried', {
    address: `${TEMPLATES}/tpl-1`,
    act: async (page) => {
      await page.getByLabel('A PIN to try').fill('112233')
      await page.getByText('This PIN would be refused').waitFor()
    },
  }),
  scene('own PIN rules', {
    address: `${TEMPLATES}/tpl-1`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'Own rules' }).check()
      await page.getByLabel('Fewest digits').selectOption('4')
      await page.getByLabel('PINs that are refused').fill('19450508\n12a4')
      await page.getByText('takes no PIN below six').waitFor()
      await page.getByText('This cannot be saved yet').waitFor()
    },
  }),
  scene('a GIDS card with a PUC', {
    address: `${TEMPLATES}/tpl-1`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'GIDS card' }).check()
      await page.getByText('This cannot be saved yet').waitFor()
    },
  }),
  scene('a card template changed meanwhile', {
    address: `${TEMPLATES}/tpl-1`,
    act: async (page, s) => {
      await page.getByLabel('Name of the template').fill('Staff card of the clinic')
      s.templates.templates = [
        { ...TEMPLATE, version: 4, document: { ...DOCUMENT, puc: 'help-desk', connectionId: null, cardRoute: 'post' } },
      ]
      await page.getByRole('button', { name: 'Save as version 4' }).click()
      await page.getByText('Somebody else saved version 4').waitFor()
    },
  }),
  scene('a card template saved', {
    address: `${TEMPLATES}/tpl-1`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'By post' }).check()
      await page.getByRole('button', { name: 'Save as version 4' }).click()
      await page.getByText('Version 4 is saved').waitFor()
    },
  }),
  scene('copy a card template', {
    address: `${TEMPLATES}/tpl-1`,
    knows: (s) => {
      s.at['POST /api/card-templates/tpl-1/copy'] = { problem: 'name-taken' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Copy the template' }).click()
      await page.getByRole('button', { name: 'Make the copy' }).click()
      await page.getByText('This name is taken').waitFor()
    },
  }),
  scene('add a card template', {
    address: `${TEMPLATES}/new`,
    knows: (s) => {
      s.templates.connections = []
    },
    act: async (page) => {
      await page.getByRole('radio', { name: 'Delivered to the cardholder' }).check()
      await page.getByText('It can be saved like this').waitFor()
    },
  }),
]

const CONNECTION_PAGES: readonly Scene[] = [
  scene('connections', { address: CONNECTIONS, act: text('Relay of the data centre') }),
  scene('no connection', {
    address: CONNECTIONS,
    knows: (s) => {
      s.templates.connections = []
    },
    act: text('No connection yet'),
  }),
  scene('connections refused', {
    address: CONNECTIONS,
    knows: (s) => {
      only()(s)
      s.at['GET /api/connections'] = { problem: 'not-permitted' }
    },
    act: text('Your role does not allow this'),
  }),
  scene('one connection', { address: `${CONNECTIONS}/conn-1`, act: text('One is stored') }),
  scene('one connection, seen by somebody who may not change it', {
    address: `${CONNECTIONS}/conn-2`,
    knows: only('connection:read'),
    act: text('and not change them'),
  }),
  scene('no such connection', { address: `${CONNECTIONS}/conn-0`, act: text('There is no such connection') }),
  scene('a connection that writes letters', { address: `${CONNECTIONS}/conn-3`, act: text('Self-sealing PIN mailer') }),
  scene('a connection that writes sealed files', {
    address: `${CONNECTIONS}/conn-4`,
    act: text('Public key of the printing house'),
  }),
  scene('a connection that calls a service', {
    address: `${CONNECTIONS}/conn-5`,
    act: text('The service is inside our network'),
  }),
  scene('add a connection that writes letters', {
    address: `${CONNECTIONS}/new`,
    act: async (page) => {
      await page.getByRole('radio', { name: 'Letter (PDF for a print room)' }).click()
      await page.getByLabel('Folder').waitFor()
    },
  }),
  scene('add a connection', { address: `${CONNECTIONS}/new`, act: text('None is stored') }),
  scene('a connection changed', {
    address: `${CONNECTIONS}/conn-1`,
    act: async (page) => {
      await page.getByLabel('Certificate of the authority').fill('MIIB')
      await page.getByRole('button', { name: 'Replace' }).click()
      await page.getByLabel('Password', { exact: true }).fill('s3cret')
      await page.getByText('This is not PEM').waitFor()
    },
  }),
  scene('a connection tested', {
    address: `${CONNECTIONS}/conn-1`,
    act: async (page) => {
      await testing(page)
      await page.getByText('took the e-mail').waitFor()
    },
  }),
  scene('a connection being tested', {
    address: `${CONNECTIONS}/conn-1`,
    knows: (s) => {
      s.at['POST /api/connections/conn-1/test'] = 'hang'
    },
    act: async (page) => {
      await testing(page)
      await page.getByText('the test is under way').waitFor()
    },
  }),
  ...(['delivery-unreachable', 'delivery-insecure', 'delivery-sign-in', 'delivery-refused'] as const).map((problem) =>
    scene(`a test that failed: ${problem}`, {
      address: `${CONNECTIONS}/conn-1`,
      knows: fails(problem),
      act: async (page) => {
        await testing(page)
        await page.getByText('The other side said').waitFor()
      },
    }),
  ),
  scene('remove a connection', {
    address: `${CONNECTIONS}/conn-1`,
    knows: (s) => {
      s.templates.connections = [{ ...CONNECTION, usedBy: [], waiting: 2 }]
      s.at['POST /api/connections/conn-1/removal'] = { problem: 'connection-in-use' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Remove the connection' }).click()
      await page.getByRole('button', { name: 'Remove the connection for good' }).click()
      await page.getByText('still deliver by this connection').waitFor()
    },
  }),
]

const CARD_PUC: readonly Scene[] = [
  scene("deliveries of a card's PUC", {
    address: CARD,
    act: async (page) => {
      await page.getByRole('button', { name: 'Show deliveries' }).click()
      await page.getByText('user unknown').waitFor()
    },
  }),
  scene("a card's PUC that was never sent", {
    address: CARD,
    knows: (s) => {
      only('person:read', 'unblock:release', 'puc:deliver')(s)
      s.templates.deliveries = []
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Show deliveries' }).click()
      await page.getByText('was never sent').waitFor()
    },
  }),
  scene("read a card's PUC", {
    address: CARD,
    knows: (s) => {
      s.at['POST /api/cards/card-1/puc'] = { problem: 'password-wrong' }
    },
    act: async (page) => {
      await readPuc(page)
      await page.getByText('Your present password is wrong').waitFor()
    },
  }),
  scene("a card's PUC, read", {
    address: CARD,
    act: async (page) => {
      await readPuc(page)
      await page.getByText('four zero seven one').waitFor()
    },
  }),
  scene("a card's PUC, hidden", {
    address: CARD,
    act: async (page) => {
      await readPuc(page)
      await page.getByRole('button', { name: 'Hide now' }).click()
      await page.getByText('The PUC is hidden').waitFor()
    },
  }),
  scene('register by a card template', {
    address: REGISTER,
    knows: (s) => {
      const card = { kind: 'piv', firmware: null, family: 'piv', hardwareNumber: null, isBlocked: null, managed: null }
      s.at['GET /api/stations'] = {
        json: {
          stations: [{ id: 'station-1', name: 'Badge office, desk 1', readers: [{ name: 'Omnikey 3121', card }] }],
        },
      }
    },
    act: async (page) => {
      await page.getByRole('radio', { name: /not on record here/ }).click()
      await page.getByLabel('Card template').selectOption('Staff card')
    },
  }),
]

/** States of the pages about card templates, connections, and a card's PUC. */
const DIRECTORY: readonly Scene[] = [
  scene('a directory among the connections, tested', {
    address: `${CONNECTIONS}/conn-6`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Test', exact: true }).click()
      await page.getByText('found 1500 people').waitFor()
    },
  }),
  scene('a directory is added for Active Directory', {
    address: `${CONNECTIONS}/new`,
    act: async (page) => {
      await page.getByRole('radio', { name: /Directory of people/ }).check()
      await page.getByLabel('Make of the directory').selectOption('active-directory')
      await page.getByRole('button', { name: 'Use the usual values' }).click()
      await page.getByLabel('Addresses').fill('http://directory.example')
      await page.getByText('An address is ldaps://host').waitFor()
    },
  }),
]

export const TEMPLATE_SCENES: readonly Scene[] = [...DIRECTORY, ...LIST, ...ONE, ...CONNECTION_PAGES, ...CARD_PUC]
