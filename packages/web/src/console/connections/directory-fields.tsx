import { Button, Group, NativeSelect, Text, Textarea, TextInput } from '@mantine/core'
import { DIRECTORY_PRESETS, type DirectorySettings, PERSON_FIELDS } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../section.module.css'
import { AuthorityField } from './authority-field.tsx'

const PRESETS = ['openldap', 'active-directory'] as const
const ENTRIES = ['entryUUID', 'objectGUID'] as const

/** A directory: where it is, who signs in, who is a person there, and what the facts are called. */
export function DirectoryFields(props: {
  directory: DirectorySettings
  onChange: (directory: DirectorySettings) => void
}) {
  const { t } = useTranslation()
  const { directory } = props
  const change = (next: Partial<DirectorySettings>) => props.onChange({ ...directory, ...next })
  const isWrong = directory.urls.some((url) => url.trim() !== '' && !/^ldaps?:\/\/[^\s/?#@]+$/.test(url.trim()))
  const plain = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, withAsterisk: false } as const
  return (
    <>
      <Textarea
        label={t('templates.connection.urls')}
        description={t('templates.connection.urlsHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        rows={2}
        value={directory.urls.join('\n')}
        required
        {...plain}
        error={isWrong && directory.urls.join('') !== 'ldaps://' ? t('templates.connection.urlsWrong') : undefined}
        onChange={(event) => change({ urls: event.currentTarget.value.split('\n') })}
      />
      <AuthorityField value={directory.authority} onChange={(authority) => change({ authority })} />
      <TextInput
        label={t('templates.connection.bindDn')}
        description={t('templates.connection.bindDnHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={directory.bindDn}
        maxLength={1000}
        required
        {...plain}
        onChange={(event) => change({ bindDn: event.currentTarget.value })}
      />
      <TextInput
        label={t('templates.connection.baseDn')}
        description={t('templates.connection.baseDnHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={directory.baseDn}
        maxLength={1000}
        required
        {...plain}
        onChange={(event) => change({ baseDn: event.currentTarget.value })}
      />
      <TextInput
        label={t('templates.connection.logonGroup')}
        description={t('templates.connection.logonGroupHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={directory.logonGroup}
        maxLength={1000}
        {...plain}
        onChange={(event) => change({ logonGroup: event.currentTarget.value })}
      />
      <Preset onChoose={change} />
      <TextInput
        label={t('templates.connection.filter')}
        description={t('templates.connection.filterHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={directory.filter}
        maxLength={1000}
        pattern="\(.+\)"
        required
        {...plain}
        onChange={(event) => change({ filter: event.currentTarget.value })}
      />
      <Attributes attributes={directory.attributes} onChange={(attributes) => change({ attributes })} />
    </>
  )
}

/** What is usual for a make; each value can be changed afterwards. */
function Preset(props: { onChoose: (values: (typeof DIRECTORY_PRESETS)[keyof typeof DIRECTORY_PRESETS]) => void }) {
  const { t } = useTranslation()
  const [preset, setPreset] = useState<(typeof PRESETS)[number]>('openldap')
  return (
    <Group align="end" gap="sm">
      <NativeSelect
        label={t('templates.connection.preset')}
        value={preset}
        onChange={({ currentTarget: { value } }) => setPreset(PRESETS.find((one) => one === value) ?? 'openldap')}
      >
        {PRESETS.map((name) => (
          <option key={name} value={name}>
            {t(`templates.connection.presets.${name}`)}
          </option>
        ))}
      </NativeSelect>
      <Button variant="default" onClick={() => props.onChoose(DIRECTORY_PRESETS[preset])}>
        {t('templates.connection.presetSet')}
      </Button>
      <Text size="sm" c="dimmed">
        {t('templates.connection.presetHint')}
      </Text>
    </Group>
  )
}

function Attributes(props: {
  attributes: DirectorySettings['attributes']
  onChange: (attributes: DirectorySettings['attributes']) => void
}) {
  const { t } = useTranslation()
  const { attributes } = props
  return (
    <fieldset className={classes.fields}>
      <Text component="legend" fw={500} size="sm" p={0}>
        {t('templates.connection.attributes')}
      </Text>
      <Text size="sm" c="dimmed">
        {t('templates.connection.attributesHint')}
      </Text>
      {PERSON_FIELDS.map((field) => (
        <TextInput
          key={field}
          label={t(`templates.connection.attributeNames.${field}`)}
          value={attributes[field]}
          maxLength={60}
          pattern="[A-Za-z][A-Za-z0-9\-]*"
          required={field === 'name' || field === 'userName'}
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => props.onChange({ ...attributes, [field]: event.currentTarget.value })}
        />
      ))}
      <NativeSelect
        label={t('templates.connection.entryAttribute')}
        description={t('templates.connection.entryAttributeHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={attributes.entry}
        onChange={({ currentTarget: { value } }) =>
          props.onChange({ ...attributes, entry: ENTRIES.find((one) => one === value) ?? 'entryUUID' })
        }
      >
        {ENTRIES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </NativeSelect>
    </fieldset>
  )
}
