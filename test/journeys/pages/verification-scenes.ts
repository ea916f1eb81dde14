import { DeskSettings } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import { tried } from './pretend-verification.ts'

/** The states of who is calling, and of the pages around it. */

const PERSON = '/actions/smart-card-unblock?search=ada&person=person-1&card=card-1'
const LIMITS = '/options/limits-and-threat-level'

const choose = (page: Page, name: string) => page.getByRole('radio', { name }).click()
const told = (words: string) => async (page: Page) => {
  await page.getByText(words).first().waitFor()
}
const open = { id: 'verification-1', isMet: false, expiresAt: null, usesLeft: 3 }

const DESK = DeskSettings.parse({})
const CONFIGURED = {
  releasesPerCardAndDay: 5,
  releasesPerOperatorAndHour: 30,
  releasesPerPersonAndDay: 10,
  personsPerOperatorInTenMinutes: 20,
  outstandingPerOperator: 20,
}
const REQUEST = {
  id: 'approval-1',
  cardId: 'card-1',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  askedBy: 'Jonas Reich',
  isOwn: false,
  note: 'She is at the airport and flies in an hour.',
  reasons: ['person', 'hours'],
  askedAt: '2026-11-21T10:00:00Z',
  until: '2026-11-21T10:15:00Z',
  state: 'asked',
  answeredBy: null,
  isBreakGlass: false,
  ways: [{ way: 'call-back', metAt: '2026-11-21T09:58:00Z', evidence: { called: '+49 30 5550 142' } }],
}

const APPROVAL = {
  id: 'way-1',
  personName: 'Ada Lindqvist',
  department: 'Radiology',
  cardLabel: 'Staff card',
  operatorName: 'Ines Okafor',
  askedAt: '2026-11-21T10:00:00Z',
  until: '2026-11-21T10:10:00Z',
  state: 'asked',
}

/** A code whose owner asked for it himself. */
const welcomed = (kind: 'prove' | 'add', about: { cardLabel: string | null }) => ({
  json: { kind, operatorName: '', ...about, organisation: 'Clinic', options: { challenge: 'AA' } },
})
async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Number or invitation').fill(code)
  await page.keyboard.press('Enter')
}

export const VERIFICATION_SCENES: readonly Scene[] = [
  scene('verification: nothing chosen', { address: PERSON, act: told('This card demands one of these') }),
  scene('verification: the words are sent, and what comes back is wrong', {
    address: PERSON,
    knows: (s) => {
      s.at['POST /api/verifications/verification-1/ways/way-1/answer'] = { problem: 'verification-code-wrong' }
    },
    act: async (page) => {
      await choose(page, 'Call back and hear two words')
      await page.getByRole('button', { name: 'Send the words' }).click()
      await page.getByLabel('The two words').fill('walnut bridge')
      await page.getByRole('button', { name: 'Check' }).click()
      await page.getByText('That is not what was sent.').waitFor()
    },
  }),
  scene('verification: two are demanded and one is done; an address changed', {
    address: PERSON,
    knows: ({ verification }) => {
      verification.demand = { count: 2, ways: ['call-back', 'address-code', 'manager', 'in-person'] }
      verification.offers = verification.demand.ways.map((way) => ({
        way,
        obstacle: way === 'call-back' ? 'address-too-new' : null,
      }))
      for (const address of verification.addresses)
        if (address.kind === 'phone')
          Object.assign(address, {
            obstacle: 'address-too-new',
            changed: { at: '2026-11-20T08:00:00Z', previous: '+49 30 5550 100' },
          })
      verification.open = { ...open, ways: [tried('video', 'failed'), tried('in-person', 'met', 'way-2')] }
    },
    act: async (page) => {
      await choose(page, 'Code to a registered address')
      await page.getByRole('button', { name: 'Send the code' }).waitFor()
    },
  }),
  scene('verification: the manager is asked', {
    address: PERSON,
    act: async (page) => {
      await choose(page, 'The manager confirms')
      await page.getByRole('button', { name: 'Ask Tomas Brandt' }).click()
      await page.getByText('Waiting for Tomas Brandt').waitFor()
    },
  }),
  scene('verification: seen in person, and something is missing', {
    address: PERSON,
    act: async (page) => {
      await choose(page, 'In person, with a document')
      await page.getByRole('button', { name: 'I have seen them' }).click()
      await page.getByText('Choose which document they showed.').waitFor()
    },
  }),
  scene('verification: no way can be used', {
    address: PERSON,
    knows: ({ verification }) => {
      verification.offers = [
        { way: 'call-back', obstacle: 'phone-missing' },
        { way: 'address-code', obstacle: 'no-mail-connection' },
        { way: 'manager', obstacle: 'manager-no-account' },
      ]
    },
    act: told('No telephone number is on record'),
  }),
  scene('verification: done', {
    address: PERSON,
    act: async (page) => {
      await choose(page, 'By video, with the badge')
      await page.getByLabel('What the badge says').fill('A. Lindqvist 4217')
      await page.getByLabel('The face is the one on the badge').check()
      await page.getByRole('button', { name: 'I have seen them' }).click()
      await page.getByText('The caller is verified').waitFor()
    },
  }),
  scene('prove: the number', { address: '/prove', act: told('Type the number') }),
  scene('prove: who is on the telephone', {
    address: '/prove',
    knows: (s) => {
      s.at['POST /api/proof/code'] = {
        json: {
          kind: 'prove',
          operatorName: 'Ines Okafor',
          cardLabel: 'Staff card',
          organisation: 'Clinic',
          options: { challenge: 'AA' },
        },
      }
      s.at['POST /api/proof/refusal'] = { problem: 'proof-code-refused' }
    },
    act: async (page) => {
      await page.getByLabel('Number or invitation').fill('4271 9034')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'No, I asked for nothing' }).click()
      await page.getByText('This code is not valid').waitFor()
    },
  }),
  scene('prove: an unblock of one’s own', {
    address: '/prove',
    knows: (s) => {
      s.at['POST /api/proof/code'] = welcomed('prove', { cardLabel: 'Staff card' })
    },
    act: async (page) => {
      await typeCode(page, '4271 9034')
      await page.getByText('Is that you, at your own computer?').waitFor()
    },
  }),
  scene('prove: it was not I', {
    address: '/prove',
    knows: (s) => {
      s.at['POST /api/proof/code'] = welcomed('prove', { cardLabel: 'Staff card' })
      s.at['POST /api/proof/refusal'] = { json: {} }
    },
    act: async (page) => {
      await typeCode(page, '4271 9034')
      await page.getByRole('button', { name: 'No, I asked for nothing' }).click()
      await page.getByText('It was not you').waitFor()
    },
  }),
  scene('prove: an invitation of one’s own', {
    address: '/prove',
    knows: (s) => {
      s.at['POST /api/proof/code'] = welcomed('add', { cardLabel: null })
    },
    act: async (page) => {
      await typeCode(page, '7N29 DENG 1C5Y 5TTC')
      await page.getByText('You asked for this in My Smartcard').waitFor()
    },
  }),
  scene('person: passkeys and an invitation', {
    address: '/people/person-1',
    knows: (s) => {
      const times = { createdAt: '2026-11-02T08:00:00Z', usableFrom: '2026-11-09T08:00:00Z', lastUsedAt: null }
      s.passkeys = [{ id: 'pk-1', label: 'Private phone', ...times }]
      const { createdAt, usableFrom } = times
      s.identities = [{ id: 'id-1', issuer: 'https://sign-in.example.org', subject: 'a4f1', createdAt, usableFrom }]
      s.at['POST /api/people/person-1/passkey-invitation'] = {
        json: { code: '0123456789ABCDEF', expiresAt: '2026-11-27T08:00:00Z' },
      }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Invite to add a passkey' }).click()
      await page.getByLabel('Document', { exact: true }).selectOption('passport')
      await page.getByLabel('The face is the one on the document').check()
      await page.getByRole('button', { name: 'Make the invitation' }).click()
      await page.getByText('within a day').waitFor()
    },
  }),
  scene('approvals: somebody asks', {
    address: '/approvals',
    knows: (s) => {
      s.at['GET /api/four-eyes'] = {
        json: { requests: [REQUEST, { ...REQUEST, id: 'approval-0', state: 'approved', isBreakGlass: true }] },
      }
      s.at['GET /api/approvals'] = { json: { approvals: [APPROVAL, { ...APPROVAL, id: 'way-0', state: 'met' }] } }
    },
    act: told('Is it Ada Lindqvist'),
  }),
  scene('approvals: nobody asks', {
    address: '/approvals',
    knows: (s) => {
      s.at['GET /api/approvals'] = { json: { approvals: [] } }
      s.at['GET /api/four-eyes'] = { json: { requests: [] } }
    },
    act: told('Nobody asks you anything now'),
  }),
  scene('four eyes: a second operator is needed', {
    address: PERSON,
    knows: ({ verification }) => {
      const expiresAt = new Date(Date.now() + 600_000).toISOString()
      verification.open = { ...open, isMet: true, expiresAt, ways: [tried('in-person', 'met')] }
      verification.fourEyes = {
        reasons: ['person', 'hours'],
        isForRelease: true,
        approval: { id: 'a', state: 'declined', until: expiresAt, answeredBy: 'Jonas Reich', isBreakGlass: false },
      }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Break the glass…' }).click()
      await page.getByLabel('Why it cannot wait').fill('now')
      await page.getByRole('button', { name: 'Break the glass, and' }).click()
      await page.getByText('in ten letters').waitFor()
    },
  }),
  scene('four eyes: approved', {
    address: PERSON,
    knows: ({ verification }) => {
      const expiresAt = new Date(Date.now() + 600_000).toISOString()
      verification.open = { ...open, isMet: true, expiresAt, ways: [tried('in-person', 'met')] }
      verification.fourEyes = {
        reasons: ['threat'],
        isForRelease: true,
        approval: { id: 'a', state: 'approved', until: expiresAt, answeredBy: 'Jonas Reich', isBreakGlass: false },
      }
    },
    act: told('Approved by Jonas Reich'),
  }),
  scene('limits: the threat level is raised', {
    address: LIMITS,
    knows: (s) => {
      s.status = { ...s.status, isThreatRaised: true }
      const threat = { isRaised: true, since: '2026-11-21T10:00:00Z', by: 'Ines Okafor', reason: 'calls by a stranger' }
      const officeHours = { zone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '07:00', to: '19:00' }
      const settings = { ...DESK, threat, officeHours, alarmAddresses: ['chief@clinic.example'] }
      s.at['GET /api/desk'] = { json: { settings, revision: 3, configured: CONFIGURED, connections: [] } }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Lower the threat level' }).click()
      await page.getByText('Say why').waitFor()
    },
  }),
  scene('limits: by what messages leave', {
    address: LIMITS,
    knows: (s) => {
      s.at['GET /api/desk'] = {
        json: {
          settings: DESK,
          revision: 0,
          configured: CONFIGURED,
          connections: [
            { id: 'c-1', name: 'Mail of the clinic', carries: 'mail', isTested: true },
            { id: 'c-2', name: 'New mail server', carries: 'mail', isTested: false },
          ],
        },
      }
    },
    act: async (page) => {
      await page.getByLabel('E-mail').selectOption('c-1')
      await page.getByText('There is no connection for text messages yet.').waitFor()
    },
  }),
]
