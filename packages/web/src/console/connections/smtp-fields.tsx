import { Radio, Stack, TextInput } from '@mantine/core'
import type { SmtpSettings } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { AuthorityField } from './authority-field.tsx'

/** The port that goes with each way to TLS. [RFC 8314, 3] */
const USUAL_PORT = { implicit: 465, starttls: 587 } as const
const SECURITIES = ['implicit', 'starttls'] as const

/** The one address of a field, for the browser and for the words beside it. */
export const ADDRESS_PATTERN = '[^\\s<>@]+@[^\\s<>@]+'

/** A mail server. */
export function SmtpFields(props: SmtpFieldsProps) {
  return (
    <>
      <ServerFields {...props} />
      <SenderFields {...props} />
    </>
  )
}

interface SmtpFieldsProps {
  readonly smtp: SmtpSettings
  readonly onChange: (change: Partial<SmtpSettings>) => void
}

/** Which server, and how it proves who it is. */
function ServerFields({ smtp, onChange }: SmtpFieldsProps) {
  const { t } = useTranslation()
  const choose = (security: SmtpSettings['security']) =>
    onChange({ security, ...(smtp.port === USUAL_PORT[smtp.security] && { port: USUAL_PORT[security] }) })
  return (
    <>
      <TextInput
        label={t('templates.connection.host')}
        description={t('templates.connection.hostHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={smtp.host}
        maxLength={255}
        pattern="\S+"
        required
        withAsterisk={false}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange({ host: event.currentTarget.value })}
      />
      <Radio.Group
        label={t('templates.connection.security')}
        value={smtp.security}
        onChange={(next) => choose(next as SmtpSettings['security'])}
      >
        <Stack gap="xs">
          {SECURITIES.map((security) => (
            <Radio key={security} value={security} label={t(`templates.connection.securities.${security}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('templates.connection.port')}
        description={t('templates.connection.portHint', { port: USUAL_PORT[smtp.security] })}
        inputWrapperOrder={['label', 'input', 'description']}
        value={smtp.port === 0 ? '' : String(smtp.port)}
        inputMode="numeric"
        maxLength={5}
        pattern="[1-9][0-9]*"
        required
        withAsterisk={false}
        autoComplete="off"
        error={smtp.port > 65_535 ? t('templates.connection.portWrong') : undefined}
        onChange={(event) => onChange({ port: Number(event.currentTarget.value.replace(/\D/g, '')) })}
      />
      <AuthorityField value={smtp.authority} onChange={(authority) => onChange({ authority })} />
    </>
  )
}

/** Who sends, and who signs in there. */
function SenderFields({ smtp, onChange }: SmtpFieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <TextInput
        type="email"
        label={t('templates.connection.from')}
        description={t('templates.connection.fromHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={smtp.from}
        maxLength={320}
        pattern={ADDRESS_PATTERN}
        required
        withAsterisk={false}
        autoComplete="off"
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        label={t('templates.connection.userName')}
        description={t('templates.connection.userNameHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={smtp.userName}
        maxLength={320}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange({ userName: event.currentTarget.value })}
      />
    </>
  )
}
