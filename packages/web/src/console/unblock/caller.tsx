import { Group, Radio, Stack, Text } from '@mantine/core'
import type { PersonDetails } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../../shared/on-enter.ts'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import { Step } from '../steps/step.tsx'
import steps from '../steps/steps.module.css'
import classes from './unblock-page.module.css'

/** Step 1: who is calling, and which card it is about. */
export function Caller(props: {
  person: PersonDetails
  cardId: string | undefined
  /** While a cryptogram is out, its card stays. */
  isLocked: boolean
  onCard: (cardId: string) => void
  onEnter: (cardId: string) => void
}) {
  const { t } = useTranslation()
  const { person } = props
  const none = t('console.unblock.person.none')
  return (
    <Step number={1} title={t('console.unblock.person.title')}>
      <Group align="start" gap="xl">
        <div>
          <Text fw={600} size="lg">
            {person.name}
          </Text>
          <Text c="dimmed">{[person.userName, person.department].filter(Boolean).join(' · ')}</Text>
        </div>
        <dl className={classes.facts}>
          <dt>{t('console.unblock.person.phone')}</dt>
          <dd>{person.phone || none}</dd>
          <dt>{t('console.unblock.person.manager')}</dt>
          <dd>{person.manager || none}</dd>
          <dt>{t('console.unblock.person.email')}</dt>
          <dd>{person.email || none}</dd>
        </dl>
      </Group>
      {person.cards.length === 0 ? (
        <Text mt="sm">{t('console.unblock.person.noCards')}</Text>
      ) : (
        <Radio.Group
          mt="md"
          label={t('console.unblock.person.cards')}
          value={props.cardId ?? null}
          onChange={(id) => props.onCard(id as string)}
        >
          <Stack gap="xs" mt={4}>
            {person.cards.map((card) => (
              <Radio.Card
                key={card.id}
                value={card.id}
                className={steps.choice as string}
                disabled={props.isLocked && card.id !== props.cardId}
                onKeyDown={onEnter(() => props.onEnter(card.id))}
              >
                <Group gap="sm" wrap="nowrap" align="start">
                  <Radio.Indicator mt={3} />
                  <Group gap="xs">
                    <Text fw={600}>{card.label}</Text>
                    <Text c="dimmed">{t('console.unblock.card.serial', { serial: card.printedSerial })}</Text>
                    <CardStateBadge state={card.state} />
                  </Group>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
      )}
    </Step>
  )
}
