import { Checkbox, TextInput } from '@mantine/core'
import type { IdentityProviderSettings } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { AuthorityField } from './authority-field.tsx'

const ISSUER = '(https://|http://(localhost|127\\.0\\.0\\.1)[:/])[^\\s?#]*'

/** Where people sign in, and what this program is called there. */
export function ProviderFields(props: {
  provider: IdentityProviderSettings
  onChange: (provider: IdentityProviderSettings) => void
}) {
  const { t } = useTranslation()
  const { provider } = props
  const change = (some: Partial<IdentityProviderSettings>) => props.onChange({ ...provider, ...some })
  const plain = { withAsterisk: false, autoComplete: 'off', spellCheck: false } as const
  return (
    <>
      <TextInput
        label={t('templates.connection.issuer')}
        description={t('templates.connection.issuerHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        type="url"
        pattern={ISSUER}
        title={t('templates.connection.issuerWrong')}
        value={provider.issuer}
        maxLength={500}
        required
        {...plain}
        onChange={(event) => change({ issuer: event.currentTarget.value })}
      />
      <AuthorityField value={provider.authority} onChange={(authority) => change({ authority })} />
      <TextInput
        label={t('templates.connection.clientId')}
        description={t('templates.connection.clientIdHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={provider.clientId}
        maxLength={300}
        required
        {...plain}
        onChange={(event) => change({ clientId: event.currentTarget.value })}
      />
      <Checkbox
        label={t('templates.connection.isOwnRoot')}
        description={t('templates.connection.isOwnRootHint')}
        checked={provider.isOwnRoot}
        onChange={(event) => change({ isOwnRoot: event.currentTarget.checked })}
      />
    </>
  )
}
