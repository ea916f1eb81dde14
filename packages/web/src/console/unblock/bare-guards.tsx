import { Stack, Text, TextInput, Title } from '@mantine/core'
import { type CardSummary, readTypedCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../../shared/on-enter.ts'
import { findDifference, writeTypedCode } from '../../shared/typed-code.ts'
import classes from './unblock-page.module.css'
import type { CallState } from './use-call.ts'

/** How many characters of the printed serial confirm the card. */
export const SERIAL_END = 4

/** What a challenge without check symbols asks for: the challenge once more, and the end of the printed serial. */
export function BareGuards(props: { card: CardSummary; call: CallState }) {
  const { t } = useTranslation()
  const { call } = props
  const again = readTypedCode(call.challengeAgain)
  const position = findDifference(call.symbols, again)
  const isSame = again === call.symbols
  return (
    <Stack gap="sm" mt="md" maw="34rem">
      <div>
        <Title order={3} size="h5">
          {t('console.unblock.bare.title')}
        </Title>
        <Text>{t('console.unblock.bare.why')}</Text>
      </div>
      <TextInput
        id="challenge-again"
        size="lg"
        label={t('console.unblock.bare.again')}
        description={t('console.unblock.bare.againHint')}
        classNames={{ input: classes.codeInput as string }}
        value={call.challengeAgain}
        onChange={(event) => call.setChallengeAgain(writeTypedCode(event.currentTarget, () => 'bare'))}
        onPaste={(event) => event.preventDefault()}
        onKeyDown={onEnter(() => isSame && document.getElementById('serial-end')?.focus())}
        error={position === undefined ? undefined : t('console.unblock.bare.differs', { position })}
        autoComplete="off"
        spellCheck={false}
      />
      <Text size="sm" role="status" mih="1.4rem">
        {isSame && t('console.unblock.bare.same')}
      </Text>
      <TextInput
        id="serial-end"
        size="lg"
        label={t('console.unblock.bare.serialEnd')}
        description={t('console.unblock.bare.serialHint')}
        classNames={{ input: classes.codeInput as string, wrapper: classes.short as string }}
        value={call.serialEnd}
        maxLength={SERIAL_END}
        onChange={(event) => call.setSerialEnd(event.currentTarget.value.toUpperCase())}
        onKeyDown={onEnter(() => document.getElementById('cryptogram')?.focus())}
        autoComplete="off"
        spellCheck={false}
      />
    </Stack>
  )
}
