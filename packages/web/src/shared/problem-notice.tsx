import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { isProblemCode } from '@unlatch/contract'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiFailure } from './call-api.ts'

/** A problem in three parts: what happened · what it means for the card · what to do now; and the code to look up. */
export function ProblemNotice(props: {
  problem: ApiFailure | string
  tone?: 'red' | 'orange'
  /** False where the surroundings announce it. */
  isAnnounced?: boolean
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const { problem } = props
  const failure =
    problem instanceof ApiFailure
      ? problem
      : new ApiFailure(isProblemCode(problem) ? { code: problem } : { title: problem })
  const { code, requestId } = failure
  const words = (part: 'happened' | 'card' | 'now') => {
    if (code !== undefined) return t(`problems.${code}.${part}`)
    if (part === 'happened')
      return failure.title === undefined
        ? t('shared.answerUnreadable')
        : t('shared.unknownProblem.happened', { title: failure.title })
    return t(`shared.unknownProblem.${part}`)
  }
  return (
    <Alert
      color={props.tone ?? 'red'}
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={words('happened')}
      role={props.isAnnounced === false ? 'group' : 'alert'}
    >
      <Text inherit>{words('card')}</Text>
      <Text inherit fw={600}>
        {words('now')}
      </Text>
      {props.children}
      <Text size="sm" mt="xs">
        {code !== undefined && <span>{t('shared.errorCode', { code })}</span>}
        {requestId !== undefined && <span> {t('shared.requestNumber', { id: requestId })}</span>}
      </Text>
    </Alert>
  )
}
