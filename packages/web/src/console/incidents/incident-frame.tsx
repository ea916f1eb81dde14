import { Anchor } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { IncidentRow } from '@unlatch/contract'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { DetailsPage } from '../details-page.tsx'
import { IncidentStateBadge } from './incident-words.tsx'

/** The page of one incident, of either sort: the way back, whether it is open, and what is there to say. */
export function IncidentFrame<Incident extends Pick<IncidentRow, 'state'>>(props: {
  found: UseQueryResult<Incident>
  title: string
  children: (incident: Incident) => ReactNode
}) {
  const { t } = useTranslation()
  const { found, title, children } = props
  return (
    <DetailsPage
      title={title}
      back={
        <Anchor component={Link} to="/evidence/incidents" underline="always">
          {t('incidents.back')}
        </Anchor>
      }
    >
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('incidents.loadingOne')}</SlowWords>}
      {found.data !== undefined && (
        <>
          <div>
            <IncidentStateBadge state={found.data.state} />
          </div>
          {children(found.data)}
        </>
      )}
    </DetailsPage>
  )
}
