import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CardDetails } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { moveToVersion } from '../card-api.ts'
import { Dialog } from '../dialog.tsx'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { FaultList } from '../templates/fault-list.tsx'
import { useCardChange } from './use-card-change.ts'
import { VersionChanges } from './version-changes.tsx'

type Template = NonNullable<CardDetails['template']>

/** By which version of which template the card is served, and the move to the newest. */
export function VersionSection({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const { template } = card
  if (template === null) {
    return (
      <Section title={t('cards.page.templateTitle')}>
        <Text>{t('cards.page.noTemplate')}</Text>
      </Section>
    )
  }
  const { name, version, newestVersion: newest } = template
  const isOlder = version < newest
  return (
    <Section title={t('cards.page.templateTitle')}>
      <Stack gap="sm" align="start">
        <Text>
          {isOlder
            ? t('cards.page.versionOf', { name, version, newest })
            : t('cards.page.versionNewest', { name, version })}
        </Text>
        {may('template:read') && (
          <Anchor
            underline="always"
            renderRoot={(anchor) => (
              <Link {...anchor} to="/templates/card-templates/$templateId" params={{ templateId: template.id }} />
            )}
          >
            {t('cards.page.toTemplate')}
          </Anchor>
        )}
        {isOlder && card.state !== 'revoked' && may('card:move') && <MoveToNewest card={card} template={template} />}
      </Stack>
    </Section>
  )
}

/** Moves the card to the newest version, or says why it cannot be. */
function MoveToNewest({ card, template }: { card: CardDetails; template: Template }) {
  const { t } = useTranslation()
  const [isAsked, setAsked] = useState(false)
  const { newestVersion: version } = template
  const move = useCardChange(
    card.id,
    () => moveToVersion(card.id, version),
    () => setAsked(false),
  )
  if (template.isLocked) return <Text>{t('cards.version.locked')}</Text>
  if (template.newestDocument.family !== card.family) return <Text>{t('cards.version.family')}</Text>
  if (template.faults.length > 0) {
    return (
      <div>
        <Text>{t('cards.version.unusable')}</Text>
        <FaultList
          faults={template.faults}
          templateId={template.id}
          connectionId={template.newestDocument.connectionId}
        />
      </div>
    )
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {t('cards.version.move', { version })}
      </Button>
      <Dialog title={t('cards.version.ask', { version })} isOpen={isAsked} onClose={() => setAsked(false)}>
        <Stack>
          <Text fw={600}>{t('cards.version.changes')}</Text>
          <VersionChanges was={template.document} now={template.newestDocument} />
          <Text>{t('cards.version.stays')}</Text>
          {move.isError && <ProblemNotice problem={toFailure(move.error)} />}
          <Group justify="end">
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('cards.moves.cancel')}
            </Button>
            <Button loading={move.isPending} onClick={() => move.mutate(undefined)} data-autofocus>
              {t('cards.version.move', { version })}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}
