import {
  type CARD_KINDS,
  type ConnectionView,
  DEFAULT_DEMAND,
  DEFAULT_SELF_SERVICE,
  isSelfServicePossible,
  judgeStandard,
  PIN_PRESETS,
  type PinRules,
  POLICY_OF_PRESET,
  ROUTE_OF_CONNECTION,
  type Route,
  rootsOf,
  TEMPLATE_FAULTS,
  type TemplateDocument,
  type TemplateFault,
} from '@unlatch/contract'

/** What the page knows about a template before the server is asked; the server decides. */

type Family = TemplateDocument['family']
export type CardKind = (typeof CARD_KINDS)[number]

/** Kinds of card that are managed, by family. */
export const KINDS_OF_FAMILY: Record<Family, readonly CardKind[]> = {
  piv: ['yubikey', 'piv-applet', 'piv'],
  gids: ['gids'],
}

/** Fewest digits that a PIN of the family can have. [SP 800-73-5 pt 2, 2.4.3] */
export const SHORTEST_PIN: Record<Family, number> = { piv: 6, gids: 4 }

/** Faults that are not saved at all: they contradict themselves, whatever comes later. */
const REFUSED: readonly TemplateFault[] = [
  'puc-on-gids',
  'same-route',
  'pin-lengths',
  'kind-of-other-family',
  'standard-unmet',
]

/** True for a fault that the page does not let through. */
export const isRefused = (fault: TemplateFault): boolean => REFUSED.includes(fault)

/** The part of a template's page that mends a fault, by the name of its section. */
export const PLACE_OF_FAULT = {
  'puc-on-gids': 'puc',
  'connection-missing': 'puc',
  'connection-removed': 'puc',
  'connection-untested': 'puc',
  'same-route': 'travel',
  'pin-lengths': 'pin',
  'kind-of-other-family': 'card',
  'no-way-to-unblock': 'allows',
  'verification-impossible': 'verification',
  'self-service-impossible': 'self-service',
  'standard-unmet': 'standard',
} as const satisfies Record<TemplateFault, string>

/** The connection that delivers: `unseen` where this operator may not see connections. */
type Deliverer = ConnectionView | 'none' | 'gone' | 'unseen'

const IS_SO: Record<TemplateFault, (document: TemplateDocument, by: Deliverer) => boolean> = {
  'puc-on-gids': ({ family, puc }) => family === 'gids' && puc !== 'none',
  'connection-missing': ({ puc }, by) => puc === 'delivered' && by === 'none',
  'connection-removed': ({ puc }, by) => puc === 'delivered' && by === 'gone',
  'connection-untested': ({ puc }, by) => puc === 'delivered' && typeof by === 'object' && by.testedAt === null,
  'same-route': ({ puc, cardRoute }, by) =>
    puc === 'delivered' &&
    typeof by === 'object' &&
    by.kind !== 'directory' &&
    by.kind !== 'identity-provider' &&
    (ROUTE_OF_CONNECTION[by.kind] as Route) === cardRoute,
  'pin-lengths': ({ family, pin }) => pin.minLength > pin.maxLength || pin.minLength < SHORTEST_PIN[family],
  'kind-of-other-family': ({ family, kinds }) => kinds.some((kind) => !KINDS_OF_FAMILY[family].includes(kind)),
  'no-way-to-unblock': ({ puc, allows }) => puc === 'none' && !Object.values(allows).includes(true),
  'verification-impossible': ({ verification }) => rootsOf(verification.ways).size < verification.count,
  'self-service-impossible': ({ allows, selfService }) => allows.selfService && !isSelfServicePossible(selfService),
  'standard-unmet': (document) => judgeStandard(document).some(({ isMet }) => !isMet),
}

/**
 * Why no card could be issued by a template, as far as the page can know.
 *
 * @param connections - undefined where the operator may not see them.
 */
export function findFaults(
  document: TemplateDocument,
  connections: readonly ConnectionView[] | undefined,
): TemplateFault[] {
  const by = findDeliverer(document, connections)
  return TEMPLATE_FAULTS.filter((fault) => IS_SO[fault](document, by))
}

function findDeliverer(
  { connectionId }: TemplateDocument,
  connections: readonly ConnectionView[] | undefined,
): Deliverer {
  if (connectionId === null) return 'none'
  if (connections === undefined) return 'unseen'
  return connections.find(({ id }) => id === connectionId) ?? 'gone'
}

/** Why a card in a reader is none for a template. */
export type CardObstacle = 'unknown-card' | 'no-application' | 'other-family' | 'other-kind' | 'taken'

/**
 * Why a card could not be issued by a template; undefined when it could be, as far as a look at it tells: what its keys can do
 * comes out at Issue.
 */
export function findCardObstacle(
  { family, kinds }: TemplateDocument,
  card: { kind: CardKind | null; family: string; managed: unknown },
): CardObstacle | undefined {
  if (card.kind === null) return 'unknown-card'
  if (card.family === 'unknown') return 'no-application'
  if (card.family !== family) return 'other-family'
  if (kinds.length > 0 && !kinds.includes(card.kind)) return 'other-kind'
  return card.managed === null ? undefined : 'taken'
}

/** The numbers of a preset, as cards of the family can keep them; a list of one's own stays beside it. */
export function rulesOfPreset(preset: PinRules['preset'], family: Family, before: PinRules): PinRules {
  const named = PIN_PRESETS.find((name) => name === preset)
  if (named === undefined) return { ...before, preset }
  const { minLength, maxLength, longestRepeat, longestSequence } = POLICY_OF_PRESET[named]
  return {
    preset,
    minLength: Math.max(minLength, SHORTEST_PIN[family]),
    maxLength,
    longestRepeat,
    longestSequence,
    blockList: before.blockList,
    refusesPersonal: before.refusesPersonal,
  }
}

/** Longest list of PINs that is kept. */
export const LONGEST_LIST = 500

/** The first line of a list of PINs that is none; blank ones do not count. */
export const findWrongLine = (lines: readonly string[]): string | undefined =>
  lines.map((line) => line.trim()).find((line) => line !== '' && !/^\d{4,8}$/.test(line))

/** What a new template begins with. */
export const NEW_DOCUMENT: TemplateDocument = {
  family: 'piv',
  kinds: [],
  pin: rulesOfPreset('fips-201-3', 'piv', {
    preset: 'own',
    minLength: 6,
    maxLength: 8,
    longestRepeat: 2,
    longestSequence: 3,
    blockList: [],
    refusesPersonal: false,
  }),
  puc: 'none',
  connectionId: null,
  tellsWindowsForm: false,
  allows: { operator: true, telephone: true, selfService: false },
  cardRoute: 'handed-over',
  verification: DEFAULT_DEMAND,
  selfService: DEFAULT_SELF_SERVICE,
  fourEyes: false,
  standard: 'none',
}
