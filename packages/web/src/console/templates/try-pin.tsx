import { Text, TextInput, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react'
import { findBrokenRules, PIN_RULES, type PinPolicy, type PinRule } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../../shared/on-enter.ts'
import classes from '../section.module.css'
import styles from './templates.module.css'

/** A PIN tried against the rules as they are typed, in this page alone: it is neither sent nor kept. */
export function TryPin({ policy }: { policy: PinPolicy }) {
  const { t } = useTranslation()
  const [tried, setTried] = useState('')
  const broken = findBrokenRules(policy, new TextEncoder().encode(tried))
  const verdict = broken.length === 0 ? 'templates.pin.tryAccepted' : 'templates.pin.tryRefused'
  return (
    <fieldset className={`${classes.fields} ${styles.try}`}>
      <Text component="legend" fw={600} p={0}>
        {t('templates.pin.tryTitle')}
      </Text>
      <TextInput
        label={t('templates.pin.try')}
        description={t('templates.pin.tryHint')}
        value={tried}
        maxLength={16}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        // Enter would save the template.
        onKeyDown={onEnter(() => undefined)}
        onChange={(event) => setTried(event.currentTarget.value)}
      />
      <ul aria-label={t('unblockScreen.call.rules')} className={classes.rules}>
        {PIN_RULES.map((rule) => (
          <Rule key={rule} rule={rule} policy={policy} isBroken={broken.includes(rule)} isMarked={tried !== ''} />
        ))}
      </ul>
      <Text role="status" fw={600} mih="1.5em">
        {tried !== '' && t(verdict)}
      </Text>
    </fieldset>
  )
}

/** A rule in the words that a cardholder reads. */
function Rule(props: { rule: PinRule; policy: PinPolicy; isBroken: boolean; isMarked: boolean }) {
  const { t } = useTranslation()
  const { rule, policy } = props
  const isMet = props.isMarked && !props.isBroken
  const Sign = isMet ? IconCheck : props.isMarked ? IconAlertTriangle : IconCircle
  const counts = {
    min: policy.minLength,
    max: policy.maxLength,
    count: rule === 'repeat' ? policy.longestRepeat : policy.longestSequence,
  }
  return (
    <li data-met={isMet || undefined}>
      <Sign aria-hidden size={18} className={classes.sign} />
      <span>
        {t(`unblockScreen.call.rule.${rule}`, counts)}
        <VisuallyHidden component="span">
          , {t(isMet ? 'unblockScreen.call.ruleMet' : 'unblockScreen.call.ruleOpen')}
        </VisuallyHidden>
      </span>
    </li>
  )
}
