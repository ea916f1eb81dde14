import type { CaughtView, IncidentView, NoticeTold, ProblemCode } from '@unlatch/contract'
import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import { CAUGHT, CAUGHT_OF_EACH_KIND, DEEDS, INCIDENT, NOTICES, TOLD } from './pretend-notices.ts'

/** What cardholders are told, the page behind a notice's link, and incidents. */

const told = (words: string) => async (page: Page) => {
  await page.getByText(words).first().waitFor()
}
const INCIDENTS = '/evidence/incidents'
const ONE = `${INCIDENTS}/incident-1`

/** An incident as it is with these changes. */
const incident = (name: string, changes: Partial<IncidentView>, act: (page: Page) => Promise<void>) =>
  scene(name, {
    address: ONE,
    knows: (s) => {
      s.at['GET /api/incidents/incident-1'] = { json: { ...INCIDENT, ...changes } }
    },
    act,
  })

/** One that the server caught, with these changes. */
const caught = (name: string, changes: Partial<CaughtView>, act: (page: Page) => Promise<void>) =>
  scene(name, {
    address: `${INCIDENTS}/caught/caught-1`,
    knows: (s) => {
      s.at['GET /api/caught-incidents/caught-1'] = { json: { ...CAUGHT, ...changes } }
    },
    act,
  })

/** The page behind a link. */
const link = (
  name: string,
  answers: { notice?: Partial<NoticeTold> | { problem: ProblemCode }; answer?: Partial<NoticeTold>; hash?: string },
  act: (page: Page) => Promise<void>,
): Scene => ({
  name,
  page: 'not-me.html',
  start: () => ({
    address: `/not-me${answers.hash ?? '#AbCdEfGhIjKlMnOpQrStUv'}`,
    respond({ path }) {
      if (path === '/api/status') return { json: { version: '0', isDemo: false, helpDeskPhone: '+49 30 5550 100' } }
      const { notice = {} } = answers
      if (path === '/api/not-me/answer') return { json: { ...TOLD, ...answers.answer } }
      return 'problem' in notice ? notice : { json: { ...TOLD, ...notice } }
    },
    act,
  }),
})

const NOT_ME = { answer: 'not-me', answeredAt: '2026-11-21T10:08:00Z', isSuspended: true } as const

export const NOTICE_SCENES: readonly Scene[] = [
  link('not me: the question', {}, told('Was this you?')),
  link('not me: nothing chosen', {}, async (page) => {
    await page.getByRole('button', { name: 'Send my answer' }).click()
    await page.getByText('Choose one of the two.').waitFor()
  }),
  link(
    'not me: it was, of a card in a reader',
    { notice: { kind: 'pin-unblocked', procedure: 'connected' }, answer: { answer: 'me' } },
    async (page) => {
      await page.getByLabel('This was me').check()
      await page.getByRole('button', { name: 'Send my answer' }).click()
      await page.getByText('Thank you').waitFor()
    },
  ),
  link('not me: suspended here, and it works elsewhere', { answer: NOT_ME }, async (page) => {
    await page.getByLabel('This was not me').check()
    await page.getByRole('button', { name: 'Send my answer' }).click()
    await page.getByText('The card itself still works elsewhere').waitFor()
  }),
  link(
    'not me: suspended here and stopped elsewhere',
    { notice: { ...NOT_ME, report: { state: 'reported', to: 'Door system' } } },
    told('was reported as stopped to Door system'),
  ),
  link(
    'not me: somebody else is being told',
    { notice: { ...NOT_ME, report: { state: 'waiting', to: 'Door system' } } },
    told('We are telling them now'),
  ),
  link('not me: the link is too old', { notice: { problem: 'notice-link-over' } }, told('more than 30 days old')),
  link('not me: the link is cut off', { hash: '' }, told('needs the whole link')),
  scene('incidents: one is open', { address: INCIDENTS, act: told('Ada Lindqvist') }),
  scene('incidents: none', {
    address: INCIDENTS,
    knows: (s) => {
      s.at['GET /api/incidents'] = { json: { incidents: [], next: null } }
    },
    act: told('No open incident.'),
  }),
  scene('incidents: what a holder said, and what the server caught', {
    address: INCIDENTS,
    knows: (s) => {
      const incidents = [...CAUGHT_OF_EACH_KIND, INCIDENT].sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))
      s.at['GET /api/incidents'] = { json: { incidents, next: '2026 x' } }
    },
    act: told('Two agents said at the same time'),
  }),
  scene('incidents: closed ones', {
    address: `${INCIDENTS}?show=closed`,
    knows: (s) => {
      const incidents = [CAUGHT, INCIDENT].map((one) => ({ ...one, state: 'closed' }))
      s.at['GET /api/incidents'] = { json: { incidents, next: null } }
    },
    act: told('3 times'),
  }),
  caught('incident caught: one card at two agents, no note yet', {}, async (page) => {
    await page.getByText('have the other agent revoked').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByText('Write what was found.').waitFor()
  }),
  caught(
    'incident caught: two cards mixed up, once',
    {
      ...CAUGHT_OF_EACH_KIND.find(({ kind }) => kind === 'id-of-another-card'),
      id: 'caught-1',
      otherCard: { id: 'card-2', label: 'Staff card', printedSerial: 'UN-004218' },
    },
    told('UN-004218'),
  ),
  caught(
    'incident caught: by whoever had part in it',
    {
      ...CAUGHT_OF_EACH_KIND.find(({ kind }) => kind === 'approval-by-second-account'),
      id: 'caught-1',
      obstacle: 'incident-own',
    },
    told('Another supervisor must look into it'),
  ),
  scene('incident caught: closed with a note', {
    address: `${INCIDENTS}/caught/caught-1`,
    async act(page, s) {
      const note = 'The laptop ran an old demo. It was revoked.'
      await page.getByLabel('What was found').fill(note)
      const closed = { at: '2026-11-21T13:30:00Z', by: 'Ines Okafor', note }
      s.at['GET /api/caught-incidents/caught-1'] = {
        json: { ...CAUGHT, state: 'closed', obstacle: 'incident-over', closed },
      }
      await page.getByRole('button', { name: 'Close', exact: true }).click()
      await page.getByText('How it ended').waitFor()
    },
  }),
  incident('incident: to be closed, something is missing', {}, async (page) => {
    await page.getByText('Gave out a cryptogram').first().waitFor()
    await page.getByRole('button', { name: 'Lift the suspension and close' }).click()
    await page.getByText('Choose the document, say that the face fits').waitFor()
  }),
  incident(
    'incident: by whoever did it himself, nobody told elsewhere',
    {
      obstacle: 'incident-own',
      report: {
        state: 'failed',
        to: 'Door system',
        attempts: 9,
        nextAt: null,
        reportedAt: null,
        problem: { code: 'delivery-refused', detail: 'HTTP 500' },
      },
    },
    told('Another supervisor must look into it'),
  ),
  incident(
    'incident: closed',
    {
      state: 'closed',
      cardNow: 'issued',
      obstacle: 'incident-over',
      closed: {
        at: '2026-11-21T13:30:00Z',
        by: 'Ines Okafor',
        note: 'A colleague had borrowed the card. Told both that this is not done.',
        isLifted: true,
        document: 'company-badge',
      },
      report: {
        state: 'reported',
        to: 'Door system',
        attempts: 1,
        nextAt: null,
        reportedAt: '2026-11-21T10:08:03Z',
        problem: null,
      },
    },
    told('The suspension was lifted.'),
  ),
  scene('incident: no operator did it', {
    address: ONE,
    knows: (s) => {
      const json = { ...INCIDENT, operatorId: null, operatorName: '', procedure: 'puc', cardNow: 'revoked' }
      s.at['GET /api/incidents/incident-1'] = { json }
      s.at['GET /api/incidents/incident-1/deeds'] = { json: { ...DEEDS, deeds: [] } }
    },
    act: told('No operator did it'),
  }),
  scene('card: what the cardholder was told', {
    address: '/lifecycle/cards/card-1',
    knows: (s) => {
      s.at['GET /api/cards/card-1/notices'] = { json: { notices: NOTICES } }
    },
    act: told('What the cardholder was told'),
  }),
]
