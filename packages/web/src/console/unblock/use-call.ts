import { type Cryptogram, readTypedCode, type UnblockOutcomeView } from '@unlatch/contract'
import { useRef, useState } from 'react'
import { readAttempt } from '../live-desk/live-desk-api.ts'
import { openUnblock } from '../server-api.ts'

/** A cryptogram on the operator's screen, and how it ended. */
export interface Released {
  readonly cardId: string
  readonly unblockId: string
  readonly cryptogram: Cryptogram
  readonly outcome?: UnblockOutcomeView
}

/**
 * What is known of the call so far. It lives in memory alone: a reload or another person forgets it, so that no code is left
 * behind.
 */
export function useCall(cardId: string | undefined) {
  const [challenge, setChallenge] = useState('')
  const [challengeAgain, setChallengeAgain] = useState('')
  const [serialEnd, setSerialEnd] = useState('')
  const [released, setReleased] = useState<Released>()
  const unblocks = useRef(new Map<string, Promise<string>>())
  const keys = useRef(new Map<string, string>())

  /** The operator's open attempt about the card, found again after a reload; else opened when it is first needed. */
  const getUnblockId = (cardId: string): Promise<string> => {
    const known = unblocks.current.get(cardId)
    if (known !== undefined) return known
    const opened = readAttempt(cardId).then(async ({ attempt }) => attempt?.unblockId ?? (await openUnblock(cardId)).id)
    unblocks.current.set(cardId, opened)
    opened.catch(() => unblocks.current.delete(cardId))
    return opened
  }
  /** The idempotency key of one challenge at one card: a release asked again after a lost answer stays one release. */
  const getIdempotencyKey = (cardId: string): string => {
    const name = `${cardId}/${readTypedCode(challenge)}`
    const key = keys.current.get(name) ?? crypto.randomUUID()
    keys.current.set(name, key)
    return key
  }
  const forgetUnblock = (cardId: string) => unblocks.current.delete(cardId)

  /** Another challenge of the same call: the verification of the caller stays. */
  const beginAgain = () => {
    setChallenge('')
    setChallengeAgain('')
    setSerialEnd('')
    setReleased(undefined)
  }
  // What was released for one card is not shown beside another; a challenge that was answered goes with it.
  const isForeign = released !== undefined && released.cardId !== cardId
  if (isForeign) beginAgain()

  return {
    challenge,
    setChallenge,
    symbols: readTypedCode(challenge),
    challengeAgain,
    setChallengeAgain,
    serialEnd,
    setSerialEnd,
    released: isForeign ? undefined : released,
    setReleased,
    getUnblockId,
    forgetUnblock,
    getIdempotencyKey,
    beginAgain,
  }
}

export type CallState = ReturnType<typeof useCall>
