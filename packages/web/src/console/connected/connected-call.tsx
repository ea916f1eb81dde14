import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ConnectedReader, ConnectedUnblock, PersonDetails } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { readAttempt } from '../live-desk/live-desk-api.ts'
import { OperatorPinDialog } from '../operator-pin/operator-pin-dialog.tsx'
import { readPerson } from '../server-api.ts'
import { Step } from '../steps/step.tsx'
import { CardFacts } from '../unblock/card-facts.tsx'
import classes from '../unblock/unblock-page.module.css'
import { useVerification } from '../verification/use-verification.ts'
import { VerificationStep } from '../verification/verification-step.tsx'
import { signStatement, writeStatement } from './connected-api.ts'
import { EndPanel } from './end-panel.tsx'
import { ReaderList, ReaderNotice } from './reader-list.tsx'
import { isReady, keyOf, useReaders } from './use-readers.ts'
import { isOver, useUnblock } from './use-unblock.ts'

/** A card that is in a reader: chosen, its holder verified, a new PIN typed there, and the operator's own PIN. */
export function ConnectedCall(props: { isHere: boolean; cardId: string | undefined; onDone: () => void }) {
  const { t } = useTranslation()
  const { isHere } = props
  const { readers } = useReaders()
  const unblock = useUnblock()
  const [picked, setPicked] = useState<string>()
  const ofPlace = readers?.filter(({ isStation }) => isStation === isHere) ?? []
  const key = picked ?? guess(ofPlace, isHere, props.cardId)
  // While an unblock runs its card stays the one that it is about, whatever the reader shows.
  const [held, setHeld] = useState<ConnectedReader>()
  const seen = ofPlace.find((reader) => keyOf(reader) === key)
  const reader = unblock.id !== undefined ? held : seen
  const next = () => {
    unblock.forget()
    setHeld(undefined)
    setPicked(undefined)
  }
  return (
    <Stack gap="md">
      <Step number={1} title={t('connected.readers.title')}>
        <ReaderList isHere={isHere} chosen={key} isLocked={unblock.id !== undefined} onChoose={setPicked} />
        {reader !== undefined && unblock.id === undefined && <ReaderNotice reader={reader} />}
      </Step>
      {reader?.card != null && (isReady(reader) || unblock.id !== undefined) && (
        <CardUnblock
          key={`${keyOf(reader)} ${reader.card.id}`}
          reader={reader}
          card={reader.card}
          unblock={unblock}
          onAsked={() => setHeld(reader)}
          onAgain={next}
          onNext={() => {
            next()
            props.onDone()
          }}
        />
      )}
    </Stack>
  )
}

/** The card that is meant when nobody chose: the one that was looked for, else the only blocked one of the stations. */
function guess(readers: readonly ConnectedReader[], isHere: boolean, cardId: string | undefined): string | undefined {
  const wanted = readers.find(({ card }) => cardId !== undefined && card?.id === cardId)
  const ready = readers.filter(isReady)
  const only = isHere && ready.length === 1 ? ready[0] : undefined
  const alone = isHere && readers.filter(({ obstacle }) => obstacle !== 'no-card').length === 1
  const shown = wanted ?? only ?? (alone ? readers.find(({ obstacle }) => obstacle !== 'no-card') : undefined)
  return shown && keyOf(shown)
}

interface UnblockProps {
  readonly reader: ConnectedReader
  readonly card: NonNullable<ConnectedReader['card']>
  readonly unblock: ReturnType<typeof useUnblock>
  readonly onAsked: () => void
  readonly onAgain: () => void
  readonly onNext: () => void
}

function CardUnblock(props: UnblockProps) {
  const { t } = useTranslation()
  const { personId } = props.card
  const person = useQuery({ queryKey: ['person', personId], queryFn: ({ signal }) => readPerson(personId, signal) })
  if (person.data !== undefined) return <PersonUnblock {...props} person={person.data} />
  if (person.isPending) return <SlowWords>{t('console.unblock.person.loading')}</SlowWords>
  return <ProblemNotice problem={toFailure(person.error)} />
}

function PersonUnblock(props: UnblockProps & { person: PersonDetails }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { reader, card, unblock, person } = props
  const verification = useVerification(card.id, 'connected')
  const summary = person.cards.find(({ id }) => id === card.id)
  const progress = unblock.progress.data
  const isEnded = isOver(progress?.state)
  useEffect(() => {
    if (isEnded) void queries.invalidateQueries({ queryKey: ['person', person.id] })
  }, [isEnded, queries, person.id])
  // An unblock of this card that was under way when the page was loaded again, or handed over, goes on.
  const look = useRef(true)
  const { onAsked } = props
  useEffect(() => {
    if (!look.current || unblock.id !== undefined) return
    look.current = false
    readAttempt(card.id).then(
      ({ connectedId }) => {
        if (connectedId === null) return
        onAsked()
        unblock.resume(connectedId)
      },
      () => {},
    )
  }, [card.id, unblock.id, unblock.resume, onAsked])
  const begin = () => {
    if (!verification.isMet) return document.getElementById('verification')?.querySelector('button')?.focus()
    props.onAsked()
    unblock.ask.mutate({ cardId: card.id, agentId: reader.agentId, reader: reader.reader })
  }
  return (
    <div className={classes.columns}>
      <aside className={classes.side}>{summary !== undefined && <CardFacts card={summary} person={person} />}</aside>
      <div className={classes.steps}>
        <Stack gap="md">
          <VerificationStep
            number={2}
            person={person}
            verification={verification}
            isLocked={unblock.id !== undefined}
            nextId="connected-unblock"
          />
          <Step number={3} title={t('connected.ask.title')}>
            {unblock.id === undefined ? (
              <Stack gap="sm">
                <Text>{t('connected.ask.lead', { agent: reader.agentName })}</Text>
                {!reader.isStation && <Text>{t('connected.ask.leadRemote')}</Text>}
                {unblock.ask.isError && <ProblemNotice problem={toFailure(unblock.ask.error)} />}
                {!verification.isMet && <Text c="dimmed">{t('connected.ask.verifyFirst')}</Text>}
                <Group>
                  <Button id="connected-unblock" loading={unblock.ask.isPending} onClick={begin}>
                    {t('connected.ask.submit')}
                  </Button>
                </Group>
              </Stack>
            ) : (
              <Running {...props} id={unblock.id} progress={progress} />
            )}
          </Step>
        </Stack>
      </div>
    </div>
  )
}

/** From the question at the agent to the end. */
function Running(props: UnblockProps & { person: PersonDetails; id: string; progress: ConnectedUnblock | undefined }) {
  const { t } = useTranslation()
  const { reader, unblock, progress, id, person } = props
  const [isSigning, setSigning] = useState(true)
  const state = progress?.state
  if (progress === undefined || state === 'asked') {
    return (
      <Stack gap="sm">
        <Text fw={600} role="status">
          {t('connected.ask.asked', { agent: reader.agentName })}
        </Text>
        {progress?.isRemote === true && (
          <Paper withBorder p="md">
            <Text>{t('connected.ask.readOut')}</Text>
            <CodeDisplay code={progress.code} kind="prompt-code" label={t('connected.ask.code')} />
          </Paper>
        )}
        <SlowWords>{t('connected.ask.askedText')}</SlowWords>
        <Cancel unblock={unblock} />
      </Stack>
    )
  }
  if (state === 'ready') {
    return (
      <Stack gap="sm">
        <Group>
          <Button onClick={() => setSigning(true)}>{t('operatorPin.open')}</Button>
        </Group>
        <Cancel unblock={unblock} />
        <OperatorPinDialog
          about={[id]}
          write={() => writeStatement(id)}
          send={async (signed) => {
            await signStatement(id, signed)
            void unblock.progress.refetch()
          }}
          facts={() => (
            <>
              <dt>{t('operatorPin.card')}</dt>
              <dd>
                {props.card.label} · {props.card.printedSerial}
              </dd>
              <dt>{t('operatorPin.holder')}</dt>
              <dd>{props.card.personName}</dd>
              <dt>{t('operatorPin.at')}</dt>
              <dd>
                {reader.agentName} · {reader.reader}
              </dd>
            </>
          )}
          isOpen={isSigning}
          onClose={() => setSigning(false)}
        />
      </Stack>
    )
  }
  if (state === 'authorised') return <SlowWords>{t('connected.ask.authorised')}</SlowWords>
  return (
    <EndPanel
      progress={progress}
      cardId={props.card.id}
      name={person.name}
      onAgain={props.onAgain}
      onNext={props.onNext}
    />
  )
}

function Cancel({ unblock }: { unblock: ReturnType<typeof useUnblock> }) {
  const { t } = useTranslation()
  return (
    <>
      {unblock.cancel.isError && <ProblemNotice problem={toFailure(unblock.cancel.error)} />}
      <Group>
        <Button variant="default" loading={unblock.cancel.isPending} onClick={() => unblock.cancel.mutate()}>
          {t('connected.ask.cancel')}
        </Button>
      </Group>
    </>
  )
}
