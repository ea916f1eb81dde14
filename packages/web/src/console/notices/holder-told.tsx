import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { NoticeView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { readNotices } from '../incident-api.ts'
import { isUnderWay } from './under-way.ts'
import { useWhy } from './use-why.ts'

/** How often it is looked whether the holder was told, and at most how many times. */
const LOOK_MS = 2000
const LOOKS = 45

/** At the end of a call: that the cardholder has been told of it, where, or why nobody was. */
export function HolderTold({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const why = useWhy()
  const found = useQuery({
    queryKey: ['notices', cardId, 'call'],
    queryFn: ({ signal }) => readNotices(cardId, signal),
    refetchInterval: ({ state }) =>
      state.dataUpdateCount < LOOKS && (state.data === undefined || state.data.notices.slice(0, 1).some(isUnderWay))
        ? LOOK_MS
        : false,
  })
  const [notice] = found.data?.notices ?? []
  if (notice === undefined) return null
  return (
    <Text inherit role="status" mt="xs">
      {wordsOf(notice)}
    </Text>
  )

  function wordsOf({ problem, deliveries }: NoticeView): string {
    const told = deliveries.filter(({ state }) => state === 'delivered')
    if (told.length > 0) {
      const addresses = told.map(({ address }) => address ?? t('notices.call.someOtherAddress')).join(', ')
      return t('notices.call.told', { addresses })
    }
    if (problem !== null && deliveries.length === 0) return t('notices.call.nobody', { why: why(problem) })
    const failed = deliveries.find((delivery) => delivery.problem !== null)
    if (failed?.problem) {
      const words = { why: why(failed.problem.code) }
      return failed.state === 'failed' ? t('notices.call.nobody', words) : t('notices.call.notYet', words)
    }
    return t('notices.call.waiting')
  }
}
