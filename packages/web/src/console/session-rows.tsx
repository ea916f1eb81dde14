import { Badge, Button, Text } from '@mantine/core'
import { IconDeviceDesktop } from '@tabler/icons-react'
import type { SessionView } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../shared/local-time.tsx'
import { readUserAgent } from './read-user-agent.ts'
import classes from './section.module.css'

/** Sessions, each with what ends it; without `onEnd` they are only seen. */
export function SessionRows(props: {
  sessions: readonly SessionView[]
  ending: string | undefined
  onEnd: ((sessionId: string) => void) | undefined
}) {
  const { t } = useTranslation()
  const { onEnd } = props
  if (props.sessions.length === 0) return <Text>{t('operators.sessions.none')}</Text>
  return (
    <ul className={classes.rows}>
      {props.sessions.map((session) => {
        const program = readUserAgent(session.userAgent)
        return (
          <li key={session.id}>
            <div className={classes.what}>
              <Text fw={600}>
                <IconDeviceDesktop aria-hidden size={18} style={{ verticalAlign: 'text-bottom' }} />{' '}
                {program === undefined
                  ? t('operators.sessions.unknownProgram')
                  : t('operators.sessions.browserOn', program)}{' '}
                {session.isThisOne && (
                  <Badge variant="light" color="green" tt="none" radius="sm">
                    {t('operators.sessions.thisOne')}
                  </Badge>
                )}
              </Text>
              <Text size="sm" c="dimmed">
                {t('operators.sessions.from', { address: session.address })} · {t('operators.sessions.since')}{' '}
                <LocalTime at={session.createdAt} /> · {t('operators.sessions.lastSeen')}{' '}
                <LocalTime at={session.lastSeenAt} />
              </Text>
            </div>
            {onEnd !== undefined && !session.isThisOne && (
              <Button
                variant="default"
                size="xs"
                loading={props.ending === session.id}
                onClick={() => onEnd(session.id)}
                aria-label={t('operators.sessions.endNamed', { address: session.address })}
              >
                {t('operators.sessions.end')}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
