import { Title } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { isProblemCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { NotFoundPage } from '../shell/not-found-page.tsx'

const route = getRouteApi('/problems/$code')

/** The page that a problem document's `type` leads to: the three parts of one problem, for whoever looks a code up. */
export function ProblemPage() {
  const { t } = useTranslation()
  const { code } = route.useParams()
  if (!isProblemCode(code)) return <NotFoundPage />
  return (
    <>
      <Title order={1} size="h2" mb="md">
        {t('console.problem.title', { code })}
      </Title>
      <ProblemNotice problem={code} tone="orange" isAnnounced={false} />
    </>
  )
}
