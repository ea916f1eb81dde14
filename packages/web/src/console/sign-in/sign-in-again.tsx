import { Modal, Text } from '@mantine/core'
import type { Session } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../connection.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Asks for the sign-in above an open page whose session has ended. */
export function SignInAgain(props: { userName: string; onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation()
  const { isSessionEnded } = useConnection()
  return (
    <Modal
      opened={isSessionEnded}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('console.signIn.again')}
      centered
    >
      <Text mb="md">{t('console.signIn.againLead')}</Text>
      <SignInForm userName={props.userName} onSignedIn={props.onSignedIn} />
    </Modal>
  )
}
