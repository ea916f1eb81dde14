import type { PeopleListed, PersonRow } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import { PERSON, type ServerScene } from './pretend-server.ts'

/** People: the list, one person, files and directories that people come from. */

const PEOPLE = '/people'
const PERSON_PAGE = '/people/person-1'

const row = (n: number, changes: Partial<PersonRow> = {}): PersonRow => ({
  id: `person-${n}`,
  name: PERSON.name,
  userName: PERSON.userName,
  department: PERSON.department,
  email: PERSON.email,
  cards: 3,
  createdAt: '2026-03-02T08:15:00Z',
  ...changes,
})
const LISTED: PeopleListed = {
  people: [
    row(1),
    row(2, { name: 'Adam Linde', userName: 'a.linde', department: 'Pharmacy', cards: 1 }),
    row(3, { name: 'Åsa Öberg', userName: 'asa.oberg', department: '', email: '', cards: 0 }),
    row(4, {
      name: 'Maximiliane-Theodora von und zu Rabenstein-Hohenlinden',
      userName: 'maximiliane-theodora.rabenstein-hohenlinden@clinic-north.example',
      department: 'Department of Anaesthesiology, Intensive Care, Emergency and Pain Medicine',
      email: 'maximiliane-theodora.rabenstein-hohenlinden@clinic-north.example',
      cards: 12,
    }),
  ],
  next: 'eyJ4IjoxfQ',
  isCut: false,
}

const knows = (listed: Partial<PeopleListed> = {}) => {
  return (s: ServerScene) => {
    s.at['GET /api/people-list'] = { json: { ...LISTED, ...listed } }
    s.at['GET /api/people-departments'] = { json: { departments: ['Pharmacy', 'Radiology'], isMore: false } }
  }
}
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()
const only = (...permissions: string[]) => {
  return (s: ServerScene) => {
    knows()(s)
    s.permissions = permissions
  }
}

const LIST: readonly Scene[] = [
  scene('people', { address: PEOPLE, knows: knows(), act: text('Adam Linde') }),
  scene('people, filtered, on a later page', {
    address: `${PEOPLE}?department=Radiology&cards=with&after=abc`,
    knows: knows({ next: null }),
    act: text('First page'),
  }),
  scene('people, row by row with the keyboard', {
    address: PEOPLE,
    knows: knows(),
    act: async (page) => {
      await page.getByRole('link', { name: 'Ada Lindqvist' }).focus()
      await page.keyboard.press('ArrowDown')
      await page.locator('[data-row]:focus').getByText('Adam Linde').waitFor()
    },
  }),
  scene('people, too many found', {
    address: `${PEOPLE}?search=a&sort=newest`,
    knows: knows({ isCut: true }),
    act: text('more people than are looked at'),
  }),
  scene('people, nobody fits', {
    address: `${PEOPLE}?search=zzz`,
    knows: knows({ people: [], next: null }),
    act: text('Nobody fits'),
  }),
  scene('people, nobody yet', {
    address: PEOPLE,
    knows: knows({ people: [], next: null }),
    act: text('Nobody is on record yet'),
  }),
  scene('people, seen by somebody who may only look', {
    address: PEOPLE,
    knows: only('person:read'),
    act: text('Adam Linde'),
  }),
  scene('people, somebody is added', {
    address: PEOPLE,
    knows: knows(),
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a person' }).click()
      await page.getByRole('dialog').getByLabel('User name').waitFor()
    },
  }),
]

const edit = async (page: Page) => {
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Number on record').fill('+49 30 5550 999')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
}

const ONE: readonly Scene[] = [
  scene('one person', { address: PERSON_PAGE, act: text('Old staff card') }),
  scene('one person, from a directory, without a card', {
    address: PERSON_PAGE,
    knows: (s) => {
      const dn = 'uid=a.lindqvist,ou=Radiology\\, second floor,ou=people,dc=clinic,dc=example'
      const directory = { connectionId: 'conn-6', connectionName: 'Directory of the clinic', dn }
      s.people = [{ ...PERSON, source: 'directory', directory, cards: [], history: [], isRemovable: true, phone: '' }]
    },
    act: text('Remove this person'),
  }),
  scene('one person, edited', {
    address: PERSON_PAGE,
    knows: (s) => {
      s.at['POST /api/people/person-1'] = { json: { revision: 4 } }
    },
    act: async (page) => {
      await edit(page)
      await page.getByText('Saved.').waitFor()
    },
  }),
  scene('one person, changed by somebody else meanwhile', {
    address: PERSON_PAGE,
    knows: (s) => {
      s.at['POST /api/people/person-1'] = { problem: 'person-changed' }
    },
    act: async (page, s) => {
      await page.getByRole('button', { name: 'Edit' }).click()
      s.people = [{ ...PERSON, revision: 4, phone: '+49 30 5550 200', manager: '' }]
      await page.getByLabel('Number on record').fill('+49 30 5550 999')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByText('Somebody else changed this person').waitFor()
    },
  }),
  scene('one person, removed perhaps', {
    address: PERSON_PAGE,
    knows: (s) => {
      s.people = [{ ...PERSON, cards: [], history: [], isRemovable: true }]
      s.at['POST /api/people/person-1/removal'] = { problem: 'person-had-cards' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Remove this person' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByText('stays on record').first().waitFor()
    },
  }),
  scene('no such person', { address: `${PEOPLE}/person-0`, act: text('There is no such person here') }),
]

export const PEOPLE_SCENES: readonly Scene[] = [...LIST, ...ONE]
