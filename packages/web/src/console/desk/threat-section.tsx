import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DeskView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { callServer } from '../connection.ts'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'

/** Letters that a reason has at least. */
const SHORTEST_REASON = 3

/** One switch for everybody, for when somebody is at it. */
export function ThreatSection(props: { view: DeskView; onChanged: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const maySet = useMay()('threat:set')
  const [reason, setReason] = useState('')
  const [isTried, setTried] = useState(false)
  const { threat } = props.view.settings
  const isShort = reason.trim().length < SHORTEST_REASON
  const set = useMutation({
    mutationFn: () =>
      callServer({
        method: 'POST',
        path: '/api/threat-level',
        body: { isRaised: !threat.isRaised, reason: reason.trim() },
      }),
    onSuccess: () => {
      setReason('')
      setTried(false)
      void queries.invalidateQueries({ queryKey: ['status'] })
      props.onChanged()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isShort && !set.isPending) set.mutate()
  }
  return (
    <Section title={t('desk.threat.title')} lead={t('desk.threat.lead')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text fw={600} role="status">
            {t(threat.isRaised ? 'desk.threat.raised' : 'desk.threat.normal')}
            {threat.since !== null && (
              <Text span inherit fw={400}>
                {' · '}
                {threat.by}, <LocalTime at={threat.since} />: “{threat.reason}”
              </Text>
            )}
          </Text>
          {maySet && (
            <>
              <TextInput
                label={t('desk.threat.reason')}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                maxLength={300}
                autoComplete="off"
                error={isTried && isShort && t('desk.threat.reasonMissing')}
              />
              {set.isError && <ProblemNotice problem={toFailure(set.error)} />}
              <Group>
                <Button type="submit" color={threat.isRaised ? 'blue' : 'red'} loading={set.isPending}>
                  {t(threat.isRaised ? 'desk.threat.lower' : 'desk.threat.raise')}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </form>
    </Section>
  )
}
