import { Anchor, Stack, Text } from '@mantine/core'
import type { SetUpWelcome } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OuterPage } from '../shell/outer-page.tsx'
import { CodeForm } from './code-form.tsx'
import { SelfForm } from './self-form.tsx'

/** Where a set-up code becomes an account: the first administrator's, an invited operator's, one that lost its passkey. */
export function SetUpPage(props: { onDone: () => void }) {
  const { t } = useTranslation()
  const [welcome, setWelcome] = useState<{ code: string; told: SetUpWelcome }>()
  return (
    <OuterPage title={t('operators.setUp.title')} width={520}>
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
    </OuterPage>
  )
}
