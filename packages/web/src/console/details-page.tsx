import { Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './section.module.css'

/** The page of one thing out of a list, with the way back to the list. */
export function DetailsPage(props: { title: string; back: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  const { title } = props
  useEffect(() => {
    document.title = `${title} · ${t('shared.productName')}`
  }, [title, t])
  return (
    <Stack maw="52rem">
      <div>{props.back}</div>
      <Title order={1} size="h2" className={classes.title as string}>
        {title}
      </Title>
      {props.children}
    </Stack>
  )
}
