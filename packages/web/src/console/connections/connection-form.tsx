import { Stack, TextInput } from '@mantine/core'
import { type ConnectionDetails, type ConnectionKind, DIRECTORY_PRESETS } from '@unlatch/contract'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../section.module.css'
import { Section } from '../section.tsx'
import { isPem } from './authority-field.tsx'
import { DirectoryFields } from './directory-fields.tsx'
import { FileFields, LetterFields, WebhookFields } from './export-fields.tsx'
import { PasswordField } from './password-field.tsx'
import { ProviderFields } from './provider-fields.tsx'
import { SmtpFields } from './smtp-fields.tsx'

/** A connection as it is to be; `secret` undefined leaves what is stored, empty takes it away. */
export interface ConnectionWish {
  readonly name: string
  readonly details: ConnectionDetails
  readonly secret: string | undefined
}

/** What a new connection of each kind begins with. */
export const NEW_DETAILS: Record<ConnectionKind, ConnectionDetails> = {
  smtp: {
    kind: 'smtp',
    smtp: { host: '', port: 465, security: 'implicit', authority: '', userName: '', from: '' },
  },
  letter: { kind: 'letter', letter: { folder: 'letters', envelope: 'window', sender: '', isCollected: false } },
  file: { kind: 'file', file: { folder: 'printing-house', publicKey: '' } },
  webhook: { kind: 'webhook', webhook: { url: 'https://', authority: '', isInternal: false } },
  'identity-provider': {
    kind: 'identity-provider',
    provider: { issuer: 'https://', clientId: '', authority: '', isOwnRoot: false },
  },
  directory: {
    kind: 'directory',
    directory: {
      urls: ['ldaps://'],
      authority: '',
      baseDn: '',
      bindDn: '',
      logonGroup: '',
      ...DIRECTORY_PRESETS.openldap,
    },
  },
}

/** All fields of a connection. */
export function ConnectionForm(props: {
  wish: ConnectionWish
  hasSecret: boolean
  isReadOnly: boolean
  isSaving: boolean
  /** Where the kind is chosen; absent on a connection that is there. */
  kindChoice?: ReactNode
  onChange: (wish: ConnectionWish) => void
  onSave: () => void
  actions: ReactNode
}) {
  const { t } = useTranslation()
  const { wish } = props
  const { kind } = wish.details
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isPem(authorityOf(wish.details))) return document.getElementById('authority')?.focus()
    if (!props.isSaving) props.onSave()
  }
  return (
    <Section title={t('templates.connection.settings')} lead={t(`templates.connection.leads.${kind}`)}>
      <form onSubmit={submit}>
        <fieldset disabled={props.isReadOnly} className={classes.fields}>
          {props.kindChoice}
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
          <DetailFields details={wish.details} onChange={(details) => props.onChange({ ...wish, details })} />
          {(kind === 'smtp' || kind === 'webhook' || kind === 'directory' || kind === 'identity-provider') && (
            <PasswordField
              key={kind}
              label={t(`templates.connection.secrets.${kind}`)}
              hasSecret={props.hasSecret}
              secret={wish.secret}
              isReadOnly={props.isReadOnly}
              onChange={(secret) => props.onChange({ ...wish, secret })}
            />
          )}
        </fieldset>
        {props.actions !== null && <Stack mt="md">{props.actions}</Stack>}
      </form>
    </Section>
  )
}

function DetailFields(props: { details: ConnectionDetails; onChange: (details: ConnectionDetails) => void }) {
  const { details, onChange } = props
  switch (details.kind) {
    case 'smtp':
      return (
        <SmtpFields
          smtp={details.smtp}
          onChange={(change) => onChange({ kind: 'smtp', smtp: { ...details.smtp, ...change } })}
        />
      )
    case 'letter':
      return <LetterFields letter={details.letter} onChange={(letter) => onChange({ kind: 'letter', letter })} />
    case 'file':
      return <FileFields file={details.file} onChange={(file) => onChange({ kind: 'file', file })} />
    case 'webhook':
      return <WebhookFields webhook={details.webhook} onChange={(webhook) => onChange({ kind: 'webhook', webhook })} />
    case 'directory':
      return (
        <DirectoryFields
          directory={details.directory}
          onChange={(directory) => onChange({ kind: 'directory', directory })}
        />
      )
    case 'identity-provider':
      return (
        <ProviderFields
          provider={details.provider}
          onChange={(provider) => onChange({ kind: 'identity-provider', provider })}
        />
      )
  }
}

/** The authority that a connection trusts; empty where it asks nobody. */
function authorityOf(details: ConnectionDetails): string {
  if (details.kind === 'smtp') return details.smtp.authority
  if (details.kind === 'directory') return details.directory.authority
  if (details.kind === 'identity-provider') return details.provider.authority
  return details.kind === 'webhook' ? details.webhook.authority : ''
}

/** What a connection is, of all that is known of it. */
export function detailsOf(connection: ConnectionDetails): ConnectionDetails {
  switch (connection.kind) {
    case 'smtp':
      return { kind: 'smtp', smtp: connection.smtp }
    case 'letter':
      return { kind: 'letter', letter: connection.letter }
    case 'file':
      return { kind: 'file', file: connection.file }
    case 'webhook':
      return { kind: 'webhook', webhook: connection.webhook }
    case 'directory':
      return { kind: 'directory', directory: connection.directory }
    case 'identity-provider':
      return { kind: 'identity-provider', provider: connection.provider }
  }
}

/** As it is sent: no blanks around what is compared, and no key for a secret that is left as it is. */
export function writeWish({ name, details, secret }: ConnectionWish) {
  const rest = { name: name.trim(), ...(secret !== undefined && { secret }) }
  if (details.kind === 'directory') {
    const { directory } = details
    const urls = directory.urls.map((url) => url.trim()).filter(Boolean)
    return {
      kind: 'directory' as const,
      directory: { ...directory, urls, authority: directory.authority.trim() },
      ...rest,
    }
  }
  if (details.kind === 'identity-provider') {
    const { issuer, clientId, authority, isOwnRoot } = details.provider
    const provider = { issuer: issuer.trim(), clientId: clientId.trim(), authority: authority.trim(), isOwnRoot }
    return { kind: 'identity-provider' as const, provider, ...rest }
  }
  if (details.kind !== 'smtp') return { ...details, ...rest }
  const { smtp } = details
  const trimmed = { ...smtp, host: smtp.host.trim(), from: smtp.from.trim(), authority: smtp.authority.trim() }
  return { kind: 'smtp' as const, smtp: trimmed, ...rest }
}
