import type { ScreenState } from '@unlatch/contract'
import { useEffect, useRef } from 'react'
import { post } from './agent-connection.ts'

/**
 * Keeps the promise of *the card was removed*: once it is back and still blocked, a new challenge is made without being asked
 * for again.
 */
export function useNewChallenge(state: ScreenState | undefined): void {
  const isPromised = useRef(false)
  useEffect(() => {
    if (state?.problem?.code === 'card-removed') isPromised.current = !state.isWithPuc && !state.isSelfService
    if (state?.phase === 'not-blocked' || state?.phase === 'challenge') isPromised.current = false
    if (state?.phase !== 'blocked' || !isPromised.current) return
    isPromised.current = false
    // Refused: the screen still has its OK button, which says why.
    post('/unblock/begin').catch(() => undefined)
  }, [state])
}
