import { Group, Radio, Text } from '@mantine/core'
import { type PersonDetails, VERIFICATION_WAYS, type VerificationWay } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../../shared/on-enter.ts'
import { Step } from '../steps/step.tsx'
import steps from '../steps/steps.module.css'
import classes from './unblock-page.module.css'

/** What the step knows of the unblock that it belongs to. */
interface Verified {
  readonly verification: VerificationWay | undefined
  readonly setVerification: (way: VerificationWay) => void
  /** Something was released: what was chosen stays. */
  readonly isLocked: boolean
}

/** A mandatory choice of how the caller was verified, never free text. */
export function VerificationStep(props: {
  number: number
  person: PersonDetails
  call: Verified
  /** What comes after it: Enter leads there. */
  nextId: string
}) {
  const { t } = useTranslation()
  const { person, call } = props
  const missing = (way: VerificationWay): string | undefined => {
    if (way === 'call-back' && person.phone === '') return t('console.unblock.verification.phoneMissing')
    if (way === 'manager-confirmed' && person.manager === '') return t('console.unblock.verification.managerMissing')
    return undefined
  }
  return (
    <Step number={props.number} title={t('console.unblock.verification.title')}>
      <Radio.Group
        id="verification"
        label={t('console.unblock.verification.legend')}
        description={t('console.unblock.verification.never')}
        value={call.verification ?? null}
        onChange={(way) => call.setVerification(way as VerificationWay)}
        required
        withAsterisk={false}
      >
        <div className={classes.ways}>
          {VERIFICATION_WAYS.map((way) => (
            <Radio.Card
              key={way}
              value={way}
              className={steps.choice as string}
              disabled={missing(way) !== undefined || call.isLocked}
              data-disabled={missing(way) !== undefined || undefined}
              // Enter says yes to a radio that has the focus, and moves on.
              onKeyDown={onEnter(() => {
                call.setVerification(way)
                document.getElementById(props.nextId)?.focus()
              })}
            >
              <Group gap="sm" wrap="nowrap" align="start">
                <Radio.Indicator mt={3} />
                <div>
                  <Text {...(missing(way) === undefined ? { fw: 600 } : { c: 'dimmed' })}>
                    {t(`console.unblock.verification.ways.${way}.label`)}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {missing(way) ??
                      t(`console.unblock.verification.ways.${way}.hint`, {
                        phone: person.phone,
                        manager: person.manager,
                      })}
                  </Text>
                </div>
              </Group>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </Step>
  )
}
