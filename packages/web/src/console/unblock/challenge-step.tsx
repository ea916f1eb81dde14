import { Button, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { type CardSummary, findForm, isProblemCode, type PersonDetails } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { onEnter } from '../../shared/on-enter.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { writeTypedCode } from '../../shared/typed-code.ts'
import { Step } from '../steps/step.tsx'
import { BareGuards } from './bare-guards.tsx'
import classes from './unblock-page.module.css'
import type { CallState } from './use-call.ts'
import type { ChallengeCheck } from './use-challenge-check.ts'

interface ChallengeStepProps {
  readonly card: CardSummary
  readonly person: PersonDetails
  readonly call: CallState
  readonly check: ChallengeCheck
  readonly onCard: (cardId: string) => void
}

/** Step 3: the challenge as the caller reads it, checked as soon as it is whole. */
export function ChallengeStep(props: ChallengeStepProps) {
  const { t } = useTranslation()
  const { card, call, check } = props
  const kindOf = (symbols: string) => findForm(symbols) ?? (card.telephoneWay === 'masked-puk' ? 'masked' : 'native')
  const kind = kindOf(call.symbols)
  const moveOn = onEnter(() => {
    if (check.status === 'bare') document.getElementById('challenge-again')?.focus()
    else if (check.status === 'match') document.getElementById('cryptogram')?.focus()
    else check.checkNow()
  })
  const isWrong = check.status === 'wrong' || check.status === 'strange' || check.status === 'no-form'
  return (
    <Step number={3} title={t('console.unblock.challenge.title')}>
      <Text className={classes.script as string} mb="sm">
        {t('console.unblock.challenge.say')}
      </Text>
      <TextInput
        id="challenge"
        size="lg"
        maw="34rem"
        label={t('console.unblock.challenge.label')}
        description={t(`console.unblock.challenge.hint.${card.allowsBareForm ? 'bare' : card.telephoneWay}`)}
        classNames={{ input: classes.codeInput as string }}
        value={call.challenge}
        readOnly={call.released !== undefined}
        onChange={(event) => call.setChallenge(writeTypedCode(event.currentTarget, kindOf))}
        onKeyDown={moveOn}
        onBlur={() => call.symbols !== '' && check.status === 'partial' && check.checkNow()}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        error={isWrong}
        aria-describedby="challenge-verdict"
      />
      <div id="challenge-verdict" role="status">
        <Verdict {...props} />
      </div>
      {call.symbols !== '' && check.strangeSymbol === undefined && (
        <div className={classes.readBack}>
          <Text size="sm" c="dimmed">
            {t('console.unblock.challenge.readBack')}
          </Text>
          <CodeDisplay code={call.symbols} kind={kind} label={t('console.unblock.challenge.readBack')} size="small" />
        </div>
      )}
      {check.status === 'wrong' && <OtherCard {...props} />}
      {check.status === 'bare' && call.released === undefined && <BareGuards card={card} call={call} />}
    </Step>
  )
}

function Verdict({ card, call, check }: ChallengeStepProps) {
  const { t } = useTranslation()
  const lengths = card.challengeLengths
  const wanted = lengths.join(` ${t('console.unblock.challenge.otherForms')} `)
  const typed = call.symbols.length
  const line = (tone: 'good' | 'bad' | 'plain', text: string) => (
    <div className={classes.verdict} data-tone={tone}>
      {tone === 'good' && <IconCheck aria-hidden size={20} />}
      {tone === 'bad' && <IconAlertTriangle aria-hidden size={20} />}
      <span>{text}</span>
    </div>
  )
  switch (check.status) {
    case 'partial':
      return typed === 0 ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          {t('console.unblock.challenge.progress', { typed, wanted })}
        </Text>
      )
    case 'strange':
      return line('bad', t('shared.symbolStrange', { symbol: check.strangeSymbol as string }))
    case 'no-form':
      return line('bad', t('console.unblock.challenge.verdict.noForm', { wanted, typed }))
    case 'checking':
      return <SlowWords>{t('console.unblock.challenge.checking')}</SlowWords>
    case 'match':
      return line('good', t('console.unblock.challenge.verdict.match'))
    case 'bare':
      return line('plain', t('console.unblock.challenge.verdict.bare'))
    case 'wrong': {
      const { verdict, missesLeft } = check.verdict as NonNullable<typeof check.verdict>
      const code = isProblemCode(verdict) ? verdict : 'challenge-malformed'
      return (
        <>
          {line('bad', t(`problems.${code}.happened`))}
          <Text>
            {t(`problems.${code}.card`)} <b>{t(`problems.${code}.now`)}</b>
          </Text>
          {code === 'challenge-misheard' && (
            <Text size="sm" c="dimmed">
              {t('console.unblock.challenge.missesLeft', { count: missesLeft })}
            </Text>
          )}
        </>
      )
    }
    case 'failed':
      return check.failure === undefined ? null : <ProblemNotice problem={check.failure} isAnnounced={false} />
  }
}

function OtherCard({ check, person, onCard }: ChallengeStepProps) {
  const { t } = useTranslation()
  const other = check.verdict?.otherCard
  if (other === null || other === undefined || !person.cards.some(({ id }) => id === other.id)) return null
  return (
    <Button
      mt="sm"
      onClick={() => {
        onCard(other.id)
        document.getElementById('challenge')?.focus()
      }}
    >
      {t('console.unblock.challenge.switchCard', { label: other.label, serial: other.printedSerial })}
    </Button>
  )
}
