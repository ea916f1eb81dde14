import { Paper, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './steps.module.css'

/** One step of the call, with its number. */
export function Step(props: { number: number; title: string; children: ReactNode }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm" className={classes.stepTitle}>
        <span className={classes.stepNumber} aria-hidden>
          {props.number}
        </span>
        <span className={classes.srOnly}>{t('console.unblock.step', { number: props.number })}: </span>
        {props.title}
      </Title>
      {props.children}
    </Paper>
  )
}
