import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Deed, IncidentView } from '@unlatch/contract'
import type { Messages } from '@unlatch/contract/messages'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readDeeds } from '../incident-api.ts'
import { useWhy } from '../notices/use-why.ts'
import classes from '../section.module.css'
import { Section } from '../section.tsx'

/** What the operator of an incident did in the day around it, out of the log. */
export function DeedsSection({ incident }: { incident: IncidentView }) {
  const { t } = useTranslation()
  const { id, operatorId, operatorName } = incident
  const found = useInfiniteQuery({
    queryKey: ['incident-deeds', id],
    queryFn: ({ pageParam, signal }) => readDeeds(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: operatorId !== null,
  })
  const deeds = found.data?.pages.flatMap((page) => page.deeds)
  if (operatorId === null) return <Text c="dimmed">{t('incidents.deeds.noOperator')}</Text>
  return (
    <Section title={t('incidents.deeds.title', { name: operatorName })} lead={t('incidents.deeds.lead')}>
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('incidents.deeds.loading')}</SlowWords>}
      {deeds?.length === 0 && <Text c="dimmed">{t('incidents.deeds.none')}</Text>}
      {deeds !== undefined && deeds.length > 0 && (
        <Stack gap="sm">
          <ol className={classes.rows} aria-label={t('incidents.deeds.list')}>
            {deeds.map((deed) => (
              <DeedRow key={deed.id} deed={deed} />
            ))}
          </ol>
          {found.hasNextPage && (
            <div>
              <Button
                variant="default"
                size="sm"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {t('incidents.deeds.more')}
              </Button>
            </div>
          )}
        </Stack>
      )}
    </Section>
  )
}

function DeedRow({ deed }: { deed: Deed }) {
  const { t, i18n } = useTranslation()
  const why = useWhy()
  const { at, operation, outcome, problem, cardId, printedSerial, personName } = deed
  // A dot would lead into the catalogue.
  const name = operation.replace('.', '-') as keyof Messages['incidents']['deeds']['names']
  return (
    <li>
      <div className={classes.what}>
        <Group gap="xs">
          <Text fw={600}>
            {i18n.exists(`incidents.deeds.names.${name}`) ? t(`incidents.deeds.names.${name}`) : operation}
          </Text>
          {outcome !== 'done' && (
            <Badge variant="light" color="orange" tt="none" radius="sm">
              {t(`incidents.deeds.${outcome}`)}
            </Badge>
          )}
        </Group>
        {cardId !== null && (
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(anchor) => <Link {...anchor} to="/lifecycle/cards/$cardId" params={{ cardId }} />}
          >
            {t('incidents.deeds.about', { name: personName ?? '', serial: printedSerial ?? '' })}
          </Anchor>
        )}
        {problem !== null && <Text size="sm">{why(problem)}</Text>}
      </div>
      <Text size="sm" c="dimmed">
        <LocalTime at={at} />
      </Text>
    </li>
  )
}
