import { Title } from '@mantine/core'
import type { NoticeTold } from '@unlatch/contract'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LocalTime } from '../shared/local-time.tsx'
import classes from './not-me.module.css'

/** `09:14 UTC`, beside the time of where the reader is: it stands so in the message. */
const writeUtc = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

/** What was done, when, with which card, and by whom. */
export function NoticeFacts({ told }: { told: NoticeTold }) {
  const { t } = useTranslation()
  const id = useId()
  const { kind, cardState, at, releasedAt, cardLabel, printedSerial, holderName, operatorName, procedure, words } = told
  const state = cardState === null ? '' : t(`notices.states.${cardState as 'suspended'}`)
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="xs">
        {t('notices.page.facts')}
      </Title>
      <dl className={classes.facts}>
        <dt>{t('notices.page.thing')}</dt>
        <dd>
          <strong>{t(`notices.page.what.${kind}`, { state })}</strong>
        </dd>
        <dt>{t('notices.page.when')}</dt>
        <dd>
          <LocalTime at={at} /> ({writeUtc(at)})
        </dd>
        {releasedAt !== null && (
          <>
            <dt>{t('notices.page.released')}</dt>
            <dd>
              <LocalTime at={releasedAt} /> ({writeUtc(releasedAt)})
            </dd>
          </>
        )}
        <dt>{t('notices.page.card')}</dt>
        <dd>
          {cardLabel}, {printedSerial}
        </dd>
        <dt>{t('notices.page.holder')}</dt>
        <dd>{holderName}</dd>
        <dt>{t('notices.page.operator')}</dt>
        <dd>{operatorName || t('notices.page.nobody')}</dd>
        {procedure !== null && (
          <>
            <dt>{t('notices.page.procedure')}</dt>
            <dd>{t(`notices.page.procedures.${procedure}`)}</dd>
          </>
        )}
        <dt>{t('notices.page.words')}</dt>
        <dd>{words}</dd>
      </dl>
    </section>
  )
}
