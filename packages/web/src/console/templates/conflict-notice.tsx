import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ConnectionView, TemplateView } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useTemplateWords } from './template-words.ts'
import styles from './templates.module.css'

/** Somebody else saved a version while this one was typed: what it has, and what is to become of what was typed. */
export function ConflictNotice(props: {
  base: TemplateView
  present: TemplateView
  connections: readonly ConnectionView[] | undefined
  onKeep: () => void
  onTake: () => void
}) {
  const { t } = useTranslation()
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.focus(), [])
  const wordsOf = useTemplateWords(props.connections)
  const { version } = props.present
  const before = wordsOf(props.base)
  const changed = wordsOf(props.present).filter(({ words }, i) => words !== before[i]?.words)
  return (
    <Alert
      ref={notice}
      tabIndex={-1}
      color="orange"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('templates.conflict.title', { version })}
      role="alert"
    >
      <Text inherit>{t('templates.conflict.lead')}</Text>
      <Text inherit mt="xs">
        {t(changed.length > 0 ? 'templates.conflict.differs' : 'templates.conflict.differsNot', { version })}
      </Text>
      <ul className={styles.faults}>
        {changed.map(({ title, words }) => (
          <li key={title}>
            {title}: <strong>{words}</strong>
          </li>
        ))}
      </ul>
      <Group mt="sm" gap="sm">
        <Button onClick={props.onKeep}>{t('templates.conflict.keep', { version })}</Button>
        <Button variant="default" onClick={props.onTake}>
          {t('templates.conflict.take', { version })}
        </Button>
      </Group>
    </Alert>
  )
}
