import { Button, CopyButton, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconEyeOff } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../../shared/code-display.tsx'
import classes from './unblock-page.module.css'
import type { Released } from './use-call.ts'
import { useTimeLeft } from './use-time-left.ts'

/** How long a cryptogram stands, and when its end is announced. */
const SHOWN_SECONDS = 240
const WARNED_SECONDS = 60

/** The cryptogram in groups with its spelling, what to say, and no longer than needed. */
export function CryptogramPanel(props: { released: Released; onAgain: () => void }) {
  const { t } = useTranslation()
  const { cryptogram } = props.released
  const { secondsLeft, extend, end } = useTimeLeft(SHOWN_SECONDS)
  const [screen, setScreen] = useState<'own' | 'windows'>('own')
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])

  if (secondsLeft === 0) {
    return (
      <Stack align="start" role="status">
        <Text>{t('console.unblock.cryptogram.hidden')}</Text>
        <Button variant="default" onClick={props.onAgain}>
          {t('console.unblock.cryptogram.newChallenge')}
        </Button>
      </Stack>
    )
  }
  const { bareHex } = cryptogram
  const hasTwoForms = bareHex !== null && cryptogram.kind === 'native-cryptogram'
  const isBare = cryptogram.kind === 'bare-cryptogram' || (hasTwoForms && screen === 'windows')
  const code = hasTwoForms && screen === 'windows' ? bareHex : cryptogram.code
  return (
    <Stack>
      {hasTwoForms && (
        <Group gap="sm">
          <Text id="which-screen">{t('console.unblock.cryptogram.whichScreen')}</Text>
          <SegmentedControl
            aria-labelledby="which-screen"
            value={screen}
            onChange={(next) => setScreen(next as 'own' | 'windows')}
            data={[
              { value: 'own', label: t('console.unblock.cryptogram.ownScreen') },
              { value: 'windows', label: t('console.unblock.cryptogram.windowsScreen') },
            ]}
          />
        </Group>
      )}
      <Text className={classes.script as string}>
        {t(isBare ? 'console.unblock.cryptogram.scriptBare' : 'console.unblock.cryptogram.script')}
      </Text>
      <section
        ref={panel}
        tabIndex={-1}
        aria-label={t('console.unblock.cryptogram.label')}
        className={classes.cryptogram}
      >
        <CodeDisplay
          code={code}
          kind={isBare ? 'bare-cryptogram' : cryptogram.kind}
          label={t('console.unblock.cryptogram.label')}
        />
      </section>
      <Group gap="sm">
        {navigator.clipboard !== undefined && (
          <CopyButton value={code}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck aria-hidden size={18} /> : <IconCopy aria-hidden size={18} />}
                onClick={copy}
              >
                {t(copied ? 'shared.copied' : 'shared.copy')}
              </Button>
            )}
          </CopyButton>
        )}
        <Button variant="default" leftSection={<IconEyeOff aria-hidden size={18} />} onClick={end}>
          {t('console.unblock.cryptogram.hideNow')}
        </Button>
        <Group gap="sm" role="alert">
          {secondsLeft <= WARNED_SECONDS && (
            <>
              {/* Announced once, in words that do not change each second. */}
              <Text fw={600}>{t('console.unblock.cryptogram.hidesIn', { seconds: WARNED_SECONDS })}</Text>
              <Button onClick={extend}>{t('console.unblock.cryptogram.keep')}</Button>
            </>
          )}
        </Group>
      </Group>
    </Stack>
  )
}
