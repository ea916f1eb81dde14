import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
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
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/actions/smart-card-unblock', replace: true })
  },
})

const unblock = createRoute({
  getParentRoute: () => root,
  path: '/actions/smart-card-unblock',
  component: UnblockPage,
  validateSearch: (address: Record<string, unknown>): UnblockAddress => ({
    ...readText('search', address.search),
    ...readText('person', address.person),
    ...readText('card', address.card),
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

const problem = createRoute({ getParentRoute: () => root, path: '/problems/$code', component: ProblemPage })

/** A printed serial of digits alone arrives as a number. */
function readText<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  const isText = (typeof value === 'string' && value !== '') || typeof value === 'number'
  return isText ? ({ [name]: String(value) } as Record<Name, string>) : {}
}

export const router = createRouter({
  routeTree: root.addChildren([home, unblock, cannotBeSaved, problem]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
