import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { CARD_HOLDINGS, PEOPLE_SORTS, ROW_KINDS, type RowKind } from '@unlatch/contract'
import { type CardsAddress, readCardsAddress } from './cards/cards-address.ts'
import { HomePage } from './home/home-page.tsx'
import type { PeopleAddress } from './people/people-address.ts'
import { ProblemPage } from './problem/problem-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { Shell } from './shell/shell.tsx'
import { CannotBeSavedPage } from './unblock/cannot-be-saved-page.tsx'
import { UnblockPage } from './unblock/unblock-page.tsx'

/** What the address of the unblock page says; never a code. */
export interface UnblockAddress {
  readonly search?: string
  readonly person?: string
  readonly card?: string
  /** Where the card is; absent: on the telephone. */
  readonly place?: 'here' | 'online'
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: HomePage,
})

const unblock = createRoute({
  getParentRoute: () => root,
  path: '/actions/smart-card-unblock',
  component: UnblockPage,
  validateSearch: (address: Record<string, unknown>): UnblockAddress => ({
    ...readText('search', address.search),
    ...readText('person', address.person),
    ...readText('card', address.card),
    ...(address.place === 'here' || address.place === 'online' ? { place: address.place } : {}),
  }),
})

const cannotBeSaved = createRoute({
  getParentRoute: () => root,
  path: '/actions/smart-card-unblock/cannot-be-saved',
  component: CannotBeSavedPage,
  validateSearch: (address: Record<string, unknown>): Pick<UnblockAddress, 'person' | 'card'> => ({
    ...readText('person', address.person),
    ...readText('card', address.card),
  }),
})

/** For whom a card is registered, by which template, and the card that it takes the place of. */
export interface RegisterAddress {
  readonly search?: string
  readonly person?: string
  readonly template?: string
  readonly replaces?: string
}

const register = createRoute({
  getParentRoute: () => root,
  path: '/lifecycle/register',
  component: lazyRouteComponent(() => import('./lifecycle/register-page.tsx'), 'RegisterPage'),
  validateSearch: (address: Record<string, unknown>): RegisterAddress => ({
    ...readText('search', address.search),
    ...readText('person', address.person),
    ...readText('template', address.template),
    ...readText('replaces', address.replaces),
  }),
})

const issue = createRoute({
  getParentRoute: () => root,
  path: '/lifecycle/issue',
  component: lazyRouteComponent(() => import('./lifecycle/issue-page.tsx'), 'IssuePage'),
  validateSearch: (address: Record<string, unknown>): Pick<UnblockAddress, 'card'> => readText('card', address.card),
})

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
  validateSearch: (address: Record<string, unknown>): PeopleAddress => ({
    ...readText('search', address.search),
    ...(address.department === '' ? { department: '' } : readText('department', address.department)),
    ...readOne('cards', CARD_HOLDINGS, address.cards),
    ...readOne('sort', PEOPLE_SORTS, address.sort),
    ...readText('after', address.after),
  }),
})

const person = createRoute({
  getParentRoute: () => root,
  path: '/people/$personId',
  component: lazyRouteComponent(() => import('./people/person-page.tsx'), 'PersonPage'),
})

const importPeople = createRoute({
  getParentRoute: () => root,
  path: '/people/import',
  component: lazyRouteComponent(() => import('./people-import/import-page.tsx'), 'ImportPage'),
})

const oneImport = createRoute({
  getParentRoute: () => root,
  path: '/people/import/$importId',
  component: lazyRouteComponent(() => import('./people-import/one-import-page.tsx'), 'OneImportPage'),
  validateSearch: ({ kind, after }: Record<string, unknown>): { kind?: RowKind; after?: number } => ({
    ...readOne('kind', ROW_KINDS, kind),
    ...(typeof after === 'number' && { after }),
  }),
})

const directory = createRoute({
  getParentRoute: () => root,
  path: '/people/directory',
  component: lazyRouteComponent(() => import('./people-directory/directory-page.tsx'), 'DirectoryPage'),
  validateSearch: (address: Record<string, unknown>): { directory?: string; search?: string } => ({
    ...readText('directory', address.directory),
    ...readText('search', address.search),
  }),
})

const cards = createRoute({
  getParentRoute: () => root,
  path: '/lifecycle/cards',
  component: lazyRouteComponent(() => import('./cards/cards-page.tsx'), 'CardsPage'),
  validateSearch: (address: Record<string, unknown>): CardsAddress => readCardsAddress(address),
})

const card = createRoute({
  getParentRoute: () => root,
  path: '/lifecycle/cards/$cardId',
  component: lazyRouteComponent(() => import('./cards/card-page.tsx'), 'CardPage'),
})

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./health/health-page.tsx'), 'HealthPage'),
})

const problem = createRoute({ getParentRoute: () => root, path: '/problems/$code', component: ProblemPage })

/** Which part of Operators and roles is shown. */
export interface OperatorsAddress {
  readonly view?: 'roles'
}

const operators = createRoute({
  getParentRoute: () => root,
  path: '/options/operators-and-roles',
  component: lazyRouteComponent(() => import('./operators/operators-page.tsx'), 'OperatorsPage'),
  validateSearch: ({ view }: Record<string, unknown>): OperatorsAddress => (view === 'roles' ? { view } : {}),
})

const operator = createRoute({
  getParentRoute: () => root,
  path: '/options/operators-and-roles/$operatorId',
  component: lazyRouteComponent(() => import('./operators/operator-page.tsx'), 'OperatorPage'),
})

const templates = createRoute({
  getParentRoute: () => root,
  path: '/templates/card-templates',
  component: lazyRouteComponent(() => import('./templates/templates-page.tsx'), 'TemplatesPage'),
})

const addTemplate = createRoute({
  getParentRoute: () => root,
  path: '/templates/card-templates/new',
  component: lazyRouteComponent(() => import('./templates/template-page.tsx'), 'AddTemplatePage'),
})

const template = createRoute({
  getParentRoute: () => root,
  path: '/templates/card-templates/$templateId',
  component: lazyRouteComponent(() => import('./templates/template-page.tsx'), 'TemplatePage'),
})

const connections = createRoute({
  getParentRoute: () => root,
  path: '/options/connections',
  component: lazyRouteComponent(() => import('./connections/connections-page.tsx'), 'ConnectionsPage'),
})

const addConnection = createRoute({
  getParentRoute: () => root,
  path: '/options/connections/new',
  component: lazyRouteComponent(() => import('./connections/connection-page.tsx'), 'AddConnectionPage'),
})

const connection = createRoute({
  getParentRoute: () => root,
  path: '/options/connections/$connectionId',
  component: lazyRouteComponent(() => import('./connections/connection-page.tsx'), 'ConnectionPage'),
})

/** Which agents are listed. */
export interface AgentsAddress {
  readonly show?: 'revoked'
  readonly search?: string
}

const agents = createRoute({
  getParentRoute: () => root,
  path: '/options/agents',
  component: lazyRouteComponent(() => import('./agents/agents-page.tsx'), 'AgentsPage'),
  validateSearch: ({ show, search }: Record<string, unknown>): AgentsAddress => ({
    ...(show === 'revoked' ? { show } : {}),
    ...readText('search', search),
  }),
})

const agent = createRoute({
  getParentRoute: () => root,
  path: '/options/agents/$agentId',
  component: lazyRouteComponent(() => import('./agents/agent-page.tsx'), 'AgentPage'),
})

const desk = createRoute({
  getParentRoute: () => root,
  path: '/options/limits-and-threat-level',
  component: lazyRouteComponent(() => import('./desk/desk-page.tsx'), 'DeskPage'),
})

/** Which incidents are listed, and where a page of them begins. */
export interface IncidentsAddress {
  readonly show?: 'closed'
  readonly after?: string
}

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/evidence/incidents',
  component: lazyRouteComponent(() => import('./incidents/incidents-page.tsx'), 'IncidentsPage'),
  validateSearch: ({ show, after }: Record<string, unknown>): IncidentsAddress => ({
    ...(show === 'closed' ? { show } : {}),
    ...readText('after', after),
  }),
})

const incident = createRoute({
  getParentRoute: () => root,
  path: '/evidence/incidents/$incidentId',
  component: lazyRouteComponent(() => import('./incidents/incident-page.tsx'), 'IncidentPage'),
})

const caughtIncident = createRoute({
  getParentRoute: () => root,
  path: '/evidence/incidents/caught/$incidentId',
  component: lazyRouteComponent(() => import('./incidents/caught-page.tsx'), 'CaughtPage'),
})

const liveDesk = createRoute({
  getParentRoute: () => root,
  path: '/actions/live-desk',
  component: lazyRouteComponent(() => import('./live-desk/live-desk-page.tsx'), 'LiveDeskPage'),
  validateSearch: ({ after }: Record<string, unknown>) => readText('after', after),
})

const helpDesk = createRoute({
  getParentRoute: () => root,
  path: '/help-desk',
  component: lazyRouteComponent(() => import('./home/dashboard-page.tsx'), 'DashboardPage'),
  validateSearch: ({ days }: Record<string, unknown>): { days?: 30 } => (Number(days) === 30 ? { days: 30 } : {}),
})

const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./approvals/approvals-page.tsx'), 'ApprovalsPage'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
})

/** A printed serial of digits alone arrives as a number. */
function readText<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  const isText = (typeof value === 'string' && value !== '') || typeof value === 'number'
  return isText ? ({ [name]: String(value) } as Record<Name, string>) : {}
}

function readOne<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  value: unknown,
): Partial<Record<Name, Value>> {
  const found = values.find((one) => one === value)
  return found === undefined ? {} : ({ [name]: found } as Record<Name, Value>)
}

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    unblock,
    cannotBeSaved,
    register,
    issue,
    people,
    person,
    importPeople,
    directory,
    oneImport,
    cards,
    card,
    health,
    operators,
    operator,
    templates,
    addTemplate,
    template,
    connections,
    addConnection,
    connection,
    agents,
    agent,
    desk,
    incidents,
    incident,
    caughtIncident,
    liveDesk,
    helpDesk,
    approvals,
    account,
    problem,
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
