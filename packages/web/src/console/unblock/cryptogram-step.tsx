import { Button, Group, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type CardSummary, readTypedCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { releaseCryptogram } from '../server-api.ts'
import { Step } from '../steps/step.tsx'
import { SERIAL_END } from './bare-guards.tsx'
import { CryptogramPanel } from './cryptogram-panel.tsx'
import type { CallState, Released } from './use-call.ts'
import type { ChallengeCheck } from './use-challenge-check.ts'

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
export function CryptogramStep(props: { card: CardSummary; call: CallState; check: ChallengeCheck }) {
  const { t } = useTranslation()
  const { card, call, check } = props
  const need = findNeed(call, check)
  const release = useMutation({
    mutationFn: async (): Promise<Released> => {
      const unblockId = await call.getUnblockId(card.id)
      const cryptogram = await releaseCryptogram(unblockId, {
        challenge: call.symbols,
        verification: call.verification as NonNullable<typeof call.verification>,
        idempotencyKey: call.getIdempotencyKey(card.id),
        ...(check.status === 'bare'
          ? { bare: { challengeAgain: readTypedCode(call.challengeAgain), serialEnd: call.serialEnd } }
          : {}),
      })
      return { cardId: card.id, unblockId, cryptogram }
    },
    gcTime: 0,
    onSuccess: call.setReleased,
    onError: (thrown) => {
      if (toFailure(thrown).code === 'attempt-closed') call.forgetUnblock(card.id)
    },
  })
  const press = () => {
    if (need !== undefined) document.querySelector<HTMLElement>(FIELD_OF[need])?.focus()
    else if (!release.isPending) release.mutate()
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
      {release.isError && <ProblemNotice problem={toFailure(release.error)} />}
    </Step>
  )
}

function findNeed(call: CallState, check: ChallengeCheck): Need | undefined {
  if (call.verification === undefined) return 'verification'
  if (check.status === 'partial') return 'challenge'
  if (check.status === 'checking') return 'checking'
  if (check.status === 'match') return undefined
  if (check.status === 'failed') return 'failed'
  if (check.status !== 'bare') return 'verdict'
  if (readTypedCode(call.challengeAgain) !== call.symbols) return 'bareAgain'
  return call.serialEnd.length < SERIAL_END ? 'bareSerial' : undefined
}
