import { useMutation } from '@tanstack/react-query'
import { type CardSummary, type ProblemCode, readTypedCode, type SignedStatement } from '@unlatch/contract'
import { useState } from 'react'
import { toFailure } from '../../shared/call-api.ts'
import { releaseCryptogram, writeOfflineStatement } from '../server-api.ts'
import type { CallState, Released } from './use-call.ts'
import type { ChallengeCheck } from './use-challenge-check.ts'

/** What concerns the signature alone: the operator signs again, and everything else stands. */
const ABOUT_SIGNATURE: readonly (ProblemCode | undefined)[] = [
  'password-wrong',
  'passkey-refused',
  'passkey-copied',
  'operator-card-refused',
  'operator-card-expired',
  'operator-card-untrusted',
  'operator-card-revoked',
  'operator-card-revocation-unknown',
  'statement-expired',
  'sign-in-throttled',
]

/** The release of a cryptogram: the operator signs for it first, and a lost answer is asked for again with the same signature. */
export function useRelease(card: CardSummary, call: CallState, check: ChallengeCheck) {
  const [isSigning, setSigning] = useState(false)
  const [lost, setLost] = useState<{ key: string; signed: SignedStatement }>()
  const keyNow = () => call.getIdempotencyKey(card.id)

  const release = useMutation({
    mutationFn: async (signed: SignedStatement): Promise<Released> => {
      const unblockId = await call.getUnblockId(card.id)
      const cryptogram = await releaseCryptogram(unblockId, {
        challenge: call.symbols,
        idempotencyKey: keyNow(),
        signed,
        ...(check.status === 'bare'
          ? { bare: { challengeAgain: readTypedCode(call.challengeAgain), serialEnd: call.serialEnd } }
          : {}),
      })
      return { cardId: card.id, unblockId, cryptogram }
    },
    gcTime: 0,
    onSuccess: call.setReleased,
    onError: (thrown, signed) => {
      const { code } = toFailure(thrown)
      if (code === 'attempt-closed') call.forgetUnblock(card.id)
      setLost(code === 'server-unreachable' ? { key: keyNow(), signed } : undefined)
      setSigning(ABOUT_SIGNATURE.includes(code))
    },
  })
  const failure = release.isError ? toFailure(release.error) : undefined
  return {
    isSigning,
    isPending: release.isPending,
    /** What is told on the page; the dialog tells what concerns the signature. */
    failure: ABOUT_SIGNATURE.includes(failure?.code) ? undefined : failure,
    begin() {
      if (lost?.key === keyNow()) release.mutate(lost.signed)
      else setSigning(true)
    },
    cancel: () => setSigning(false),
    write: async () => writeOfflineStatement(await call.getUnblockId(card.id), { challenge: call.symbols }),
    send: (signed: SignedStatement) => release.mutateAsync(signed),
  }
}
