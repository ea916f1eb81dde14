import { Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconClock } from '@tabler/icons-react'
import type { VerificationView, WayView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../../shared/local-time.tsx'
import classes from './verification.module.css'

/** What was tried to know who is calling, and how it stands. */
export function Standings({ view }: { view: VerificationView }) {
  const { t } = useTranslation()
  const ways = view.open?.ways ?? []
  if (ways.length === 0) return null
  return (
    <ul className={classes.stands} aria-label={t('verification.standings')}>
      {ways.map((way) => (
        <li key={way.id}>
          <StateIcon state={way.state} />
          <Text inherit component="span">
            {t(`verification.ways.${way.way}.label`)}: {t(`verification.states.${way.state}`)}
            {way.sentTo !== null && way.state === 'asked' && `, ${t('verification.sentTo', { address: way.sentTo })}`}
            {', '}
            <LocalTime at={way.metAt ?? way.askedAt} />
          </Text>
        </li>
      ))}
    </ul>
  )
}

function StateIcon({ state }: Pick<WayView, 'state'>) {
  if (state === 'met') return <IconCircleCheck aria-hidden size={18} />
  if (state === 'failed') return <IconCircleX aria-hidden size={18} />
  return <IconClock aria-hidden size={18} />
}
