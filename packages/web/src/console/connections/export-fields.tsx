import { Checkbox, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import type { FileSettings, LetterSettings, WebhookSettings } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { AuthorityField } from './authority-field.tsx'
import styles from './connections.module.css'

const ENVELOPES = ['window', 'sealed'] as const

/** Letters for a print room. */
export function LetterFields(props: { letter: LetterSettings; onChange: (letter: LetterSettings) => void }) {
  const { t } = useTranslation()
  const { letter, onChange } = props
  return (
    <>
      <FolderField folder={letter.folder} onChange={(folder) => onChange({ ...letter, folder })} />
      <Radio.Group
        label={t('templates.connection.envelope')}
        value={letter.envelope}
        onChange={(next) => onChange({ ...letter, envelope: next as LetterSettings['envelope'] })}
      >
        <Stack gap="xs">
          {ENVELOPES.map((envelope) => (
            <Radio key={envelope} value={envelope} label={t(`templates.connection.envelopes.${envelope}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('templates.connection.sender')}
        description={t('templates.connection.senderHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={letter.sender}
        maxLength={120}
        autoComplete="off"
        onChange={(event) => onChange({ ...letter, sender: event.currentTarget.value })}
      />
      <Checkbox
        label={t('templates.connection.collected')}
        description={t('templates.connection.collectedHint')}
        checked={letter.isCollected}
        onChange={(event) => onChange({ ...letter, isCollected: event.currentTarget.checked })}
      />
    </>
  )
}

/** Files that a printing house alone can read. */
export function FileFields(props: { file: FileSettings; onChange: (file: FileSettings) => void }) {
  const { t } = useTranslation()
  const { file, onChange } = props
  return (
    <>
      <FolderField folder={file.folder} onChange={(folder) => onChange({ ...file, folder })} />
      <Textarea
        label={t('templates.connection.publicKey')}
        description={t('templates.connection.publicKeyHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        classNames={{ input: styles.pem as string }}
        rows={4}
        value={file.publicKey}
        maxLength={5000}
        required
        withAsterisk={false}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange({ ...file, publicKey: event.currentTarget.value })}
      />
    </>
  )
}

/** A service that is called over HTTPS. */
export function WebhookFields(props: { webhook: WebhookSettings; onChange: (webhook: WebhookSettings) => void }) {
  const { t } = useTranslation()
  const { webhook, onChange } = props
  return (
    <>
      <TextInput
        type="url"
        label={t('templates.connection.url')}
        description={t('templates.connection.urlHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={webhook.url}
        maxLength={2000}
        pattern="https://.+"
        required
        withAsterisk={false}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange({ ...webhook, url: event.currentTarget.value.trim() })}
      />
      <Checkbox
        label={t('templates.connection.isInternal')}
        description={t('templates.connection.isInternalHint')}
        checked={webhook.isInternal}
        onChange={(event) => onChange({ ...webhook, isInternal: event.currentTarget.checked })}
      />
      <AuthorityField value={webhook.authority} onChange={(authority) => onChange({ ...webhook, authority })} />
    </>
  )
}

function FolderField(props: { folder: string; onChange: (folder: string) => void }) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('templates.connection.folder')}
      description={t('templates.connection.folderHint')}
      inputWrapperOrder={['label', 'input', 'description']}
      value={props.folder}
      maxLength={60}
      pattern="[a-z0-9][a-z0-9\\-]*"
      required
      withAsterisk={false}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}
