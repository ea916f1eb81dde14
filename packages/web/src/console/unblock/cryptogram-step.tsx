import { Button, Group, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { type CardSummary, findForm, groupCode, type PersonDetails, readTypedCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { OperatorPinDialog } from '../operator-pin/operator-pin-dialog.tsx'
import { Step } from '../steps/step.tsx'
import type { VerificationState } from '../verification/use-verification.ts'
import { SERIAL_END } from './bare-guards.tsx'
import { CryptogramPanel } from './cryptogram-panel.tsx'
import type { CallState } from './use-call.ts'
import type { ChallengeCheck } from './use-challenge-check.ts'
import { useRelease } from './use-release.ts'

/** What is still missing before a release, and the field to fill. */
type Need = 'verification' | 'challenge' | 'checking' | 'verdict' | 'failed' | 'bareAgain' | 'bareSerial'
const FIELD_OF = {
  verification: '#verification [role=radio]',
  challenge: '#challenge',
  checking: '#challenge',
  verdict: '#challenge',
  failed: '#challenge',
  bareAgain: '#challenge-again',
  bareSerial: '#serial-end',
} as const satisfies Record<Need, string>

/** Step 4: the release, and the cryptogram to read out. */
export function CryptogramStep(props: {
  card: CardSummary
  person: PersonDetails
  call: CallState
  check: ChallengeCheck
  verification: VerificationState
}) {
  const { t } = useTranslation()
  const { card, call, check, verification } = props
  const need = findNeed(call, check, verification.isMet)
  const release = useRelease(card, call, check)
  const press = () => {
    if (need !== undefined) document.querySelector<HTMLElement>(FIELD_OF[need])?.focus()
    else if (!release.isPending) release.begin()
  }

  if (call.released !== undefined) {
    return call.released.outcome !== undefined ? null : (
      <Step number={4} title={t('console.unblock.cryptogram.title')}>
        <CryptogramPanel key={call.released.cryptogram.code} released={call.released} onAgain={call.beginAgain} />
      </Step>
    )
  }
  return (
    <Step number={4} title={t('console.unblock.cryptogram.title')}>
      <Group gap="md">
        <Button
          id="cryptogram"
          size="md"
          leftSection={<IconKey aria-hidden size={20} />}
          // It stays reachable: pressed too early, it leads to what is missing.
          data-disabled={need !== undefined || undefined}
          aria-disabled={need !== undefined}
          aria-describedby="cryptogram-need"
          loading={release.isPending}
          onClick={press}
        >
          {t('console.unblock.cryptogram.submit')}
        </Button>
        <Text id="cryptogram-need" c="dimmed">
          {t(need === undefined ? 'console.unblock.cryptogram.ready' : `console.unblock.cryptogram.needs.${need}`)}
        </Text>
      </Group>
      {release.isPending && <SlowWords>{t('console.unblock.cryptogram.releasing')}</SlowWords>}
      {release.failure !== undefined && <ProblemNotice problem={release.failure} />}
      <OperatorPinDialog
        about={[card.id, call.symbols, verification.view?.open?.id ?? '']}
        write={release.write}
        send={release.send}
        facts={() => (
          <>
            <dt>{t('operatorPin.card')}</dt>
            <dd>
              {card.label} · {card.printedSerial}
            </dd>
            <dt>{t('operatorPin.holder')}</dt>
            <dd>{props.person.name}</dd>
            <dt>{t('operatorPin.challenge')}</dt>
            <dd>{groupCode(call.symbols, findForm(call.symbols) ?? 'masked').join(' ')}</dd>
          </>
        )}
        isOpen={release.isSigning}
        onClose={release.cancel}
      />
    </Step>
  )
}

function findNeed(call: CallState, check: ChallengeCheck, isVerified: boolean): Need | undefined {
  if (!isVerified) return 'verification'
  if (check.status === 'partial') return 'challenge'
  if (check.status === 'checking') return 'checking'
  if (check.status === 'match') return undefined
  if (check.status === 'failed') return 'failed'
  if (check.status !== 'bare') return 'verdict'
  if (readTypedCode(call.challengeAgain) !== call.symbols) return 'bareAgain'
  return call.serialEnd.length < SERIAL_END ? 'bareSerial' : undefined
}
