import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CardSummary, PersonDetails } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { OnlineOffer } from '../connected/online-offer.tsx'
import type { Place } from '../connected/where-step.tsx'
import { readPerson } from '../server-api.ts'
import { useVerification } from '../verification/use-verification.ts'
import { VerificationStep } from '../verification/verification-step.tsx'
import { Caller } from './caller.tsx'
import { CardFacts } from './card-facts.tsx'
import { ChallengeStep } from './challenge-step.tsx'
import { CryptogramStep } from './cryptogram-step.tsx'
import { OpenOutcome } from './open-outcome.tsx'
import { OutcomeStep } from './outcome-step.tsx'
import { ResultPanel } from './result-panel.tsx'
import { UnblockCodeSection } from './unblock-code-section.tsx'
import classes from './unblock-page.module.css'
import { type CallState, type Released, useCall } from './use-call.ts'
import { useChallengeCheck } from './use-challenge-check.ts'

interface CallProps {
  readonly personId: string
  readonly cardId: string | undefined
  readonly wantsFocus: boolean
  readonly onCard: (cardId: string) => void
  readonly onNextCall: () => void
  /** The card can be reached after all. */
  readonly onPlace: (place: Place) => void
}

/** Everything after the search: the caller, and the steps of the call. */
export function Call(props: CallProps) {
  const { t } = useTranslation()
  const person = useQuery({
    queryKey: ['person', props.personId],
    queryFn: ({ signal }) => readPerson(props.personId, signal),
  })
  if (person.data !== undefined) return <CallOf {...props} person={person.data} />
  if (person.isPending) return <SlowWords>{t('console.unblock.person.loading')}</SlowWords>
  return <ProblemNotice problem={toFailure(person.error)} />
}

function CallOf(props: CallProps & { person: PersonDetails }) {
  const { person, wantsFocus, onCard } = props
  const only = person.cards.length === 1 ? person.cards[0] : undefined
  // A card that was chosen and is not here (yet: what is known of the person may be of before) is not another one.
  const card = props.cardId === undefined ? only : person.cards.find(({ id }) => id === props.cardId)
  const call = useCall(card?.id)
  const caller = useRef<HTMLDivElement>(null)
  // The steps take the focus once they know what the card demands.
  const [wantsSteps, setWantsSteps] = useState(false)

  useEffect(() => {
    if (only !== undefined && props.cardId === undefined) onCard(only.id)
  }, [only, props.cardId, onCard])
  // Once, when the person has come: to the first thing that is to be chosen.
  const isFocused = useRef(!wantsFocus)
  useEffect(() => {
    if (isFocused.current) return
    isFocused.current = true
    if (card === undefined) caller.current?.querySelector<HTMLElement>('[role=radio], input')?.focus()
    else setWantsSteps(true)
  }, [card])

  // Enter on a card chooses it and moves on, once its steps are there.
  const [entered, setEntered] = useState<string>()
  useEffect(() => {
    if (entered === undefined || entered !== card?.id) return
    setEntered(undefined)
    setWantsSteps(true)
  }, [entered, card])

  return (
    <div className={classes.columns}>
      <div ref={caller} className={classes.caller}>
        <Caller
          person={person}
          cardId={card?.id}
          isLocked={call.released !== undefined && call.released.outcome === undefined}
          onCard={onCard}
          onEnter={(id) => {
            onCard(id)
            setEntered(id)
          }}
        />
      </div>
      <aside className={classes.side}>{card !== undefined && <CardFacts card={card} person={person} />}</aside>
      <div className={classes.steps}>
        {card !== undefined && (
          <CardCall {...props} card={card} call={call} wantsFocus={wantsSteps} onFocused={() => setWantsSteps(false)} />
        )}
      </div>
    </div>
  )
}

function CardCall(
  props: CallProps & { person: PersonDetails; card: CardSummary; call: CallState; onFocused: () => void },
) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { person, card, call } = props
  const check = useChallengeCheck({
    card,
    symbols: call.symbols,
    getUnblockId: call.getUnblockId,
    isDone: call.released !== undefined,
  })

  const verification = useVerification(card.id, 'telephone')
  const readAgain = () => {
    // What was open is closed with its outcome: the next challenge is of another attempt.
    call.forgetUnblock(card.id)
    void queries.invalidateQueries({ queryKey: ['person', person.id] })
  }
  const openOutcome = call.released === undefined && <OpenOutcome key={card.id} card={card} onClosed={readAgain} />
  const whatToSay = card.whyNotByTelephone !== null && (
    <Anchor
      inherit
      c="inherit"
      underline="always"
      renderRoot={(root) => (
        <Link
          {...root}
          to="/actions/smart-card-unblock/cannot-be-saved"
          search={{ person: person.id, card: card.id }}
        />
      )}
    >
      {t('console.cannotBeSaved.link')}
    </Anchor>
  )
  if (card.telephoneWay === 'none') {
    return (
      <Alert variant="light" color="blue" icon={<IconInfoCircle aria-hidden />}>
        <Text inherit>{t('console.unblock.card.notByTelephone')}</Text>
        {whatToSay}
      </Alert>
    )
  }
  // What was released must still be closed, even if it was the last that this card may get.
  if (card.obstacle !== null && call.released === undefined)
    return (
      <Stack gap="md">
        <ProblemNotice problem={card.obstacle} tone="orange">
          {whatToSay}
        </ProblemNotice>
        {openOutcome}
      </Stack>
    )

  const { released } = call
  const close = (closed: Released) => {
    call.setReleased(closed)
    call.forgetUnblock(card.id)
    void queries.invalidateQueries({ queryKey: ['person', person.id] })
  }
  return (
    <Stack gap="md">
      {call.released === undefined && <OnlineOffer cardId={card.id} onGo={props.onPlace} />}
      {openOutcome}
      <VerificationStep
        number={2}
        person={person}
        verification={verification}
        isLocked={call.released !== undefined}
        nextId="challenge"
        wantsFocus={props.wantsFocus}
        onFocused={props.onFocused}
      />
      <UnblockCodeSection card={card} person={person} verification={verification} />
      <ChallengeStep card={card} person={person} call={call} check={check} onCard={props.onCard} />
      <CryptogramStep card={card} person={person} call={call} check={check} verification={verification} />
      {released !== undefined && released.outcome === undefined && (
        <OutcomeStep released={released} onClosed={(outcome) => close({ ...released, outcome })} />
      )}
      {released?.outcome !== undefined && (
        <ResultPanel
          person={person}
          unblockId={released.unblockId}
          cardId={card.id}
          outcome={released.outcome}
          onNextCall={props.onNextCall}
          onAgain={call.beginAgain}
        />
      )}
    </Stack>
  )
}
