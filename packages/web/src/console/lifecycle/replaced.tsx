import { Alert } from '@mantine/core'
import { IconReplace } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { readCard } from '../card-api.ts'

/** Which card the new one takes the place of. */
export function Replaced({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const found = useQuery({ queryKey: ['card', cardId], queryFn: ({ signal }) => readCard(cardId, signal) })
  if (found.isError) return <ProblemNotice problem={toFailure(found.error)} />
  if (found.data === undefined) return null
  const isOver = found.data.state === 'revoked' || found.data.state === 'retired'
  return (
    <Alert color="blue" variant="light" mt="sm" icon={<IconReplace aria-hidden />}>
      {t(isOver ? 'cards.replace.registeringOver' : 'cards.replace.registering', { serial: found.data.printedSerial })}
    </Alert>
  )
}
