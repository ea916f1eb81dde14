import { Container, Group, Paper, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PageSwitches } from '../../shared/page-switches.tsx'
import { ProductMark } from '../../shared/product-mark.tsx'
import { StatusBanner, UnreachableBanner } from './banners.tsx'

/** A page for somebody who is not signed in: one sheet, no menu. */
export function OuterPage(props: { title: string; width: number; children: ReactNode }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${props.title} · ${t('shared.productName')}`
  }, [props.title, t])
  return (
    <>
      <StatusBanner />
      <Container component="main" size={props.width} pt={{ base: 'xl', sm: '10vh' }} pb="xl">
        <UnreachableBanner />
        <Group justify="space-between" mb="md">
          <ProductMark name={t('shared.productName')} />
          <PageSwitches />
        </Group>
        <Paper withBorder p="lg">
          <Title order={1} size="h2">
            {props.title}
          </Title>
          {props.children}
        </Paper>
      </Container>
    </>
  )
}
