import { Button, Text, TextInput } from '@mantine/core'
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Phase } from './phase.tsx'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'
import type { Link } from './use-screen-state.ts'

/** No connection to the agent: how to open the page, and a field for a pairing code. */
export function PairingPhase(props: { link: Link; onCode: (code: string) => Promise<void> }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const pairing = useAction()
  const isDisconnected = props.link === 'disconnected'
  const words = isDisconnected ? 'disconnected' : 'pairing'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim() !== '' && !pairing.isRunning) void pairing.run(() => props.onCode(code.trim()))
  }
  return (
    <Phase
      title={t(`unblockScreen.${words}.title`)}
      Sign={isDisconnected ? IconPlugConnectedX : IconPlugConnected}
      {...(isDisconnected ? { tone: 'bad' as const } : {})}
    >
      <Text>{t(`unblockScreen.${words}.text`)}</Text>
      <form onSubmit={submit} className={classes.step}>
        <TextInput
          size="lg"
          label={t('unblockScreen.pairing.code')}
          description={t('unblockScreen.pairing.codeHint')}
          classNames={{ input: classes.codeInput as string }}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={props.link === 'refused' && t('unblockScreen.pairing.refused')}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Button type="submit" size="lg" className={classes.primary as string} loading={pairing.isRunning}>
          {t('unblockScreen.pairing.submit')}
        </Button>
      </form>
    </Phase>
  )
}
