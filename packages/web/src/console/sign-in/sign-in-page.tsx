import { Anchor, Text } from '@mantine/core'
import type { Session } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { OuterPage } from '../shell/outer-page.tsx'
import { SignInForm } from './sign-in-form.tsx'

/** What stands at every address until somebody is signed in. */
export function SignInPage(props: { onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  return (
    <OuterPage title={t('console.signIn.title')} width={420}>
      <Text c="dimmed" mb="md">
        {t('console.signIn.lead')}
      </Text>
      <SignInForm onSignedIn={props.onSignedIn} />
      <Anchor href="/set-up" underline="always">
        {t('operators.signIn.haveCode')}
      </Anchor>
    </OuterPage>
  )
}
