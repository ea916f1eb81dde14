import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import {
  type CardSummary,
  type ChallengeForm,
  type ChallengeVerdict,
  findForm,
  findStrangeSymbol,
} from '@unlatch/contract'
import { useState } from 'react'
import { type ApiFailure, toFailure } from '../../shared/call-api.ts'
import { checkChallenge } from '../server-api.ts'

/** What is known of the challenge as it stands in the field. */
export interface ChallengeCheck {
  /** `bare`: right as far as anybody can tell, to be confirmed. */
  readonly status: 'partial' | 'strange' | 'no-form' | 'checking' | 'match' | 'bare' | 'wrong' | 'failed'
  readonly form: ChallengeForm | undefined
  readonly strangeSymbol: string | undefined
  readonly verdict: ChallengeVerdict | undefined
  readonly failure: ApiFailure | undefined
  /** Asks without waiting: Enter, or the field was left. */
  readonly checkNow: () => void
}

/** The caller may only be drawing breath: a length that is not the card's longest waits longer before it counts. */
const SETTLED_MS = 500
const PAUSED_MS = 2500

/** Checks the challenge with the server as soon as it is whole, once for each value; a check counts as a miss. */
export function useChallengeCheck(options: {
  card: CardSummary
  symbols: string
  getUnblockId: (cardId: string) => Promise<string>
  isDone: boolean
}): ChallengeCheck {
  const { card, symbols, getUnblockId } = options
  const lengths = card.challengeLengths
  const isLongest = symbols.length === lengths.at(-1)
  const [settled] = useDebouncedValue(symbols, SETTLED_MS)
  const [paused] = useDebouncedValue(symbols, PAUSED_MS)
  const [hurried, setHurried] = useState('')

  const form = findForm(symbols)
  const strangeSymbol = findStrangeSymbol(symbols)
  const isDue = symbols === hurried || (isLongest ? symbols === settled : symbols === paused)
  const isAsked = form !== undefined && strangeSymbol === undefined && isDue && !options.isDone
  const check = useQuery({
    queryKey: ['challenge-check', card.id, symbols],
    queryFn: async ({ signal }) => checkChallenge(await getUnblockId(card.id), symbols, signal),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

  const status = (): ChallengeCheck['status'] => {
    if (strangeSymbol !== undefined) return 'strange'
    if (form === undefined) return isDue && symbols.length > (lengths[0] ?? 0) ? 'no-form' : 'partial'
    if (!isDue && check.data === undefined) return 'partial'
    if (check.isFetching) return 'checking'
    if (check.isError) return 'failed'
    if (check.data === undefined) return 'partial'
    const { verdict } = check.data
    if (form === 'bare' && (verdict === 'match' || verdict === 'bare-form-unconfirmed')) return 'bare'
    return verdict === 'match' ? 'match' : 'wrong'
  }
  return {
    status: status(),
    form,
    strangeSymbol,
    verdict: check.data,
    failure: check.isError ? toFailure(check.error) : undefined,
    checkNow: () => {
      setHurried(symbols)
      if (check.isError) void check.refetch()
    },
  }
}
