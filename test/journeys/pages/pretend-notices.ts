import {
  CAUGHT_KINDS,
  type CaughtView,
  type Deeds,
  type IncidentView,
  type NoticeDelivery,
  type NoticeTold,
  type NoticeView,
} from '@unlatch/contract'
import type { Reply } from './page-host.ts'

/** What the pretended server knows of notices and incidents. */

const delivery = (id: string, changes: Partial<NoticeDelivery> = {}): NoticeDelivery => ({
  id,
  addressKind: 'email',
  address: 'ada.lindqvist@clinic.example',
  isPrevious: false,
  state: 'delivered',
  attempts: 1,
  nextAt: null,
  deliveredAt: '2026-11-21T10:01:02Z',
  problem: null,
  answer: null,
  answeredAt: null,
  ...changes,
})

const NOTICE: NoticeView = {
  id: 'notice-1',
  kind: 'pin-unblocked',
  procedure: 'telephone',
  cardState: null,
  at: '2026-11-21T10:01:00Z',
  releasedAt: '2026-11-21T10:00:21Z',
  operatorName: 'Ines Okafor',
  words: 'walnut bridge',
  isPlanned: true,
  problem: null,
  deliveries: [delivery('d-1'), delivery('d-2', { addressKind: 'secondEmail', address: 'ada@home.example' })],
}

/** Notices in each state. */
export const NOTICES: readonly NoticeView[] = [
  { ...NOTICE, id: 'n-5', kind: 'cryptogram-released', releasedAt: null, isPlanned: false, words: '', deliveries: [] },
  NOTICE,
  {
    ...NOTICE,
    id: 'n-4',
    kind: 'card-state-changed',
    releasedAt: null,
    cardState: 'suspended',
    procedure: null,
    words: 'copper lantern',
    deliveries: [
      delivery('d-3', {
        state: 'queued',
        attempts: 2,
        nextAt: '2026-11-21T10:20:00Z',
        problem: { code: 'delivery-unreachable', detail: 'connect ECONNREFUSED 192.0.2.7:465' },
      }),
      delivery('d-4', { isPrevious: true, address: null, answer: 'not-me', answeredAt: '2026-11-21T10:08:00Z' }),
    ],
  },
  { ...NOTICE, id: 'n-3', kind: 'puc-read', releasedAt: null, problem: 'no-mail-connection', deliveries: [] },
]

export const INCIDENT: IncidentView = {
  source: 'holder',
  id: 'incident-1',
  state: 'open',
  openedAt: '2026-11-21T10:08:00Z',
  cardId: 'card-1',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  kind: 'cryptogram-released',
  procedure: 'telephone',
  cardState: null,
  at: '2026-11-21T10:01:00Z',
  operatorName: 'Jonas Reich',
  words: 'walnut bridge',
  operatorId: 'op-2',
  cardNow: 'suspended',
  toldAt: 'email',
  report: { state: 'none', to: '', attempts: 0, nextAt: null, reportedAt: null, problem: null },
  closed: null,
  obstacle: null,
}

/** One card at two agents, three times so far. */
export const CAUGHT: CaughtView = {
  source: 'server',
  id: 'caught-1',
  state: 'open',
  kind: 'two-agents-at-once',
  openedAt: '2026-11-21T08:12:00Z',
  lastAt: '2026-11-21T09:47:00Z',
  count: 3,
  cardId: 'card-1',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  operatorName: '',
  otherOperatorName: '',
  agentId: 'agent-1',
  agentName: 'Badge office 1',
  otherAgentId: 'agent-2',
  otherAgentName: 'LAPTOP-4411',
  cardNow: 'issued',
  otherCard: null,
  firstRecord: '0c8a1f6e-2b1d-4f52-9f0f-3f6f7a5c1a11',
  lastRecord: '5d2b7c90-7e4a-4c1f-8a56-1f7d0c9e4b22',
  closed: null,
  obstacle: null,
}

const AT_AN_AGENT = { agentId: 'agent-2', agentName: 'LAPTOP-4411', otherAgentId: null, otherAgentName: '', count: 1 }
const BY_OPERATORS = { agentId: null, agentName: '', otherAgentId: null, otherAgentName: '', count: 1 }

/** One of each kind that the server catches. */
export const CAUGHT_OF_EACH_KIND: readonly CaughtView[] = CAUGHT_KINDS.map((kind, i) => {
  const isOfAgent = !kind.endsWith('second-account') && kind !== 'glass-broken'
  const isOfTwo = kind === 'two-agents-at-once'
  const operators = { operatorName: 'Olga Brandt', otherOperatorName: kind === 'glass-broken' ? '' : 'Jonas Reich' }
  const who = isOfTwo ? {} : isOfAgent ? AT_AN_AGENT : { ...BY_OPERATORS, ...operators }
  const isUnheld = kind === 'known-card-under-another-id'
  const holder = isUnheld ? { personId: null, personName: '' } : {}
  return { ...CAUGHT, id: `caught-${i}`, kind, openedAt: `2026-11-2${i}T08:12:00Z`, ...who, ...holder }
}).reverse()

export const DEEDS: Deeds = {
  from: '2026-11-20T22:01:00Z',
  to: '2026-11-21T22:01:00Z',
  next: '2026-11-21T09:40:00Z 7',
  deeds: (
    [
      ['unblock.confirm', 'done', null, '10:02'],
      ['unblock.release-cryptogram', 'done', null, '10:01'],
      ['unblock.release-cryptogram', 'refused', 'caller-not-verified', '09:58'],
      ['verification.attest-way', 'done', null, '09:57'],
      ['account.change-password', 'done', null, '09:40'],
    ] as const
  ).map(([operation, outcome, problem, time], i) => {
    const isOwn = operation.startsWith('account')
    return {
      id: `deed-${i}`,
      at: `2026-11-21T${time}:00Z`,
      operation,
      outcome,
      problem,
      cardId: isOwn ? null : 'card-1',
      printedSerial: isOwn ? null : 'UN-004217',
      personName: isOwn ? null : 'Ada Lindqvist',
    }
  }),
}

/** What stands behind the link of a notice. */
export const TOLD: NoticeTold = {
  kind: 'cryptogram-released',
  procedure: 'telephone',
  cardState: null,
  at: '2026-11-21T10:01:00Z',
  releasedAt: null,
  operatorName: 'Jonas Reich',
  holderName: 'Ada Lindqvist',
  cardLabel: 'Staff card',
  printedSerial: 'UN-004217',
  words: 'walnut bridge',
  answer: null,
  answeredAt: null,
  isSuspended: false,
  report: { state: 'none', to: '' },
}

export function respondAboutNotices(method: string, path: string): Reply | undefined {
  if (path.startsWith('/api/cards/') && path.endsWith('/notices')) return { json: { notices: [NOTICE] } }
  if (path.startsWith('/api/notices/')) return { json: {} }
  if (path === '/api/incidents') return { json: { incidents: [INCIDENT], next: null } }
  if (path.startsWith('/api/caught-incidents/')) return { json: method === 'GET' ? CAUGHT : {} }
  if (path.endsWith('/deeds')) return { json: DEEDS }
  if (path.startsWith('/api/incidents/')) {
    return { json: method === 'GET' ? INCIDENT : { isLifted: true, cardState: 'issued' } }
  }
  return undefined
}
