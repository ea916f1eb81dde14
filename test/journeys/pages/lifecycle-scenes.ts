import type { Registration, Registrations, Stations } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import type { ServerScene } from './pretend-server.ts'

/** Lifecycle > Register and Issue. */

const REGISTER = '/lifecycle/register'
const ISSUE = '/lifecycle/issue'

const FRESH = {
  kind: 'piv',
  firmware: null,
  family: 'piv',
  hardwareNumber: null,
  isBlocked: null,
  managed: null,
} as const
const STATIONS: Stations = {
  stations: [
    {
      id: 'station-1',
      name: 'Badge office, desk 1',
      readers: [
        { name: 'Omnikey 3121', card: FRESH },
        {
          name: 'Yubico YubiKey OTP+FIDO+CCID',
          card: {
            kind: 'yubikey',
            firmware: '5.7.1',
            family: 'piv',
            hardwareNumber: 'yubico:20417733',
            isBlocked: false,
            managed: {
              id: 'card-1',
              label: 'Staff card',
              printedSerial: 'UN-004217',
              state: 'issued',
              personName: 'Ada Lindqvist',
            },
          },
        },
      ],
    },
    { id: 'station-2', name: 'Badge office, desk 2', readers: [{ name: 'Omnikey 3121', card: null }] },
  ],
}

const REGISTRATION: Registration = {
  cardId: 'card-7',
  label: 'Staff card',
  printedSerial: 'UN-007001',
  family: 'piv',
  personName: 'Ada Lindqvist',
  registeredAt: '2026-11-21T10:00:00Z',
  isBegun: false,
  state: 'registered',
  round: 0,
  step: null,
  job: null,
}

const WAITING: Registrations = {
  registrations: [
    REGISTRATION,
    { ...REGISTRATION, cardId: 'card-8', personName: 'Adam Linde', printedSerial: 'UN-007002', isBegun: true },
  ],
  isMore: false,
}

const knows = (changes: Partial<Registration> = {}, stations: Stations = STATIONS) => {
  return (s: ServerScene) => {
    s.at['GET /api/stations'] = { json: stations }
    s.at['GET /api/registrations'] = { json: WAITING }
    s.at['GET /api/registrations/card-7'] = { json: { ...REGISTRATION, ...changes } }
  }
}
const chooseReader = (page: Page) => page.getByRole('radio', { name: /not on record here/ }).click()
const person = `${REGISTER}?search=ada&person=person-1`
const card = `${ISSUE}?card=card-7`

export const LIFECYCLE_SCENES: readonly Scene[] = [
  scene('register, whose card', { address: REGISTER, knows: knows() }),
  scene('register, add a person', {
    address: `${REGISTER}?search=zo`,
    knows: (s) => {
      knows()(s)
      s.at['POST /api/people'] = { problem: 'name-taken' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a person' }).click()
      await page.getByRole('textbox', { name: 'User name' }).fill('z.okonkwo')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByText('This name is taken').waitFor()
    },
  }),
  scene('register, no station', {
    address: person,
    knows: knows({}, { stations: [] }),
    act: (page) => page.getByText('No station is connected').waitFor(),
  }),
  scene('register, readers', {
    address: person,
    knows: knows(),
    act: async (page) => {
      await chooseReader(page)
      await page.getByRole('textbox', { name: 'Printed serial' }).fill('UN-007001')
    },
  }),
  scene('register, a GIDS card', {
    address: person,
    knows: knows(
      {},
      {
        stations: [
          {
            id: 'station-1',
            name: 'Badge office, desk 1',
            readers: [{ name: 'Omnikey 3121', card: { ...FRESH, kind: 'gids', family: 'gids' } }],
          },
        ],
      },
    ),
    act: async (page) => {
      await chooseReader(page)
      await page.getByText('Admin key from the factory').waitFor()
    },
  }),
  scene('register, on record already', {
    address: person,
    knows: knows(),
    act: async (page) => {
      await page.getByRole('radio', { name: /Ada Lindqvist/ }).click()
      await page.getByText('on record already').waitFor()
    },
  }),
  scene('issue, waiting cards', {
    address: ISSUE,
    knows: knows(),
    act: (page) => page.getByText('begun, not ended').waitFor(),
  }),
  scene('issue, none waits', {
    address: ISSUE,
    knows: (s) => {
      s.at['GET /api/registrations'] = { json: { registrations: [], isMore: false } }
    },
    act: (page) => page.getByText('No card waits').waitFor(),
  }),
  scene('issue, a card', { address: card, knows: knows(), act: chooseReader }),
  scene('issue, running', {
    address: card,
    knows: knows({ job: { state: 'running', problem: null, why: null }, round: 5, step: 'generate', isBegun: true }),
    act: (page) => page.getByText('makes a key of its own').waitFor(),
  }),
  scene('issue, refused by the card', {
    address: card,
    knows: knows({
      job: {
        state: 'failed',
        problem: 'personalisation-refused',
        why: "the card's PUK is neither the factory's nor ours: this card belongs to another system",
      },
      isBegun: true,
    }),
    act: (page) => page.getByText('belongs to another system').waitFor(),
  }),
  scene('issue, the station went away', {
    address: card,
    knows: knows({ job: { state: 'lost', problem: null, why: null }, isBegun: true }),
    act: (page) => page.getByText('The station went away').waitFor(),
  }),
  scene('issue, done', {
    address: card,
    knows: knows({ state: 'issued', job: { state: 'done', problem: null, why: null } }),
    act: (page) => page.getByText('The card is issued').waitFor(),
  }),
]
