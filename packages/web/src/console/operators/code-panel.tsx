import { Button, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { groupCode, type SetUpCode } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { LocalTime } from '../../shared/local-time.tsx'

/** A fresh set-up code: shown once, to be passed on. */
export function CodePanel(props: { issued: SetUpCode; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const { code, expiresAt } = props.issued
  const copy = async () => {
    await navigator.clipboard.writeText(groupCode(code, 'set-up-code').join(' '))
    setCopied(true)
  }
  return (
    <Stack>
      <Text>
        {t('operators.code.lead', { name: props.name })} <LocalTime at={expiresAt} />.
      </Text>
      <CodeDisplay code={code} kind="set-up-code" label={t('operators.code.label')} size="small" />
      <Text>
        {t('operators.code.where')} <strong>{`${location.origin}/set-up`}</strong>
      </Text>
      <Button
        variant="default"
        leftSection={isCopied ? <IconCheck aria-hidden size={18} /> : <IconCopy aria-hidden size={18} />}
        onClick={() => void copy()}
      >
        {t(isCopied ? 'operators.code.copied' : 'operators.code.copy')}
      </Button>
      <Button onClick={props.onClose} data-autofocus>
        {t('operators.code.close')}
      </Button>
    </Stack>
  )
}
