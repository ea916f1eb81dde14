import { Text } from '@mantine/core'
import type { PersonSummary } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CardStateBadge } from '../cards/card-state-badge.tsx'
import classes from './person-search.module.css'

/** One person of the list: name, user name, department, and the cards by which to tell namesakes apart. */
export function PersonOption(props: { id: string; person: PersonSummary; isActive: boolean; onChoose: () => void }) {
  const { t } = useTranslation()
  const { person, isActive } = props
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isActive) line.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  return (
    // The field keeps the focus and moves the active option; a pointer may choose directly.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the combobox's
    <div
      ref={line}
      id={props.id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={classes.option}
      onClick={props.onChoose}
    >
      <div className={classes.who}>
        <Text fw={600}>{person.name}</Text>
        <Text size="sm" c="dimmed">
          {[person.userName, person.department].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <div className={classes.cards}>
        {person.cards.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('console.unblock.search.noCards')}
          </Text>
        )}
        {person.cards.map((card) => (
          <span key={card.id} className={classes.card}>
            <Text size="sm" span>
              {card.label} · {card.printedSerial}
            </Text>
            <CardStateBadge state={card.state} />
          </span>
        ))}
      </div>
    </div>
  )
}
