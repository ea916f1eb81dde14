import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type AddPerson, LANGUAGES } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { nameLanguage } from '../../shared/language-switch.tsx'

/** What is on record about a person, in order; longest lengths as the server takes them. */
const FIELDS = [
  { field: 'name', length: 200, isNeeded: true, pattern: '.*\\S.*' },
  { field: 'userName', length: 200, isNeeded: true, pattern: '\\S+' },
  { field: 'department', length: 200, isNeeded: false },
  { field: 'phone', length: 60, isNeeded: false },
  { field: 'email', length: 320, isNeeded: false },
  { field: 'secondEmail', length: 320, isNeeded: false },
  { field: 'manager', length: 200, isNeeded: false },
] as const

/** The fields of a person: the number and the manager are what a caller is verified by later. */
export function PersonFields(props: { person: AddPerson; onChange: (person: AddPerson) => void }) {
  const { t, i18n } = useTranslation()
  const { person } = props
  const inputs = FIELDS.map(({ field, length, isNeeded, ...more }, index) => (
    <TextInput
      key={field}
      label={t(`console.people.add.${field}`)}
      description={t(`console.people.add.${field}Hint`)}
      inputWrapperOrder={['label', 'input', 'description']}
      value={person[field]}
      onChange={(event) => props.onChange({ ...person, [field]: event.currentTarget.value })}
      maxLength={length}
      required={isNeeded}
      withAsterisk={false}
      autoComplete="off"
      data-autofocus={index === 0 || undefined}
      {...more}
    />
  ))
  return (
    <>
      {inputs}
      <NativeSelect
        label={t('console.people.add.language')}
        description={t('console.people.add.languageHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        value={person.language}
        onChange={(event) =>
          props.onChange({ ...person, language: event.currentTarget.value as AddPerson['language'] })
        }
        data={[
          { value: '', label: t('console.people.add.languageOwn') },
          ...LANGUAGES.map((language) => ({ value: language, label: nameLanguage(language, i18n.language) })),
        ]}
      />
      <Checkbox
        label={t('console.people.add.isSensitive')}
        description={t('console.people.add.isSensitiveHint')}
        checked={person.isSensitive}
        onChange={(event) => props.onChange({ ...person, isSensitive: event.currentTarget.checked })}
      />
    </>
  )
}
