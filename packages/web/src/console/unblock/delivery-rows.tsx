import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type DeliveryView, isProblemCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import classes from '../section.module.css'
import { useMay } from '../sign-in/session-gate.tsx'
import { readDeliveries, retryDelivery } from '../template-api.ts'

/** How often a delivery that is under way is looked at. */
const LOOK_MS = 3000

/** The last deliveries of a card's PUC. */
export function DeliveryRows({ cardId }: { cardId: string }) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['deliveries', cardId],
    queryFn: () => readDeliveries(cardId),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some((delivery) => delivery.state === 'sending') ? LOOK_MS : false,
  })
  const deliveries = found.data?.deliveries
  return (
    <Stack gap="xs" mt="sm">
      {found.isError && <ProblemNotice problem={toFailure(found.error)} />}
      {found.isPending && <SlowWords>{t('templates.cardPuc.loading')}</SlowWords>}
      {deliveries?.length === 0 && <Text c="dimmed">{t('templates.cardPuc.none')}</Text>}
      {deliveries !== undefined && deliveries.length > 0 && (
        <ul className={classes.rows} aria-label={t('templates.cardPuc.deliveries')}>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      )}
    </Stack>
  )
}

const LOOKS = {
  queued: { colour: 'blue', Sign: IconClock },
  sending: { colour: 'blue', Sign: IconSend },
  delivered: { colour: 'green', Sign: IconCheck },
  failed: { colour: 'red', Sign: IconAlertTriangle },
  void: { colour: 'gray', Sign: IconBan },
} as const satisfies Record<DeliveryView['state'], { colour: string; Sign: typeof IconCheck }>

function DeliveryRow({ delivery }: { delivery: DeliveryView }) {
  const { t } = useTranslation()
  const { state, connectionName, attempts, createdAt, deliveredAt, nextAt, problem } = delivery
  const { colour, Sign } = LOOKS[state]
  return (
    <li>
      <div className={classes.what}>
        <Group gap="xs">
          <Badge variant="light" color={colour} tt="none" radius="sm" leftSection={<Sign aria-hidden size={14} />}>
            {t(`templates.cardPuc.states.${state}`)}
          </Badge>
          <Text size="sm">
            <LocalTime at={deliveredAt ?? createdAt} />
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {t('templates.cardPuc.by', { name: connectionName })} · {t('templates.cardPuc.tries', { count: attempts })}
        </Text>
        {state === 'void' && <Text size="sm">{t('templates.cardPuc.voidWhy')}</Text>}
        {problem !== null && state !== 'delivered' && <Trouble problem={problem} />}
        {nextAt !== null && (
          <Text size="sm">
            {t('templates.cardPuc.nextTry')}: <LocalTime at={nextAt} />
          </Text>
        )}
        <SendAgain delivery={delivery} />
      </div>
    </li>
  )
}

/** What went wrong last, what to do, and what the other side said. */
function Trouble({ problem }: { problem: NonNullable<DeliveryView['problem']> }) {
  const { t } = useTranslation()
  const { code, detail } = problem
  return (
    <>
      <Text size="sm">
        {isProblemCode(code)
          ? `${t(`problems.${code}.happened`)} ${t(`problems.${code}.now`)}`
          : t('shared.errorCode', { code })}
      </Text>
      {detail !== '' && (
        <Text size="sm" className={classes.quote as string}>
          {t('templates.connection.said', { detail })}
        </Text>
      )}
    </>
  )
}

/** Tries a delivery again, now; where it is not over. */
function SendAgain({ delivery }: { delivery: DeliveryView }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const may = useMay()
  const { id, cardId, state, connectionName } = delivery
  const again = useMutation({
    mutationFn: () => retryDelivery(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries', cardId] }),
  })
  const isOpen = state === 'queued' || state === 'failed'
  return (
    <>
      {again.isError && <ProblemNotice problem={toFailure(again.error)} />}
      <Text size="sm" role="status">
        {again.isSuccess && t('templates.cardPuc.sent')}
      </Text>
      {isOpen && may('puc:deliver') && (
        <Button
          mt={4}
          size="xs"
          variant="default"
          leftSection={<IconSend aria-hidden size={16} />}
          aria-label={t('templates.cardPuc.againNamed', { name: connectionName })}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {t('templates.cardPuc.again')}
        </Button>
      )}
    </>
  )
}
