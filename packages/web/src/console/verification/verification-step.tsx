import { Alert, Group, Radio, Stack, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import type { PersonDetails, ProblemCode, VerificationView, VerificationWay, WayOffer } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { LocalTime } from '../../shared/local-time.tsx'
import { onEnter } from '../../shared/on-enter.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { Step } from '../steps/step.tsx'
import steps from '../steps/steps.module.css'
import { Standings } from './standings.tsx'
import type { VerificationState } from './use-verification.ts'
import classes from './verification.module.css'
import { PANEL_ID, WayPanel } from './way-panel.tsx'

/** Who is calling, and how do we know: by the ways that the card's template admits, never by what somebody knows. */
export function VerificationStep(props: {
  number: number
  person: PersonDetails
  verification: VerificationState
  /** Something was released: what was done stays. */
  isLocked: boolean
  /** What comes after it. */
  nextId: string
  /** It takes the focus once it can: the first way, or what comes next where the caller is verified. */
  wantsFocus?: boolean
  onFocused?: () => void
}) {
  const { t } = useTranslation()
  const { verification, wantsFocus = false, onFocused, nextId } = props
  const { view, query, isMet } = verification
  const isThere = view !== undefined
  useEffect(() => {
    if (!wantsFocus || !isThere) return
    const first = document.querySelector<HTMLElement>('#verification [role=radio]:not([disabled])')
    ;(first ?? document.getElementById(nextId))?.focus()
    onFocused?.()
  }, [wantsFocus, isThere, nextId, onFocused])
  return (
    <Step number={props.number} title={t('verification.title')}>
      {view === undefined ? (
        query.isError ? (
          <ProblemNotice problem={toFailure(query.error)} />
        ) : (
          <SlowWords>{t('verification.loading')}</SlowWords>
        )
      ) : (
        <Stack gap="md">
          {view.open !== null && <Standings view={view} />}
          {isMet || props.isLocked ? (
            <MetNotice view={view} isLocked={props.isLocked} />
          ) : (
            <Ways {...props} view={view} />
          )}
        </Stack>
      )}
    </Step>
  )
}

function MetNotice({ view, isLocked }: { view: VerificationView; isLocked: boolean }) {
  const { t } = useTranslation()
  if (view.open?.expiresAt == null || isLocked) return null
  return (
    <Alert
      color="green"
      variant="light"
      icon={<IconShieldCheck aria-hidden />}
      title={t('verification.met')}
      role="status"
    >
      <Text inherit>
        {t('verification.until')} <LocalTime at={view.open.expiresAt} />.{' '}
        {t('verification.uses', { count: view.open.usesLeft })}
      </Text>
    </Alert>
  )
}

function Ways(props: Parameters<typeof VerificationStep>[0] & { view: VerificationView }) {
  const { t } = useTranslation()
  const { view, verification, person } = props
  const [chosen, setChosen] = useState<VerificationWay>()
  const pending = view.open?.ways.find(({ state }) => state === 'asked')
  const way = chosen ?? pending?.way
  const choose = (next: VerificationWay) => setChosen(next)
  const isMet = (one: VerificationWay) => view.open?.ways.some((tried) => tried.way === one && tried.state === 'met')
  const possible = view.offers.filter((offer) => offer.obstacle === null && !isMet(offer.way))
  return (
    <>
      <Radio.Group
        id="verification"
        label={t(view.demand.count === 2 ? 'verification.demandTwo' : 'verification.demandOne')}
        description={t('verification.never')}
        value={way ?? null}
        onChange={(next) => choose(next as VerificationWay)}
        withAsterisk={false}
      >
        <div className={classes.ways}>
          {possible.map(({ way: offered }) => (
            <OfferCard
              key={offered}
              way={offered}
              view={view}
              person={person}
              onEnter={(next) => {
                choose(next)
                requestAnimationFrame(focusPanel)
              }}
            />
          ))}
        </div>
      </Radio.Group>
      <Impossible offers={view.offers} />
      {view.addresses.some(({ changed }) => changed !== null) && <LateChanges view={view} />}
      {way !== undefined && (
        <WayPanel
          key={`${way} ${pending?.id}`}
          way={way}
          view={view}
          person={person}
          verification={verification}
          onMet={() => {
            setChosen(undefined)
            requestAnimationFrame(() => document.getElementById(props.nextId)?.focus())
          }}
        />
      )}
    </>
  )
}

/** The first thing that is to be done for the way that was chosen. */
const focusPanel = () =>
  document.querySelector<HTMLElement>(`#${PANEL_ID} select, #${PANEL_ID} input, #${PANEL_ID} button`)?.focus()

function OfferCard(props: {
  way: VerificationWay
  view: VerificationView
  person: PersonDetails
  onEnter: (way: VerificationWay) => void
}) {
  const { t } = useTranslation()
  const { way, view, person } = props
  return (
    <Radio.Card
      value={way}
      className={steps.choice as string}
      // Enter says yes to a radio that has the focus.
      onKeyDown={onEnter(() => props.onEnter(way))}
    >
      <Group gap="sm" wrap="nowrap" align="start">
        <Radio.Indicator mt={3} />
        <div>
          <Text fw={600}>{t(`verification.ways.${way}.label`)}</Text>
          <Text size="sm" c="dimmed">
            {t(`verification.ways.${way}.hint`, { phone: person.phone, manager: view.managerName })}
          </Text>
        </div>
      </Group>
    </Radio.Card>
  )
}

/** Ways that the card admits and that cannot be used now, each with its reason. */
function Impossible({ offers }: { offers: readonly WayOffer[] }) {
  const { t } = useTranslation()
  const impossible = offers.filter(({ obstacle }) => obstacle !== null)
  if (impossible.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('verification.impossible')}
      </Text>
      {impossible.map(({ way, obstacle }) => (
        <Text size="sm" c="dimmed" key={way}>
          {t(`verification.ways.${way}.label`)}: {t(`problems.${obstacle as ProblemCode}.happened`)}
        </Text>
      ))}
    </div>
  )
}

/** An address changed lately: that itself is a warning. */
function LateChanges({ view }: { view: VerificationView }) {
  const { t } = useTranslation()
  return (
    <Alert color="orange" variant="light" title={t('verification.changed')}>
      {view.addresses.map(
        ({ kind, changed }) =>
          changed && (
            <Text inherit key={kind}>
              {t(`verification.addresses.${kind}`)}: <LocalTime at={changed.at} />
              {changed.previous !== null && `, ${t('verification.before', { address: changed.previous || '–' })}`}
            </Text>
          ),
      )}
    </Alert>
  )
}
