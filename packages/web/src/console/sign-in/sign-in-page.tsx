import { Anchor, Container, Group, Paper, Text, Title } from '@mantine/core'
import type { Session } from '@unlatch/contract'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ProductMark } from '../../shared/product-mark.tsx'
import { SchemeSwitch } from '../../shared/scheme-switch.tsx'
import { StatusBanner, UnreachableBanner } from '../shell/banners.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** What stands at every address until somebody is signed in. */
export function SignInPage(props: { onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${t('console.signIn.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <>
      <StatusBanner />
      <Container component="main" size={420} pt={{ base: 'xl', sm: '12vh' }} pb="xl">
        <UnreachableBanner />
        <Group justify="space-between" mb="md">
          <ProductMark name={t('shared.productName')} />
          <SchemeSwitch />
        </Group>
        <Paper withBorder p="lg">
          <Title order={1} size="h2">
            {t('console.signIn.title')}
          </Title>
          <Text c="dimmed" mb="md">
            {t('console.signIn.lead')}
          </Text>
          <SignInForm onSignedIn={props.onSignedIn} />
          <Anchor href="/set-up" underline="always">
            {t('operators.signIn.haveCode')}
          </Anchor>
        </Paper>
      </Container>
    </>
  )
}
