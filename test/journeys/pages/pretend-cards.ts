import type { CardDetails, CardEvent, CardRow, CardsFound, FindingCounts } from '@unlatch/contract'
import { CARD_FINDINGS } from '@unlatch/contract'
import type { Reply } from './page-host.ts'
import { DOCUMENT } from './pretend-templates.ts'

/** What the pretended server knows of the list of cards, of one card, and of what is wrong with some. */
export interface CardScene {
  found: CardsFound
  card: CardDetails
  events: CardEvent[]
  counts: Partial<Record<(typeof CARD_FINDINGS)[number], number>>
}

const ROW: CardRow = {
  id: 'card-1',
  label: 'Staff card',
  printedSerial: 'UN-004217',
  family: 'piv',
  state: 'issued',
  personId: 'person-1',
  personName: 'Ada Lindqvist',
  templateName: 'Staff card',
  templateVersion: 2,
  isOlderVersion: true,
  createdAt: '2026-11-14T08:05:00Z',
  findings: ['puc-exposed'],
}

export const CARD_DETAILS: CardDetails = {
  id: 'card-1',
  label: 'Staff card',
  printedSerial: 'UN-004217',
  hardwareNumber: 'yubico:20417733',
  cardUuid: '5F0C9B4E21D84A7C9E3300A1B2C3D4E5',
  family: 'piv',
  state: 'issued',
  holder: { id: 'person-1', name: 'Ada Lindqvist', userName: 'a.lindqvist', department: 'Radiology' },
  registeredAt: '2026-11-14T08:05:00Z',
  issuedAt: '2026-11-14T08:07:00Z',
  template: {
    id: 'tpl-1',
    name: 'Staff card',
    isLocked: false,
    version: 2,
    document: DOCUMENT,
    newestVersion: 4,
    newestDocument: {
      ...DOCUMENT,
      pin: { ...DOCUMENT.pin, minLength: 8, preset: 'own', blockList: ['19450508'] },
      puc: 'help-desk',
      connectionId: null,
      allows: { operator: true, telephone: true, selfService: true },
    },
    faults: [],
  },
  puk: {
    knowledge: 'sure',
    exposedSince: '2026-11-20T09:12:00Z',
    exposedTo: 'Ada Lindqvist',
    triesAtLeast: 3,
    triesLimit: 3,
  },
  findings: ['puc-exposed'],
  moves: [
    { move: 'suspend', reasons: ['lost', 'stolen', 'compromised', 'absent'] },
    { move: 'revoke', reasons: ['lost', 'stolen', 'compromised', 'damaged', 'left', 'superseded', 'mistake'] },
    { move: 'retire', reasons: ['damaged', 'left', 'superseded', 'returned', 'mistake'] },
    { move: 'restock', reasons: ['returned', 'left', 'superseded', 'found', 'mistake'] },
  ],
  isReissuable: true,
  replaces: null,
  replacedBy: null,
}

const EVENT: CardEvent = {
  id: 'e-1',
  at: '2026-11-14T08:05:00Z',
  what: 'registered',
  problem: null,
  by: { kind: 'operator', name: 'Ines Okafor' },
}

const EVENTS: CardEvent[] = [
  { ...EVENT, id: 'e-8', at: '2026-11-20T15:40:00Z', what: 'moved', move: 'resume', reason: 'found' },
  {
    ...EVENT,
    id: 'e-7',
    at: '2026-11-20T11:02:00Z',
    what: 'moved',
    move: 'suspend',
    reason: 'lost',
    note: 'Left in a taxi at the central station; the driver is on his way',
  },
  {
    ...EVENT,
    id: 'e-6a',
    at: '2026-11-20T10:40:00Z',
    what: 'incident-caught',
    problem: 'card-in-two-places',
    result: 'two-agents-at-once',
    by: { kind: 'agent', name: 'LAPTOP-4411' },
  },
  { ...EVENT, id: 'e-6', at: '2026-11-20T09:20:00Z', what: 'puc-read', problem: 'password-wrong' },
  { ...EVENT, id: 'e-5', at: '2026-11-20T09:14:00Z', what: 'outcome', result: 'unblocked' },
  { ...EVENT, id: 'e-4', at: '2026-11-20T09:12:00Z', what: 'cryptogram', unblockId: 'unblock-1' },
  {
    ...EVENT,
    id: 'e-3',
    at: '2026-11-14T08:07:10Z',
    what: 'puc-delivery',
    result: 'delivered',
    by: { kind: 'system', name: 'Unlatch' },
  },
  {
    ...EVENT,
    id: 'e-2',
    at: '2026-11-14T08:07:00Z',
    what: 'issued',
    by: { kind: 'agent', name: 'Badge office, desk 1' },
  },
  EVENT,
]

/** Cards of each state; one card with a history. */
export function calmCards(): CardScene {
  return {
    found: {
      cards: [
        ROW,
        {
          ...ROW,
          id: 'card-2',
          printedSerial: 'UN-009933',
          label: 'Administration card of the radiology department, third floor',
          family: 'gids',
          state: 'active',
          templateName: 'Windows logon card',
          isOlderVersion: false,
          findings: [],
        },
        {
          ...ROW,
          id: 'card-3',
          printedSerial: 'UN-001108',
          state: 'suspended',
          personName: 'Maximiliane von der Tann-Rathsamhausen zu Hohenfels',
          templateName: null,
          templateVersion: null,
          isOlderVersion: false,
          findings: ['puc-undelivered', 'puc-exposed', 'key-factory'],
        },
        { ...ROW, id: 'card-4', printedSerial: 'UN-001109', state: 'registered', findings: [] },
        {
          ...ROW,
          id: 'card-5',
          printedSerial: 'UN-001110',
          state: 'stock',
          personId: null,
          personName: null,
          findings: [],
        },
        { ...ROW, id: 'card-6', printedSerial: 'UN-001111', state: 'revoked', findings: [] },
        { ...ROW, id: 'card-7', printedSerial: 'UN-001112', state: 'retired', findings: [] },
        { ...ROW, id: 'card-8', printedSerial: 'UN-001113', findings: ['puc-only'] },
      ],
      next: 'WyIyMDI2Il0',
      isCut: false,
    },
    card: structuredClone(CARD_DETAILS),
    events: EVENTS,
    counts: { 'puc-exposed': 14, 'puc-undelivered': 1, 'puc-only': 1000 },
  }
}

/** Answers what is asked about cards; undefined for anything else. */
export function respondAboutCards(
  scene: CardScene,
  { method, path, query, body }: { method: string; path: string; query: URLSearchParams; body: unknown },
): Reply | undefined {
  const [, , noun, id, verb] = path.split('/')
  if (noun === 'card-findings') {
    const findings: FindingCounts['findings'] = CARD_FINDINGS.map((finding) => {
      const count = scene.counts[finding] ?? 0
      return { finding, count, isAtLeast: count >= 1000, remedy: `cards.remedies.${finding}` }
    })
    return { json: { findings } }
  }
  if (noun === 'registrations' && verb === 'holder') {
    return { json: { cardId: id, round: 0, commands: [], rehearsal: null, isDone: false } }
  }
  if (noun !== 'cards') return undefined
  if (method === 'GET' && id === undefined) {
    const search = query.get('search')?.toLowerCase()
    const fits = (card: CardRow) =>
      (search === undefined || `${card.personName} ${card.printedSerial}`.toLowerCase().includes(search)) &&
      (query.get('state') ?? card.state) === card.state
    const cards = scene.found.cards.filter(fits)
    return { json: { ...scene.found, cards, next: cards.length === 0 ? null : scene.found.next } }
  }
  if (method === 'GET' && verb === undefined) {
    return id === scene.card.id ? { json: scene.card } : { problem: 'card-unknown' }
  }
  if (verb === 'history') return { json: { events: scene.events, next: null } }
  if (verb === 'state') {
    const { move } = body as { move: string }
    const state = { suspend: 'suspended', resume: 'issued', revoke: 'revoked', retire: 'retired', restock: 'stock' }[
      move
    ]
    scene.card.state = state as CardDetails['state']
    if (state === 'stock') scene.card.holder = null
    return { json: { state } }
  }
  if (verb === 'template-version') {
    const { version } = body as { version: number }
    if (scene.card.template) scene.card.template.version = version
    return { json: { version } }
  }
  return undefined
}
