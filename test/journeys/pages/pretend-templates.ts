import {
  type ChangeTemplate,
  type ConnectionView,
  DEFAULT_DEMAND,
  DEFAULT_SELF_SERVICE,
  type DeliveryView,
  DIRECTORY_PRESETS,
  type RevealedPuc,
  type TemplateDocument,
  type TemplateView,
} from '@unlatch/contract'
import type { Reply } from './page-host.ts'

/** What the pretended server knows of card templates, connections and deliveries. */
export interface TemplateScene {
  templates: TemplateView[]
  connections: ConnectionView[]
  deliveries: DeliveryView[]
  revealed: RevealedPuc
}

export const DOCUMENT: TemplateDocument = {
  family: 'piv',
  kinds: [],
  pin: {
    preset: 'fips-201-3',
    minLength: 6,
    maxLength: 8,
    longestRepeat: 2,
    longestSequence: 3,
    blockList: [],
    refusesPersonal: false,
  },
  puc: 'delivered',
  tellsWindowsForm: false,
  connectionId: 'conn-1',
  allows: { operator: true, telephone: true, selfService: false },
  cardRoute: 'handed-over',
  verification: DEFAULT_DEMAND,
  selfService: DEFAULT_SELF_SERVICE,
  fourEyes: false,
  standard: 'none',
}

export const TEMPLATE: TemplateView = {
  id: 'tpl-1',
  name: 'Staff card',
  version: 3,
  isLocked: false,
  document: DOCUMENT,
  faults: [],
  cards: 214,
  olderCards: 37,
  changedAt: '2026-11-14T13:05:00Z',
}

export const CONNECTION: Extract<ConnectionView, { kind: 'smtp' }> = {
  id: 'conn-1',
  kind: 'smtp',
  name: 'Mail server of the clinic',
  smtp: {
    host: 'mail.clinic.example',
    port: 465,
    security: 'implicit',
    authority: '',
    userName: 'unlatch',
    from: 'badge-office@clinic.example',
  },
  hasSecret: true,
  testedAt: '2026-11-12T08:30:00Z',
  usedBy: ['Staff card'],
  waiting: 0,
  failed: 0,
}

const OTHER = { hasSecret: false, testedAt: null, usedBy: [], waiting: 0, failed: 0 }

const DELIVERY: DeliveryView = {
  id: 'del-1',
  cardId: 'card-1',
  connectionName: 'Mail server of the clinic',
  state: 'delivered',
  attempts: 1,
  createdAt: '2026-11-20T09:00:00Z',
  nextAt: null,
  deliveredAt: '2026-11-20T09:00:04Z',
  problem: null,
}

const REFUSED = { code: 'delivery-refused', detail: '550 5.1.1 <ada.lindqvist@clinic.example>: user unknown' }

/** An installation with templates that can be used, and that cannot; two connections; deliveries of each state. */
export function calmTemplates(): TemplateScene {
  return {
    templates: [
      { ...TEMPLATE },
      {
        ...TEMPLATE,
        id: 'tpl-2',
        name: 'Visitors and contractors of the hospital at Rechts der Isar, third floor and above',
        version: 1,
        document: { ...DOCUMENT, connectionId: 'conn-2' },
        faults: ['connection-untested'],
        cards: 0,
        olderCards: 0,
      },
      {
        ...TEMPLATE,
        id: 'tpl-3',
        name: 'Windows logon card',
        version: 12,
        isLocked: true,
        document: { ...DOCUMENT, family: 'gids', puc: 'none', connectionId: null },
        cards: 1,
        olderCards: 1,
      },
      {
        ...TEMPLATE,
        id: 'tpl-4',
        name: 'Night shift',
        version: 2,
        document: { ...DOCUMENT, connectionId: null },
        faults: ['connection-missing'],
        cards: 5,
        olderCards: 0,
      },
    ],
    connections: [
      CONNECTION,
      {
        ...CONNECTION,
        id: 'conn-2',
        name: 'Relay of the data centre',
        smtp: {
          ...CONNECTION.smtp,
          host: 'relay-17.data-centre.north.clinic.example',
          port: 587,
          security: 'starttls',
        },
        hasSecret: false,
        testedAt: null,
        usedBy: [],
        waiting: 3,
        failed: 1,
      },
      {
        ...OTHER,
        id: 'conn-3',
        name: 'Print room',
        kind: 'letter',
        letter: { folder: 'letters', envelope: 'sealed', sender: 'Clinic, Box 1, 123 45 Stad', isCollected: true },
      },
      {
        ...OTHER,
        id: 'conn-4',
        name: 'Printing house',
        kind: 'file',
        file: { folder: 'printing-house', publicKey: '{"kty":"EC","crv":"P-256"}' },
      },
      {
        ...OTHER,
        id: 'conn-5',
        name: 'Text messages',
        hasSecret: true,
        kind: 'webhook',
        webhook: { url: 'https://sms.example.org/api/v2/messages?queue=clinic', authority: '', isInternal: false },
      },
      {
        ...OTHER,
        id: 'conn-6',
        name: 'Directory of the clinic',
        hasSecret: true,
        testedAt: '2026-11-12T08:30:00Z',
        kind: 'directory',
        directory: {
          urls: ['ldaps://directory-1.clinic.example', 'ldaps://directory-2.clinic.example:3636'],
          authority: '',
          baseDn: 'ou=people,dc=clinic,dc=example',
          logonGroup: '',
          bindDn: 'cn=unlatch,ou=services,dc=clinic,dc=example',
          ...DIRECTORY_PRESETS.openldap,
        },
      },
    ],
    deliveries: [
      { ...DELIVERY, id: 'del-4', state: 'queued', attempts: 2, deliveredAt: null, nextAt: '2026-11-21T12:30:00Z' },
      { ...DELIVERY, id: 'del-3', state: 'failed', attempts: 8, deliveredAt: null, problem: REFUSED },
      { ...DELIVERY, id: 'del-2', state: 'void', deliveredAt: null },
      DELIVERY,
    ],
    revealed: { puc: '40713958', showSeconds: 60 },
  }
}

/** Answers what is asked about templates, connections and PUCs; undefined for anything else. */
export function respondAboutTemplates(
  scene: TemplateScene,
  method: string,
  path: string,
  body: unknown,
): Reply | undefined {
  const [, , noun, id, verb] = path.split('/')
  if (noun === 'card-templates') return respondAboutTemplate(scene, method, id, verb, body)
  if (noun === 'connections') {
    if (method === 'GET') return { json: { connections: scene.connections } }
    if (id === undefined) return { json: { id: 'conn-1' }, status: 201 }
    const found = id === 'conn-6' ? { count: 1500, isMore: false } : null
    return { json: verb === 'test' ? { found } : {} }
  }
  if (noun === 'cards' && verb === 'deliveries') return { json: { deliveries: scene.deliveries } }
  if (noun === 'cards' && verb === 'puc') return { json: scene.revealed }
  if (noun === 'deliveries') return { json: {} }
  return undefined
}

function respondAboutTemplate(
  scene: TemplateScene,
  method: string,
  id: string | undefined,
  verb: string | undefined,
  body: unknown,
): Reply {
  if (method === 'GET') return { json: { templates: scene.templates } }
  const template = scene.templates.find((one) => one.id === id)
  if (id !== undefined && template === undefined) return { problem: 'template-unknown' }
  if (template !== undefined && verb === 'lock') {
    template.isLocked = (body as { isLocked: boolean }).isLocked
    return { json: {} }
  }
  if (template !== undefined && verb === 'card-move') {
    const moved = template.olderCards
    template.olderCards = 0
    return { json: { moved, isMore: false } }
  }
  const { version: typedOn, name, document = DOCUMENT } = body as ChangeTemplate
  if (template !== undefined && verb === undefined) {
    if (typedOn !== template.version) return { problem: 'template-changed' }
    Object.assign(template, { name, document, version: template.version + 1 })
    return { json: { id: template.id, version: template.version } }
  }
  const added = { ...TEMPLATE, id: 'tpl-9', name, document, version: 1, cards: 0, olderCards: 0 }
  scene.templates.push(added)
  return { json: { id: added.id, version: 1 }, status: 201 }
}
