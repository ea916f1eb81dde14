import { Anchor, Container, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { SetUpWelcome } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProductMark } from '../../shared/product-mark.tsx'
import { SchemeSwitch } from '../../shared/scheme-switch.tsx'
import { StatusBanner, UnreachableBanner } from '../shell/banners.tsx'
import { CodeForm } from './code-form.tsx'
import { SelfForm } from './self-form.tsx'

/** Where a set-up code becomes an account: the first administrator's, an invited operator's, one that lost its passkey. */
export function SetUpPage(props: { onDone: () => void }) {
  const { t } = useTranslation()
  const [welcome, setWelcome] = useState<{ code: string; told: SetUpWelcome }>()
  useEffect(() => {
    document.title = `${t('operators.setUp.title')} · ${t('shared.productName')}`
  }, [t])
  return (
    <>
      <StatusBanner />
      <Container component="main" size={520} pt={{ base: 'xl', sm: '8vh' }} pb="xl">
        <UnreachableBanner />
        <Group justify="space-between" mb="md">
          <ProductMark name={t('shared.productName')} />
          <SchemeSwitch />
        </Group>
        <Paper withBorder p="lg">
          <Title order={1} size="h2">
            {t('operators.setUp.title')}
          </Title>
          <Stack mt="xs">
            {welcome === undefined ? (
              <>
                <Text c="dimmed">{t('operators.setUp.lead')}</Text>
                <CodeForm onWelcome={(code, told) => setWelcome({ code, told })} />
              </>
            ) : (
              <SelfForm
                code={welcome.code}
                welcome={welcome.told}
                onDone={props.onDone}
                onCodeRefused={() => setWelcome(undefined)}
              />
            )}
            <Anchor href="/" underline="always">
              {t('operators.setUp.toSignIn')}
            </Anchor>
          </Stack>
        </Paper>
      </Container>
    </>
  )
}
