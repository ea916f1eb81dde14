import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react'
import { type PinPolicy, type PinRule, rulesOf } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import classes from './unblock-screen.module.css'

/** The rules of a new PIN, ticked off while it is typed. */
export function PinRules(props: { policy: PinPolicy; broken: readonly (PinRule | 'same')[]; isMarked: boolean }) {
  const { t } = useTranslation()
  const { policy, broken } = props
  const words = (rule: PinRule | 'same') => {
    switch (rule) {
      case 'length':
        return t('unblockScreen.call.rule.length', { min: policy.minLength, max: policy.maxLength })
      case 'repeat':
        return t('unblockScreen.call.rule.repeat', { count: policy.longestRepeat })
      case 'sequence':
        return t('unblockScreen.call.rule.sequence', { count: policy.longestSequence })
      default:
        return t(`unblockScreen.call.rule.${rule}`)
    }
  }
  return (
    <div id="pin-rules">
      <Text fw={600}>{t('unblockScreen.call.rules')}</Text>
      <ul className={classes.rules}>
        {[...rulesOf(policy), 'same' as const].map((rule) => {
          const isMet = !broken.includes(rule)
          const Sign = isMet ? IconCheck : props.isMarked ? IconAlertTriangle : IconCircle
          return (
            <li key={rule} data-met={isMet || undefined}>
              <Sign aria-hidden size={22} className={classes.ruleSign} />
              <span>
                {words(rule)}
                <span className={classes.srOnly}>
                  , {t(isMet ? 'unblockScreen.call.ruleMet' : 'unblockScreen.call.ruleOpen')}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
