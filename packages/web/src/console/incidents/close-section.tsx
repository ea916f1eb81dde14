import { Button, Checkbox, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { DOCUMENT_KINDS, type DocumentKind, type IncidentView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { closeIncident } from '../incident-api.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

/** States in which a card serves nobody any more: nothing is lifted. */
const OUT_OF_USE: readonly string[] = ['revoked', 'retired']

/** How an incident is closed: with the holder seen in person, or once the card is out of use. */
export function CloseSection({ incident, onClosed }: { incident: IncidentView; onClosed: () => void }) {
  const { t } = useTranslation()
  const isOut = OUT_OF_USE.includes(incident.cardNow)
  const { obstacle } = incident
  return (
    <Section title={t('incidents.close.title')} lead={t(isOut ? 'incidents.close.leadOut' : 'incidents.close.lead')}>
      {obstacle !== null ? (
        <ProblemNotice problem={obstacle} tone="orange" isAnnounced={false} />
      ) : (
        <CloseForm incidentId={incident.id} isOut={isOut} onClosed={onClosed} />
      )}
    </Section>
  )
}

function CloseForm(props: { incidentId: string; isOut: boolean; onClosed: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { incidentId, isOut } = props
  const [document, setDocument] = useState<DocumentKind | ''>('')
  const [isSameFace, setSameFace] = useState(false)
  const [note, setNote] = useState('')
  const [isTried, setTried] = useState(false)
  const close = useMutation({
    mutationFn: closeIncident,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      props.onClosed()
    },
  })
  const isWhole = note.trim() !== '' && (isOut || (document !== '' && isSameFace))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isWhole || close.isPending) return
    const seen = isOut ? null : { document: document as DocumentKind, isSameFace: true as const }
    close.mutate({ incidentId, note: note.trim(), seen })
  }
  return (
    <form onSubmit={submit}>
      <Stack className={classes.narrow as string}>
        {!isOut && (
          <>
            <NativeSelect
              label={t('incidents.close.document')}
              value={document}
              onChange={(event) => setDocument(event.currentTarget.value as DocumentKind | '')}
              data={[
                { value: '', label: t('incidents.close.chooseDocument') },
                ...DOCUMENT_KINDS.map((kind) => ({ value: kind, label: t(`verification.documents.${kind}`) })),
              ]}
            />
            <Checkbox
              label={t('incidents.close.face')}
              checked={isSameFace}
              onChange={(event) => setSameFace(event.currentTarget.checked)}
            />
          </>
        )}
        <Textarea
          label={t('incidents.close.note')}
          description={t('incidents.close.noteHint')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
          minRows={3}
          autosize={false}
        />
        {!isOut && <Text size="sm">{t('incidents.close.revokeInstead')}</Text>}
        <Text role="alert" c="red" size="sm">
          {isTried && !isWhole && t(isOut ? 'incidents.close.incompleteNote' : 'incidents.close.incomplete')}
        </Text>
        {close.isError && <ProblemNotice problem={toFailure(close.error)} />}
        <div>
          <Button type="submit" loading={close.isPending}>
            {t(isOut ? 'incidents.close.only' : 'incidents.close.lift')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
