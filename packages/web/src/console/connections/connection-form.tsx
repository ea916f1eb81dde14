import { Radio, Stack, Textarea, TextInput } from '@mantine/core'
import type { SmtpSettings } from '@unlatch/contract'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import styles from './connections.module.css'
import { PasswordField } from './password-field.tsx'

/** A connection as it is to be; `secret` undefined leaves what is stored, empty takes it away. */
export interface ConnectionWish {
  readonly name: string
  readonly smtp: SmtpSettings
  readonly secret: string | undefined
}

/** The port that goes with each way to TLS. [RFC 8314, 3] */
const USUAL_PORT = { implicit: 465, starttls: 587 } as const
const SECURITIES = ['implicit', 'starttls'] as const

/** What a new connection begins with. */
export const NEW_CONNECTION: ConnectionWish = {
  name: '',
  smtp: { host: '', port: USUAL_PORT.implicit, security: 'implicit', authority: '', userName: '', from: '' },
  secret: undefined,
}

/** The one address of a field, for the browser and for the words beside it. */
export const ADDRESS_PATTERN = '[^\\s<>@]+@[^\\s<>@]+'

/** All fields of a connection that sends e-mail. */
export function ConnectionForm(props: {
  wish: ConnectionWish
  hasSecret: boolean
  isReadOnly: boolean
  isSaving: boolean
  onChange: (wish: ConnectionWish) => void
  onSave: () => void
  actions: ReactNode
}) {
  const { t } = useTranslation()
  const { wish } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isPem(wish.smtp.authority)) return document.getElementById('authority')?.focus()
    if (!props.isSaving) props.onSave()
  }
  const change = (smtp: Partial<SmtpSettings>) => props.onChange({ ...wish, smtp: { ...wish.smtp, ...smtp } })
  return (
    <Section title={t('templates.connection.settings')} lead={t('templates.connection.settingsLead')}>
      <form onSubmit={submit}>
        <fieldset disabled={props.isReadOnly} className={classes.fields}>
          <TextInput
            label={t('templates.connection.name')}
            description={t('templates.connection.nameHint')}
            inputWrapperOrder={['label', 'input', 'description']}
            value={wish.name}
            maxLength={100}
            pattern=".*\S.*"
            required
            withAsterisk={false}
            autoComplete="off"
            onChange={(event) => props.onChange({ ...wish, name: event.currentTarget.value })}
          />
          <ServerFields smtp={wish.smtp} onChange={change} />
          <SenderFields smtp={wish.smtp} onChange={change} />
          <PasswordField
            hasSecret={props.hasSecret}
            secret={wish.secret}
            isReadOnly={props.isReadOnly}
            onChange={(secret) => props.onChange({ ...wish, secret })}
          />
        </fieldset>
        {props.actions !== null && <Stack mt="md">{props.actions}</Stack>}
      </form>
    </Section>
  )
}

interface SmtpFields {
  readonly smtp: SmtpSettings
  readonly onChange: (change: Partial<SmtpSettings>) => void
}

/** Which server, and how it proves who it is. */
function ServerFields({ smtp, onChange }: SmtpFields) {
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
      <Textarea
        id="authority"
        label={t('templates.connection.authority')}
        description={t('templates.connection.authorityHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        classNames={{ input: styles.pem as string }}
        rows={3}
        value={smtp.authority}
        maxLength={20_000}
        spellCheck={false}
        autoComplete="off"
        error={isPem(smtp.authority) ? undefined : t('templates.connection.authorityWrong')}
        onChange={(event) => onChange({ authority: event.currentTarget.value })}
      />
    </>
  )
}

/** Who sends, and who signs in there. */
function SenderFields({ smtp, onChange }: SmtpFields) {
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

/** Nothing, or certificates between their lines. */
const isPem = (authority: string) =>
  /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)*$/.test(authority.trim())
