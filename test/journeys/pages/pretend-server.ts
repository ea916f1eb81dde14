import type {
  AgentView,
  CardSummary,
  ChallengeVerdict,
  Cryptogram,
  PersonDetails,
  PersonPasskeys,
  ServerStatus,
  Session,
  StatementToSign,
  UnblockOutcomeView,
  VerificationView,
} from '@unlatch/contract'
import type { Reply, Respond } from './page-host.ts'
import { AGENTS, REVOKED, respondAboutAgents } from './pretend-agents.ts'
import { type CardScene, calmCards, respondAboutCards } from './pretend-cards.ts'
import { respondAboutNotices } from './pretend-notices.ts'
import { calmOperators, EVERYTHING, type OperatorScene, respondAboutOperators } from './pretend-operators.ts'
import { calmTemplates, respondAboutTemplates, type TemplateScene } from './pretend-templates.ts'
import { calmVerification, respondAboutVerification } from './pretend-verification.ts'

/** What the pretended server knows and answers; a scene changes what it needs. */
export interface ServerScene {
  status: ServerStatus
  isSignedIn: boolean
  permissions: string[]
  operators: OperatorScene
  templates: TemplateScene
  cards: CardScene
  verification: VerificationView
  passkeys: PersonPasskeys['passkeys']
  agents: readonly AgentView[]
  people: PersonDetails[]
  verdict: ChallengeVerdict | Reply
  cryptogram: Cryptogram | Reply
  toSign: StatementToSign
  outcome: UnblockOutcomeView | Reply
  /** Overrides whatever would be answered at a path. */
  at: Record<string, Reply>
  /** What was asked, in order: `POST /api/unblocks`. */
  readonly asked: string[]
  readonly bodies: unknown[]
}

const OPERATOR: Session['operator'] = { id: 'op-1', name: 'Ines Okafor', userName: 'i.okafor' }

export const CARD: CardSummary = {
  id: 'card-1',
  label: 'Staff card',
  family: 'piv',
  printedSerial: 'UN-004217',
  state: 'active',
  telephoneWay: 'masked-puk',
  allowsBareForm: false,
  challengeLengths: [10],
  exposedSince: null,
  triesAtLeast: 3,
  obstacle: null,
  whyNotByTelephone: null,
  tryApprovedUntil: null,
  openOutcome: null,
  lastUnblockAt: null,
}

export const PERSON: PersonDetails = {
  id: 'person-1',
  name: 'Ada Lindqvist',
  userName: 'a.lindqvist',
  department: 'Radiology',
  email: 'ada.lindqvist@clinic.example',
  phone: '+49 30 5550 142',
  manager: 'Tomas Brandt',
  secondEmail: 'ada@home.example',
  isSensitive: false,
  language: '',
  revision: 3,
  createdAt: '2026-03-02T08:15:00Z',
  source: 'import',
  directory: null,
  isRemovable: false,
  cards: [
    CARD,
    {
      ...CARD,
      id: 'card-2',
      label: 'Administration card',
      family: 'gids',
      printedSerial: 'UN-009933',
      telephoneWay: 'native-admin-key',
      allowsBareForm: true,
      challengeLengths: [15, 16],
      triesAtLeast: null,
      exposedSince: '2026-11-18T09:12:00Z',
      lastUnblockAt: '2026-11-18T09:12:00Z',
    },
    {
      ...CARD,
      id: 'card-3',
      label: 'Old staff card',
      printedSerial: 'UN-001108',
      state: 'suspended',
      obstacle: 'card-suspended',
    },
  ],
  history: [
    { at: '2026-11-18T09:12:00Z', cardLabel: 'Administration card', operatorName: 'Jonas Reich', outcome: 'unblocked' },
    { at: '2026-07-02T14:40:00Z', cardLabel: 'Staff card', operatorName: 'Ines Okafor', outcome: 'unknown' },
  ],
}

const NAMESAKE: PersonDetails = {
  ...PERSON,
  id: 'person-2',
  name: 'Adam Linde',
  userName: 'a.linde',
  department: 'Pharmacy',
  phone: '',
  manager: '',
  cards: [{ ...CARD, id: 'card-9', printedSerial: 'UN-005050' }],
  history: [],
}

const STATEMENT: StatementToSign['statement'] = {
  operation: 'unblock-offline',
  attemptId: 'unblock-card-1',
  cardUuid: '0'.repeat(32),
  personId: 'person-1',
  operatorId: 'op-1',
  challenge: '04106105VS',
  verification: ['call-back'],
  nonce: 'C'.repeat(32),
  notAfter: '2026-11-21T10:02:00Z',
}

/** A scene in which everything goes well. */
export function calmScene(): ServerScene {
  return {
    status: { version: '0.1.0', isDemo: true, helpDeskPhone: '+49 30 5550 100', isThreatRaised: false },
    isSignedIn: true,
    permissions: EVERYTHING,
    operators: calmOperators(),
    templates: calmTemplates(),
    cards: calmCards(),
    verification: calmVerification(),
    passkeys: [],
    agents: [...AGENTS, REVOKED],
    people: [PERSON, NAMESAKE],
    verdict: { verdict: 'match', form: 'masked', otherCard: null, missesLeft: 10 },
    cryptogram: { kind: 'cryptogram', code: '286326548675', bareHex: null, closesBy: 'receipt' },
    toSign: { statement: STATEMENT, passkey: null, hasCard: false, allowsPassword: true },
    outcome: { outcome: 'unblocked', triesLeft: null },
    at: {},
    asked: [],
    bodies: [],
  }
}

/** Answers the console as the server would in this scene. */
export function respondAsServer(scene: ServerScene): Respond {
  const answer = (value: object | string): Reply =>
    typeof value === 'string' || 'problem' in value || 'json' in value ? (value as Reply) : { json: value }
  return ({ method, path, query, body }) => {
    scene.asked.push(`${method} ${path}`)
    scene.bodies.push(body)
    const override = scene.at[`${method} ${path}`]
    if (override !== undefined) return override
    if (path === '/api/status') return { json: scene.status }
    const session: Session = { operator: OPERATOR, permissions: scene.permissions }
    if (path === '/api/session' && method === 'POST') {
      scene.isSignedIn = true
      return { json: session }
    }
    if (path === '/api/set-up/code') return answer(scene.operators.welcome)
    if (!scene.isSignedIn) return { problem: 'sign-in-needed' }
    if (path === '/api/session') return method === 'GET' ? { json: session } : 'nothing'
    if (path === '/api/live-desk') return { json: { attempts: [], next: null } }
    if (/^\/api\/cards\/[^/]+\/attempt$/.test(path)) return { json: { attempt: null, connectedId: null } }
    if (path === '/api/connected-readers') return { json: { readers: [] } }
    const aboutNotices = respondAboutNotices(method, path)
    if (aboutNotices !== undefined) return aboutNotices
    const aboutVerification = respondAboutVerification(scene.verification, method, path, body)
    if (aboutVerification !== undefined) return aboutVerification
    const aboutOperators = respondAboutOperators(scene.operators, method, path)
    if (aboutOperators !== undefined) return aboutOperators
    const aboutAgents = respondAboutAgents(scene.agents, { method, path, query })
    if (aboutAgents !== undefined) return aboutAgents
    const aboutTemplates = respondAboutTemplates(scene.templates, method, path, body)
    if (aboutTemplates !== undefined) return aboutTemplates
    const aboutCards = respondAboutCards(scene.cards, { method, path, query, body })
    if (aboutCards !== undefined) return aboutCards
    if (path === '/api/people') {
      const search = (query.get('search') ?? '').toLowerCase()
      const fits = (word: string) => word.toLowerCase().startsWith(search)
      const people = scene.people.filter((person) =>
        [...person.name.split(' '), person.userName, ...person.cards.map((card) => card.printedSerial)].some(fits),
      )
      return { json: { people, isMore: false } }
    }
    if (/^\/api\/people\/[^/]+\/passkeys$/.test(path)) return { json: { passkeys: scene.passkeys } }
    if (path.startsWith('/api/people/')) {
      const person = scene.people.find(({ id }) => path.endsWith(`/${id}`))
      return person === undefined ? { problem: 'not-found' } : { json: person }
    }
    const { cardId } = (body ?? {}) as { cardId?: string }
    if (path === '/api/unblocks') {
      return {
        json: { id: `unblock-${cardId}`, cardId, personId: 'person-1', openedAt: '2026-11-21T10:00:00Z' },
        status: 201,
      }
    }
    if (path.endsWith('/challenge-check')) return answer(scene.verdict)
    if (path.endsWith('/statement')) return { json: scene.toSign, status: 201 }
    if (path.endsWith('/cryptogram')) return answer(scene.cryptogram)
    if (path.endsWith('/outcome')) return answer(scene.outcome)
    return { problem: 'not-found' }
  }
}
