import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './connections.module.css'

/** The certificate of an authority of one's own, as PEM; empty: the usual ones. */
export function AuthorityField(props: { value: string; onChange: (authority: string) => void }) {
  const { t } = useTranslation()
  return (
    <Textarea
      id="authority"
      label={t('templates.connection.authority')}
      description={t('templates.connection.authorityHint')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: styles.pem as string }}
      rows={3}
      value={props.value}
      maxLength={20_000}
      spellCheck={false}
      autoComplete="off"
      error={isPem(props.value) ? undefined : t('templates.connection.authorityWrong')}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

/** Nothing, or certificates between their lines. */
export const isPem = (authority: string) =>
  /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)*$/.test(authority.trim())
