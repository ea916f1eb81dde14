import { Button, Text } from '@mantine/core'
import type { ScreenState } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** The virtual reader's cards, to put in and to take out as one would by hand. */
export function VirtualReader(props: { reader: NonNullable<ScreenState['virtualReader']> }) {
  const { t } = useTranslation()
  const { inserted, cards } = props.reader
  const moving = useAction()
  return (
    <aside className={classes.virtual} aria-label={t('unblockScreen.virtual.label')}>
      <div className={classes.virtualInside}>
        <Text fw={600}>{t('unblockScreen.virtual.label')}</Text>
        <Text>{t('unblockScreen.virtual.hint')}</Text>
        {moving.failure !== undefined && <ProblemNotice problem={moving.failure} />}
        <ul>
          {cards.map(({ id, label, holder }) => {
            const isInserted = id === inserted
            const action = isInserted ? 'remove' : 'insert'
            return (
              <li key={id}>
                <Text fw={isInserted ? 600 : 400}>
                  {label} · {holder}
                  {isInserted && ` · ${t('unblockScreen.virtual.inserted')}`}
                </Text>
                <Button
                  variant="default"
                  size="compact-md"
                  disabled={moving.isRunning}
                  aria-label={t(`unblockScreen.virtual.${action}Card`, { label, holder })}
                  onClick={() =>
                    void moving.run(() =>
                      isInserted ? post('/reader/remove') : post('/reader/insert', { cardId: id }),
                    )
                  }
                >
                  {t(`unblockScreen.virtual.${action}`)}
                </Button>
              </li>
            )
          })}
        </ul>
      </div>
    </aside>
  )
}
