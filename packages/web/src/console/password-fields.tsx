import { PasswordInput, Stack, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCircle } from '@tabler/icons-react'
import { findPasswordFaults, PASSWORD_RULES } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import classes from './section.module.css'

/** A new password, twice, with the rules ticked off while it is typed. */
export function PasswordFields(props: {
  labels: { password: string; again: string }
  operator: { name: string; userName: string }
  password: string
  again: string
  onPassword: (password: string) => void
  onAgain: (again: string) => void
}) {
  const { t } = useTranslation()
  const broken = findPasswordFaults(props.password, props.operator)
  const isDifferent = props.again !== '' && !props.password.startsWith(props.again)
  return (
    <Stack gap="sm">
      <PasswordInput
        id="new-password"
        label={props.labels.password}
        value={props.password}
        onChange={(event) => props.onPassword(event.currentTarget.value)}
        autoComplete="new-password"
        aria-describedby="password-rules"
        visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
      />
      <ul id="password-rules" aria-label={t('operators.passwordRules.label')} className={classes.rules}>
        {PASSWORD_RULES.map((rule) => {
          const isMet = props.password !== '' && !broken.includes(rule)
          const Sign = isMet ? IconCheck : IconCircle
          return (
            <li key={rule} data-met={isMet || undefined}>
              <Sign aria-hidden size={18} className={classes.sign} />
              <span>
                {t(`operators.passwordRules.${rule}`)}
                <VisuallyHidden component="span">
                  , {t(isMet ? 'operators.passwordRules.kept' : 'operators.passwordRules.broken')}
                </VisuallyHidden>
              </span>
            </li>
          )
        })}
      </ul>
      <PasswordInput
        id="new-password-again"
        label={props.labels.again}
        value={props.again}
        onChange={(event) => props.onAgain(event.currentTarget.value)}
        autoComplete="new-password"
        error={isDifferent ? t('operators.setUp.differs') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('shared.show') }}
      />
    </Stack>
  )
}

/** What keeps a new password from being sent: the id of the field to go to; undefined when it is good. */
export function findPasswordField(
  password: string,
  again: string,
  operator: { name: string; userName: string },
): 'new-password' | 'new-password-again' | undefined {
  if (findPasswordFaults(password, operator).length > 0) return 'new-password'
  return password === again ? undefined : 'new-password-again'
}
