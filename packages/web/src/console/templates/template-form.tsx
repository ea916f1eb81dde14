import { Group, Stack, TextInput } from '@mantine/core'
import type { AddTemplate, ConnectionView, TemplateDocument } from '@unlatch/contract'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { CardSection } from './card-section.tsx'
import { Fields } from './fields.tsx'
import { PinSection } from './pin-section.tsx'
import { ProceduresSection } from './procedures-section.tsx'
import { PucSection } from './puc-section.tsx'
import { SelfServiceSection } from './self-service-section.tsx'
import { StandardSection } from './standard-section.tsx'
import { findFaults, findWrongLine, isRefused, LONGEST_LIST, PLACE_OF_FAULT } from './template-rules.ts'
import styles from './templates.module.css'
import { TravelSection } from './travel-section.tsx'
import { VerificationSection } from './verification-section.tsx'

/** All fields of a template; what is done with them stands at its end. */
export function TemplateForm(props: {
  wish: AddTemplate
  isReadOnly: boolean
  isSaving: boolean
  connections: readonly ConnectionView[] | undefined
  onChange: (wish: AddTemplate) => void
  onSave: (wish: AddTemplate) => void
  /** The buttons; null where nothing can be saved. */
  actions: ReactNode
}) {
  const { t } = useTranslation()
  const { wish, connections } = props
  const change = (next: Partial<TemplateDocument>) =>
    props.onChange({ ...wish, document: { ...wish.document, ...next } })
  const fields = { wish, isReadOnly: props.isReadOnly, connections, onChange: change }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const place = findObstacle(wish, connections)
    if (place !== undefined) return document.getElementById(place)?.focus()
    if (!props.isSaving) props.onSave(tidy(wish))
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Section name="name" title={t('templates.page.facts')}>
          <Fields isReadOnly={props.isReadOnly}>
            <TextInput
              label={t('templates.page.name')}
              description={t('templates.page.nameHint')}
              inputWrapperOrder={['label', 'input', 'description']}
              value={wish.name}
              maxLength={100}
              pattern=".*\S.*"
              required
              withAsterisk={false}
              autoComplete="off"
              onChange={(event) => props.onChange({ ...wish, name: event.currentTarget.value })}
            />
          </Fields>
        </Section>
        <CardSection {...fields} />
        <PinSection {...fields} />
        <PucSection {...fields} />
        <ProceduresSection {...fields} />
        <SelfServiceSection {...fields} />
        <VerificationSection {...fields} />
        <StandardSection {...fields} />
        <TravelSection {...fields} />
        {props.actions !== null && (
          <div className={styles.actions}>
            <Group gap="sm">{props.actions}</Group>
          </div>
        )}
      </Stack>
    </form>
  )
}

/** Where the first thing is that the page does not let through: an element to go to. */
function findObstacle(wish: AddTemplate, connections: readonly ConnectionView[] | undefined): string | undefined {
  const { blockList } = wish.document.pin
  if (findWrongLine(blockList) !== undefined || blockList.length > LONGEST_LIST) return 'block-list'
  const refused = findFaults(wish.document, connections).find(isRefused)
  return refused && PLACE_OF_FAULT[refused]
}

/** Blank lines of the list of PINs are no PINs. */
function tidy({ name, document }: AddTemplate): AddTemplate {
  const blockList = document.pin.blockList.map((line) => line.trim()).filter((line) => line !== '')
  return { name: name.trim(), document: { ...document, pin: { ...document.pin, blockList } } }
}
