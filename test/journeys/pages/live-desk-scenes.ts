import type { AttemptView, DeskNumbers } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'

/** The states of the Live desk, and of the help desk in numbers. */

const told = (words: string) => async (page: Page) => {
  await page.getByText(words).first().waitFor()
}

const ATTEMPT: AttemptView = {
  id: 'unblock-1',
  place: 'telephone',
  waitsFor: 'outcome',
  operator: { id: 'op-1', name: 'Ines Okafor' },
  isOwn: true,
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  cardId: 'card-1',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  ways: ['call-back'],
  openedAt: '2026-11-21T09:52:00Z',
  firstReleaseAt: '2026-11-21T09:56:00Z',
}
const OTHERS: readonly AttemptView[] = [
  {
    ...ATTEMPT,
    id: 'verification-7',
    place: 'reader',
    waitsFor: 'verification',
    operator: { id: 'op-2', name: 'Jonas Reich' },
    isOwn: false,
    personName: 'Bartholomäus Freiherr von Hohenstein-Waldburg',
    cardLabel: 'Administration card of the clinic',
    ways: [],
    firstReleaseAt: null,
  },
  {
    ...ATTEMPT,
    id: 'unblock-8',
    place: 'online',
    waitsFor: 'card',
    ways: ['manager', 'passkey'],
    firstReleaseAt: null,
  },
]
const COLLEAGUES = {
  colleagues: [
    { id: 'op-2', name: 'Jonas Reich', userName: 'j.reich' },
    { id: 'op-3', name: 'Maria Lund', userName: 'm.lund' },
  ],
}

const open = (attempts: readonly AttemptView[], next: string | null = null) => ({ json: { attempts, next } })

const numbersOf = (days: number): DeskNumbers => ({
  days: Array.from({ length: days }, (_, index) => ({
    day: new Date(Date.UTC(2026, 10, 21 - days + 1 + index)).toISOString().slice(0, 10),
    telephone: (index * 7) % 11,
    station: (index * 3) % 5,
    remote: index % 3,
    'self-service': index % 2,
    puc: index % 4 === 0 ? 1 : 0,
    refused: index % 5,
  })),
  medianSeconds: { telephone: 312, station: 95, remote: null, 'self-service': null },
  refusals: [
    { problem: 'caller-not-verified', count: 9 },
    { problem: 'challenge-misheard', count: 6 },
    { problem: 'release-limit-card', count: 1 },
  ],
  limits: [{ problem: 'release-limit-card', count: 1 }],
})

export const LIVE_DESK_SCENES: readonly Scene[] = [
  scene('live desk: nothing is open', { address: '/actions/live-desk', act: told('No attempt is open') }),
  scene('live desk: a supervisor sees everybody’s, and older ones', {
    address: '/actions/live-desk',
    knows: (s) => {
      s.at['GET /api/live-desk'] = open([ATTEMPT, ...OTHERS], '2026-11-21T09:00:00Z unblock-0')
    },
    act: told('Older ones'),
  }),
  scene('live desk: one is handed over, and a signature is waited for', {
    address: '/actions/live-desk',
    knows: (s) => {
      s.at['GET /api/live-desk'] = open([ATTEMPT])
      s.at['GET /api/live-desk/colleagues'] = { json: COLLEAGUES }
      s.at['POST /api/live-desk/unblock-1/hand-over'] = { problem: 'attempt-busy' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Hand over Ada Lindqvist' }).click()
      await page.getByLabel('Operator', { exact: true }).selectOption('op-2')
      await page.getByLabel('Reason').fill('My shift ends')
      await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click()
      await page.getByText('attempt-busy').waitFor()
    },
  }),
  scene('live desk: one is ended, but its outcome is open', {
    address: '/actions/live-desk',
    knows: (s) => {
      s.at['GET /api/live-desk'] = open([ATTEMPT])
      s.at['POST /api/live-desk/unblock-1/end'] = { problem: 'outcome-outstanding' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'End the attempt for Ada Lindqvist' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
      await page.getByText('outcome-outstanding').waitFor()
    },
  }),
  scene('live desk: the server cannot answer', {
    address: '/actions/live-desk',
    knows: (s) => {
      s.at['GET /api/live-desk'] = { problem: 'not-permitted' }
    },
    act: told('not-permitted'),
  }),
  scene('help desk in numbers: 7 days, with the table', {
    address: '/help-desk',
    knows: (s) => {
      s.at['GET /api/desk-numbers'] = { json: numbersOf(7) }
    },
    act: async (page) => {
      await page.getByText('The same as a table').click()
      await page.getByRole('table', { name: 'Unblocks per day' }).waitFor()
    },
  }),
  scene('help desk in numbers: 30 days', {
    address: '/help-desk?days=30',
    knows: (s) => {
      s.at['GET /api/desk-numbers'] = { json: numbersOf(30) }
    },
    act: told('5 min 12 s'),
  }),
  scene('help desk in numbers: nothing yet', {
    address: '/help-desk',
    knows: (s) => {
      const medianSeconds = { telephone: null, station: null, remote: null, 'self-service': null }
      const days = numbersOf(7).days.map(({ day }) => ({
        day,
        telephone: 0,
        station: 0,
        remote: 0,
        'self-service': 0,
        puc: 0,
        refused: 0,
      }))
      s.at['GET /api/desk-numbers'] = { json: { days, medianSeconds, refusals: [], limits: [] } }
    },
    act: told('No card was unblocked'),
  }),
]
