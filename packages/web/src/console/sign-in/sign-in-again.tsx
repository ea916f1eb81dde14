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
    // No Modal.Header: a header element inside a dialog counts as a second banner of the page.
    <Modal.Root
      opened={isSessionEnded}
      onClose={() => undefined}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Modal.Title fw={600} fz="lg" mb="xs">
            {t('console.signIn.again')}
          </Modal.Title>
          <Text mb="md">{t('console.signIn.againLead')}</Text>
          <SignInForm userName={props.userName} onSignedIn={props.onSignedIn} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
