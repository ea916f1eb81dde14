import type { DirectoryFound, ImportRow, ImportRows, ImportView, PeopleListed, PersonRow } from '@unlatch/contract'
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

const IMPORT = '/people/import'
const ONE_IMPORT = `${IMPORT}/imp-1`

const VIEW: ImportView = {
  id: 'imp-1',
  fileName: 'personnel-2026-11.csv',
  sha256: '9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08',
  operatorName: 'Ines Okafor',
  state: 'preview',
  createdAt: '2026-11-21T10:00:00Z',
  startedAt: null,
  endedAt: null,
  now: '2026-11-21T10:01:00Z',
  revision: 1,
  reading: {
    encoding: 'windows-1252',
    delimiter: ';',
    mapping: ['userName', 'givenName', 'surname', null, 'email', 'phone'],
    clearsEmpty: false,
  },
  header: ['sAMAccountName', 'givenName', 'sn', 'Cost centre', 'mail', 'telephoneNumber'],
  samples: [
    ['a.lindqvist', 'Ada', 'Lindqvist', '4711', 'ada.lindqvist@clinic.example', '+49 30 5550 142'],
    ['asa.oberg', 'Åsa', 'Öberg', '4712', 'asa.oberg@clinic.example', '+49 30 5550 143'],
  ],
  missing: [],
  progress: null,
}
const importRow = (line: number, kind: ImportRow['kind'], changes: Partial<ImportRow> = {}): ImportRow => {
  return { line, kind, name: 'Ada Lindqvist', userName: 'a.lindqvist', changes: [], faults: [], ...changes }
}
const ROWS: ImportRows = {
  counts: { new: 1204, changed: 37, unchanged: 98_421, wrong: 2 },
  comparedAt: '2026-11-21T10:00:30Z',
  revision: 1,
  rows: [
    importRow(2, 'changed', {
      changes: [
        { field: 'phone', from: '+49 30 5550 142', to: '+49 30 5550 999' },
        { field: 'department', from: '', to: 'Radiology' },
      ],
    }),
    importRow(3, 'new', { name: 'Åsa Öberg', userName: 'asa.oberg' }),
    importRow(4, 'unchanged', { name: 'Adam Linde', userName: 'a.linde' }),
    importRow(5, 'wrong', {
      name: '',
      userName: 'k nilsson',
      faults: [
        { field: 'name', fault: 'missing', otherLine: null },
        { field: 'userName', fault: 'twice', otherLine: 91_002 },
        { field: null, fault: 'cells', otherLine: null },
      ],
    }),
  ],
  next: 5,
}
const PROGRESS = { total: 99_664, done: 41_250, added: 512, changed: 16, unchanged: 40_720, wrong: 2, leftAlone: 0 }

const imports = (view: Partial<ImportView> = {}, rows: Partial<ImportRows> = {}) => {
  return (s: ServerScene) => {
    s.at['GET /api/people-imports'] = {
      json: {
        imports: [
          { ...VIEW, state: 'running' },
          { ...VIEW, id: 'imp-0', state: 'done' },
        ],
      },
    }
    s.at['GET /api/people-imports/imp-1'] = { json: { ...VIEW, ...view } }
    s.at['GET /api/people-imports/imp-1/rows'] = { json: { ...ROWS, ...rows } }
  }
}

const IMPORTS: readonly Scene[] = [
  scene('import people, a file', { address: IMPORT, knows: imports(), act: text('Under way') }),
  scene('import people, the preview', { address: ONE_IMPORT, knows: imports(), act: text('Import 1241 people') }),
  scene('import people, wrong rows alone', {
    address: `${ONE_IMPORT}?kind=wrong&after=3`,
    knows: imports({}, { rows: ROWS.rows.slice(3), next: null }),
    act: text('stands on line 91002'),
  }),
  scene('import people, a column is missing', {
    address: ONE_IMPORT,
    knows: imports({ reading: { ...VIEW.reading, mapping: [] }, missing: ['name', 'userName'] }),
    act: text('Choose the column for'),
  }),
  scene('import people, read another way meanwhile', {
    address: ONE_IMPORT,
    knows: (s) => {
      imports()(s)
      s.at['POST /api/people-imports/imp-1/start'] = { problem: 'import-changed' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Import 1241 people' }).click()
      await page.getByText('Somebody else chose').waitFor()
    },
  }),
  scene('import people, under way', {
    address: ONE_IMPORT,
    knows: imports({ state: 'running', startedAt: '2026-11-21T10:00:35Z', progress: PROGRESS }),
    act: text('seconds left'),
  }),
  scene('import people, done', {
    address: ONE_IMPORT,
    knows: imports({
      state: 'done',
      startedAt: '2026-11-21T10:00:35Z',
      endedAt: '2026-11-21T10:01:35Z',
      progress: { ...PROGRESS, done: PROGRESS.total, leftAlone: 3 },
    }),
    act: text('The import is done'),
  }),
  scene('import people, stopped', {
    address: ONE_IMPORT,
    knows: imports({ state: 'stopped', startedAt: '2026-11-21T10:00:35Z', progress: PROGRESS }),
    act: text('The import was stopped'),
  }),
]

const DIRECTORY = '/people/directory'
const ENTRY: DirectoryFound['entries'][number] = {
  key: 'e1',
  dn: 'uid=asa.oberg,ou=people,dc=clinic,dc=example',
  name: 'Åsa Öberg',
  userName: 'asa.oberg',
  department: 'Radiology',
  email: 'asa.oberg@clinic.example',
  phone: '+49 30 5550 143',
  manager: 'Tomas Brandt',
  language: '',
  fault: null,
  here: null,
}
const FOUND: DirectoryFound = {
  entries: [
    ENTRY,
    {
      ...ENTRY,
      key: 'e2',
      name: 'Ada Lindqvist',
      userName: 'a.lindqvist',
      here: {
        personId: 'person-1',
        name: 'Ada Lindqvist',
        changes: [
          { field: 'email', from: 'ada.lindqvist@clinic.example', to: 'ada.berg@clinic.example' },
          { field: 'manager', from: '', to: 'Tomas Brandt' },
        ],
      },
    },
    {
      ...ENTRY,
      key: 'e3',
      name: 'Adam Linde',
      userName: 'a.linde',
      here: { personId: 'p', name: 'Adam', changes: [] },
    },
    {
      ...ENTRY,
      key: 'e4',
      name: 'A. Twin',
      userName: 'twin',
      fault: 'twice',
      email: '',
      phone: '',
      department: '',
      manager: '',
    },
  ],
  isMore: true,
}
const directory = (s: ServerScene) => {
  s.at['GET /api/directories'] = { json: { directories: [{ id: 'conn-6', name: 'Directory of the clinic' }] } }
  s.at['POST /api/directories/conn-6/search'] = { json: FOUND }
}

const DIRECTORIES: readonly Scene[] = [
  scene('people of the directory', { address: `${DIRECTORY}?search=a`, knows: directory, act: text('Not here yet') }),
  scene('people of the directory, added', {
    address: `${DIRECTORY}?search=a`,
    knows: (s) => {
      directory(s)
      const refused = [{ name: 'A. Twin', fault: 'twice' }]
      s.at['POST /api/directories/conn-6/people'] = { json: { added: ['p1'], changed: ['p2'], refused } }
    },
    act: async (page) => {
      for (const name of ['Åsa Öberg', 'Ada Lindqvist']) await page.getByLabel(`Choose ${name}`).check()
      await page.getByRole('button', { name: 'Add or take over 2 entries' }).click()
      await page.getByText('Added: 1. Taken over: 1.').waitFor()
    },
  }),
  scene('people of the directory, which does not answer', {
    address: `${DIRECTORY}?search=a`,
    knows: (s) => {
      directory(s)
      const detail = 'connect ECONNREFUSED 192.0.2.4:636'
      s.at['POST /api/directories/conn-6/search'] = { problem: 'directory-unreachable', facts: { detail } }
    },
    act: text('ECONNREFUSED'),
  }),
  scene('people of the directory, nobody found', {
    address: `${DIRECTORY}?search=zzz`,
    knows: (s) => {
      directory(s)
      s.at['POST /api/directories/conn-6/search'] = { json: { entries: [], isMore: false } }
    },
    act: text('The directory has nobody'),
  }),
  scene('people of no directory', {
    address: DIRECTORY,
    knows: (s) => {
      s.at['GET /api/directories'] = { json: { directories: [] } }
    },
    act: text('No directory can be searched yet'),
  }),
]

export const PEOPLE_SCENES: readonly Scene[] = [...LIST, ...ONE, ...IMPORTS, ...DIRECTORIES]
