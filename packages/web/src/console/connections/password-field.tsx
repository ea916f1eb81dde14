import { Button, PasswordInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../section.module.css'
import styles from './connections.module.css'

/** The secret of a connection: written and never read. It can be left, replaced, or taken away. */
export function PasswordField(props: {
  label: string
  hasSecret: boolean
  /** Undefined leaves what is stored, empty takes it away. */
  secret: string | undefined
  isReadOnly: boolean
  onChange: (secret: string | undefined) => void
}) {
  const { t } = useTranslation()
  const { hasSecret, secret } = props
  const [isTyping, setTyping] = useState(false)
  if (isTyping) {
    return (
      <div>
        <PasswordInput
          label={props.label}
          value={secret ?? ''}
          maxLength={1000}
          autoComplete="off"
          autoFocus
          visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
          onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
        />
        <Button
          mt="xs"
          size="xs"
          variant="default"
          onClick={() => {
            setTyping(false)
            props.onChange(undefined)
          }}
        >
          {t('templates.connection.passwordKeep')}
        </Button>
      </div>
    )
  }
  const words = secret === '' ? 'passwordRemoved' : hasSecret ? 'passwordStored' : 'passwordNone'
  return (
    <fieldset className={classes.fields}>
      <Text component="legend" fw={500} size="sm" p={0}>
        {props.label}
      </Text>
      <div className={styles.password}>
        <Text role="status">{t(`templates.connection.${words}`)}</Text>
        {!props.isReadOnly && secret !== '' && (
          <Button size="xs" variant="default" onClick={() => setTyping(true)}>
            {t(hasSecret ? 'templates.connection.passwordReplace' : 'templates.connection.passwordEnter')}
          </Button>
        )}
        {!props.isReadOnly && hasSecret && (
          <Button size="xs" variant="default" onClick={() => props.onChange(secret === '' ? undefined : '')}>
            {t(secret === '' ? 'templates.connection.passwordKeep' : 'templates.connection.passwordRemove')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
