import { Container } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Permission, Session } from '@unlatch/contract'
import { createContext, Fragment, lazy, type ReactNode, Suspense, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiFailure, toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { setConnection } from '../connection.ts'
import { readSession } from '../server-api.ts'
import { UnreachableBanner } from '../shell/banners.tsx'
import { SignInAgain } from './sign-in-again.tsx'
import { SignInPage } from './sign-in-page.tsx'

const SESSION = ['session']

const SessionContext = createContext<Session | undefined>(undefined)

/** Who is signed in; only below the gate. */
export const useSession = (): Session => useContext(SessionContext) as Session

/** What the operator may do, as the server said at sign-in; the server decides at each request. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession()
  return (permission) => permissions.includes(permission)
}

const ProvePage = lazy(() => import('../prove/prove-page.tsx').then((page) => ({ default: page.ProvePage })))
const SetUpPage = lazy(() => import('../set-up/set-up-page.tsx').then((page) => ({ default: page.SetUpPage })))

/**
 * Shows the pages to an operator, and the sign-in to anybody else, at the same address. A session that ends while a page is
 * open leaves the page as it is and asks above it, so that a call is not lost.
 */
export function SessionGate(props: { children: ReactNode }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { data, error, isPending } = useQuery({
    queryKey: SESSION,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await readSession()
      } catch (thrown) {
        if (thrown instanceof ApiFailure && thrown.code === 'sign-in-needed') return null
        throw thrown
      }
    },
  })
  const enter = (session: Session) => {
    setConnection({ isSessionEnded: false })
    queries.setQueryData(SESSION, session)
    void queries.refetchQueries({ predicate: (query) => query.state.status === 'error' })
  }

  const loading = (
    <Container size="xs" pt="20vh">
      <SlowWords>{t('shared.loading')}</SlowWords>
    </Container>
  )
  // A cardholder has no account.
  if (location.pathname === '/prove') {
    return (
      <Suspense fallback={loading}>
        <ProvePage />
      </Suspense>
    )
  }
  // Whoever sets himself up is nobody yet; a fresh page afterwards forgets code and password.
  if (location.pathname === '/set-up') {
    return (
      <Suspense fallback={loading}>
        <SetUpPage onDone={() => location.replace('/')} />
      </Suspense>
    )
  }
  if (isPending) return loading
  if (data === null) return <SignInPage onSignedIn={enter} />
  if (data === undefined) {
    return (
      <Container size="sm" pt="15vh">
        <UnreachableBanner />
        <ProblemNotice problem={toFailure(error)} />
      </Container>
    )
  }
  return (
    <SessionContext value={data}>
      <Fragment key={data.operator.id}>{props.children}</Fragment>
      <SignInAgain userName={data.operator.userName} onSignedIn={enter} />
    </SessionContext>
  )
}

/** Forgets everything that the operator saw. */
export function useForgetSession(): () => void {
  const queries = useQueryClient()
  return () => {
    setConnection({ isSessionEnded: false })
    // The gate watches this one: it is changed, not taken away under it.
    queries.setQueryData(SESSION, null)
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] && queryKey[0] !== 'status' })
    queries.getMutationCache().clear()
  }
}
