import * as z from 'zod/mini'
import { CARD_KINDS } from './channel.ts'
import { PIN_PRESETS, type PinPolicy, POLICY_OF_PRESET } from './pin-policy.ts'
import { STANDARDS } from './standards.ts'
import { DEFAULT_DEMAND, VerificationDemand } from './verification-api.ts'

/** What crosses the wire about card templates, connections, and the delivery of PUCs. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))
const text = (longest: number) => z.string().check(z.maxLength(longest))
const name = (longest: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(longest))
const time = () => z.string().check(z.maxLength(40))
const count = (least: number, most: number) => z.number().check(z.int(), z.minimum(least), z.maximum(most))

// --- connections ---------------------------------------------------------------------------------------------------

/** How something leaves for a person. */
export const DELIVERY_KINDS = ['smtp', 'letter', 'file', 'webhook'] as const
export type DeliveryKind = (typeof DELIVERY_KINDS)[number]

/** What we connect to: what delivers, and a directory, out of which people are taken and by which nothing leaves. */
export const CONNECTION_KINDS = [...DELIVERY_KINDS, 'directory'] as const
export type ConnectionKind = (typeof CONNECTION_KINDS)[number]

/** By what a person gets what a connection sends: a PUC and its card never go by the same one. */
export const ROUTES = ['e-mail', 'post', 'internal-mail', 'handed-over', 'text-message'] as const
export type Route = (typeof ROUTES)[number]

/** The route of each kind of connection. */
export const ROUTE_OF_CONNECTION = {
  smtp: 'e-mail',
  letter: 'post',
  file: 'post',
  webhook: 'text-message',
} as const satisfies Record<DeliveryKind, Route>

/** `implicit`: TLS from the first octet (port 465); `starttls`: demanded before anything else is said (587, 25). */
export const SMTP_SECURITY = ['implicit', 'starttls'] as const

/** A mail server. Without TLS nothing is sent. [RFC 8314, 3] */
export const SmtpSettings = z.object({
  host: name(255),
  port: count(1, 65_535),
  security: z.enum(SMTP_SECURITY),
  /** Authority that signed the server's certificate, as PEM; empty: those that Node trusts. */
  authority: text(20_000),
  /** Empty: no sign-in. The password is a secret of the connection. */
  userName: text(320),
  /** Sender, as an address alone. */
  from: z.string().check(z.maxLength(320), z.regex(/^[^\s<>@]+@[^\s<>@]+$/)),
})
export type SmtpSettings = z.infer<typeof SmtpSettings>

/** A folder for what leaves as files, inside the server's folder for exports. */
const folder = () => z.string().check(z.maxLength(60), z.regex(/^[a-z0-9][a-z0-9-]*$/))

/** Letters as PDF, one a file, for a print room. */
export const LetterSettings = z.object({
  folder: folder(),
  /** `window`: the address shows in the window of a DIN lang envelope; `sealed`: a self-sealing PIN mailer. */
  envelope: z.enum(['window', 'sealed']),
  /** Where letters come back to, in one line. */
  sender: text(120),
  /** Letters of an hour are written together, up to 50 in a file, instead of one in each. */
  isCollected: z._default(z.boolean(), false),
})
export type LetterSettings = z.infer<typeof LetterSettings>

/** Files that only a printing house can read: one JWE each. [RFC 7516] */
export const FileSettings = z.object({
  folder: folder(),
  /** Its public key, as a JWK: P-256 or RSA of 2048 bits at least. [RFC 7517] */
  publicKey: text(5000),
})
export type FileSettings = z.infer<typeof FileSettings>

/** A service that is called over HTTPS, a gateway for text messages, say; each call is signed. [Standard Webhooks] */
export const WebhookSettings = z.object({
  url: z.string().check(z.maxLength(2000), z.regex(/^https:\/\/[^\s/?#@]+(\/[^\s]*)?$/)),
  /** Authority that signed the service's certificate, as PEM; empty: those that Node trusts. */
  authority: text(20_000),
  /** The service is inside: its address may be private. Otherwise such addresses are refused. */
  isInternal: z.boolean(),
})
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** One filter, whose parentheses fit: what is searched is put beside it, and must not be able to end it. [RFC 4515, 3] */
export function isFilter(filter: string): boolean {
  let depth = 0
  for (const [at, sign] of [...filter].entries()) {
    if (sign === '(') depth++
    if (sign === ')') depth--
    if (depth < 1 && at < filter.length - 1) return false
  }
  return depth === 0 && filter.length > 2
}

const attribute = () => z.string().check(z.maxLength(60), z.regex(/^([A-Za-z][A-Za-z0-9-]*)?$/))
const neededAttribute = () => z.string().check(z.maxLength(60), z.regex(/^[A-Za-z][A-Za-z0-9-]*$/))

/** A directory of people, over LDAP with TLS: ldaps, or ldap with StartTLS before anything is said. [RFC 4511] */
export const DirectorySettings = z.object({
  /** The next one is asked when one does not answer. */
  urls: z
    .array(
      z.string().check(
        z.maxLength(300),
        z.regex(/^ldaps?:\/\/[^\s/?#@]+$/),
        z.refine((url) => URL.canParse(url)),
      ),
    )
    .check(z.minLength(1), z.maxLength(5)),
  /** Authority that signed the servers' certificates, as PEM; empty: those that Node trusts. */
  authority: text(20_000),
  baseDn: name(1000),
  /** Who signs in; the password is a secret of the connection. */
  bindDn: name(1000),
  /** Who of all entries is a person. [RFC 4515] */
  filter: z.string().check(z.maxLength(1000), z.refine(isFilter)),
  /** Which attribute is what; empty: the directory does not say. */
  attributes: z.object({
    name: neededAttribute(),
    userName: neededAttribute(),
    department: attribute(),
    email: attribute(),
    phone: attribute(),
    manager: attribute(),
    /** As HTTP says it: `de-DE, en;q=0.8`. Connections of before say nothing. [RFC 2798, 2.7] */
    language: z._default(attribute(), ''),
    /** What names an entry for ever. */
    entry: z.enum(['entryUUID', 'objectGUID']),
  }),
})
export type DirectorySettings = z.infer<typeof DirectorySettings>

/** What directories of a make call their attributes. */
export const DIRECTORY_PRESETS = {
  openldap: {
    filter: '(objectClass=inetOrgPerson)',
    attributes: {
      name: 'cn',
      userName: 'uid',
      department: 'departmentNumber',
      email: 'mail',
      phone: 'telephoneNumber',
      manager: 'manager',
      language: 'preferredLanguage',
      entry: 'entryUUID',
    },
  },
  'active-directory': {
    filter: '(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))',
    attributes: {
      name: 'displayName',
      userName: 'sAMAccountName',
      department: 'department',
      email: 'mail',
      phone: 'telephoneNumber',
      manager: 'manager',
      language: 'preferredLanguage',
      entry: 'objectGUID',
    },
  },
} as const satisfies Record<string, Pick<DirectorySettings, 'filter' | 'attributes'>>

/** What a connection is, by its kind. */
const details = {
  smtp: { kind: z.literal('smtp'), smtp: SmtpSettings },
  letter: { kind: z.literal('letter'), letter: LetterSettings },
  file: { kind: z.literal('file'), file: FileSettings },
  webhook: { kind: z.literal('webhook'), webhook: WebhookSettings },
  directory: { kind: z.literal('directory'), directory: DirectorySettings },
} as const

/** One kind of each, with these fields beside. */
const ofEachKind = <Rest extends z.core.$ZodLooseShape>(rest: Rest) =>
  z.discriminatedUnion('kind', [
    z.object({ ...details.smtp, ...rest }),
    z.object({ ...details.letter, ...rest }),
    z.object({ ...details.file, ...rest }),
    z.object({ ...details.webhook, ...rest }),
    z.object({ ...details.directory, ...rest }),
  ])

/** What a connection is, without its name and its secret. */
export const ConnectionDetails = ofEachKind({})
export type ConnectionDetails = z.infer<typeof ConnectionDetails>

/** `secret`: a password, or what calls are signed with; absent leaves what is stored, empty takes it away. */
const written = { name: name(100), secret: z.optional(text(1000)) }

export const AddConnection = ofEachKind(written)
export type AddConnection = z.infer<typeof AddConnection>
export const ConnectionAdded = z.object({ id: id() })

/** Its kind stays what it is. */
export const ChangeConnection = ofEachKind({ connectionId: id(), ...written })
export type ChangeConnection = z.infer<typeof ChangeConnection>

/** Sends the real thing, with a made-up PUC: mail to this address, a call with this telephone number, a letter to nobody. */
export const TestConnection = z.object({ connectionId: id(), to: text(320) })

/** What a test of a directory found: so many people, and perhaps more; null where something was sent. */
export const ConnectionTested = z.object({ found: z.nullable(z.object({ count: z.number(), isMore: z.boolean() })) })
export type ConnectionTested = z.infer<typeof ConnectionTested>

export const RemoveConnection = z.object({ connectionId: id() })

export const ConnectionView = ofEachKind({
  id: id(),
  name: text(100),
  /** True while a secret is stored; it is never shown. */
  hasSecret: z.boolean(),
  /** When it last sent a test as it is now; null: never. Only then it delivers. */
  testedAt: z.nullable(time()),
  /** Names of the card templates that deliver by it. */
  usedBy: z.array(text(100)),
  /** Deliveries that wait, and that failed for good. */
  waiting: z.number(),
  failed: z.number(),
})
export type ConnectionView = z.infer<typeof ConnectionView>
export const Connections = z.object({ connections: z.array(ConnectionView) })
export type Connections = z.infer<typeof Connections>

// --- card templates ------------------------------------------------------------------------------------------------

/** What becomes of a card's PUC. */
export const PUC_USES = ['none', 'help-desk', 'delivered'] as const
export type PucUse = (typeof PUC_USES)[number]

/** How the card itself reaches its holder. */
export const CARD_ROUTES = ['handed-over', 'internal-mail', 'post'] as const

/** A PIN policy as a template says it; a preset's numbers stand in it too, as the cards of its family can keep them. */
export const PinRules = z.object({
  preset: z.enum([...PIN_PRESETS, 'own']),
  minLength: count(4, 8),
  maxLength: count(4, 8),
  longestRepeat: count(1, 8),
  longestSequence: count(1, 8),
  /** PINs that are refused, beside those of the preset. */
  blockList: z.array(z.string().check(z.regex(/^\d{4,8}$/))).check(z.maxLength(500)),
  /** Digits out of the holder's telephone number, mail address, user name or card number are refused, where the agent is online. */
  refusesPersonal: z._default(z.boolean(), false),
})
export type PinRules = z.infer<typeof PinRules>

/** The rules as a PIN is checked by them: a preset brings the PINs that everybody tries first. */
export function policyOfRules({ preset, blockList, refusesPersonal: _, ...numbers }: PinRules): PinPolicy {
  const common = preset === 'own' ? [] : POLICY_OF_PRESET[preset].blockList
  return { version: 1, ...numbers, blockList: [...common, ...blockList] }
}

/** What a card of a kind is to be. */
export const TemplateDocument = z.object({
  family: z.enum(['piv', 'gids']),
  /** Kinds of card that may be issued by it; empty: every kind of the family. */
  kinds: z.array(z.enum(CARD_KINDS)).check(z.maxLength(CARD_KINDS.length)),
  pin: PinRules,
  puc: z.enum(PUC_USES),
  /** By what the PUC goes; null unless it is delivered. */
  connectionId: z.nullable(id()),
  /** Mails and letters tell the PUC also as the unblock screen of Windows wants it. */
  tellsWindowsForm: z._default(z.boolean(), false),
  /** Procedures by which a card may be unblocked. */
  allows: z.object({ operator: z.boolean(), telephone: z.boolean(), selfService: z.boolean() }),
  cardRoute: z.enum(CARD_ROUTES),
  /** How a caller is verified before anything is released for the card. */
  verification: z._default(VerificationDemand, DEFAULT_DEMAND),
  /** A second operator approves each release. */
  fourEyes: z._default(z.boolean(), false),
  /** The standard that it says to keep. */
  standard: z._default(z.enum(STANDARDS), 'none'),
})
export type TemplateDocument = z.infer<typeof TemplateDocument>

/**
 * Why a template cannot be used to issue: a PUC on a card that has none; no connection was chosen, it is gone, or was never
 * tested as it is; the PUC would go by the card's own route; the PIN rules contradict each other; a kind of another family;
 * no way is left to unblock a card; a GIDS card by self-service, a PIV card… are procedures that the card cannot do.
 */
export const TEMPLATE_FAULTS = [
  'puc-on-gids',
  'connection-missing',
  'connection-removed',
  'connection-untested',
  'same-route',
  'pin-lengths',
  'kind-of-other-family',
  'no-way-to-unblock',
  'verification-impossible',
  'standard-unmet',
] as const
export type TemplateFault = (typeof TEMPLATE_FAULTS)[number]

export const AddTemplate = z.object({ name: name(100), document: TemplateDocument })
export type AddTemplate = z.infer<typeof AddTemplate>
export const TemplateAdded = z.object({ id: id(), version: z.number() })

/** Makes a new version; cards keep theirs. `version` is the one that was changed: another change in between is told. */
export const ChangeTemplate = z.object({ templateId: id(), version: count(1, 1_000_000), ...AddTemplate.shape })
export type ChangeTemplate = z.infer<typeof ChangeTemplate>

export const LockTemplate = z.object({ templateId: id(), isLocked: z.boolean() })
export const CopyTemplate = z.object({ templateId: id(), name: name(100) })

export const TemplateView = z.object({
  id: id(),
  name: text(100),
  version: z.number(),
  /** Nobody changes it until it is unlocked. */
  isLocked: z.boolean(),
  document: TemplateDocument,
  /** Why no card is issued by it now; empty when it can be used. */
  faults: z.array(z.enum(TEMPLATE_FAULTS)),
  /** Cards of this template, of any version; and those of an older one. */
  cards: z.number(),
  olderCards: z.number(),
  changedAt: time(),
})
export type TemplateView = z.infer<typeof TemplateView>
export const Templates = z.object({ templates: z.array(TemplateView) })
export type Templates = z.infer<typeof Templates>

// --- deliveries ----------------------------------------------------------------------------------------------------

/** `queued` waits for its time; `sending` is under way; `failed` is tried no more; `void`: its PUC is not the card's any more. */
export const DELIVERY_STATES = ['queued', 'sending', 'delivered', 'failed', 'void'] as const

export const DeliveryView = z.object({
  id: id(),
  cardId: id(),
  connectionName: text(100),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number(),
  createdAt: time(),
  /** When it is tried next; null when it is not. */
  nextAt: z.nullable(time()),
  deliveredAt: z.nullable(time()),
  /** What went wrong last: a code of `problems`, and what the other side said. */
  problem: z.nullable(z.object({ code: text(60), detail: text(500) })),
})
export type DeliveryView = z.infer<typeof DeliveryView>
export const Deliveries = z.object({ deliveries: z.array(DeliveryView) })
export type Deliveries = z.infer<typeof Deliveries>

/** Tries a delivery again, now. */
export const RetryDelivery = z.object({ deliveryId: id() })

/** Reading a PUC: why, and who reads once more. */
export const RevealPuc = z.object({ cardId: id(), reason: name(300), password: text(1000) })
export type RevealPuc = z.infer<typeof RevealPuc>

/** Exists in this answer only. */
export const RevealedPuc = z.object({ puc: text(8), showSeconds: z.number() })
export type RevealedPuc = z.infer<typeof RevealedPuc>
