import type { ScreenState } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { toFailure } from '../shared/call-api.ts'
import { isPaired, isSessionEnd, pair, readState } from './agent-connection.ts'

/** How the page stands with the agent. */
export type Link = 'pairing' | 'unpaired' | 'refused' | 'connected' | 'disconnected'

/** Pause before the agent is asked again after it did not answer. */
const RETRY_MS = 2000

/** One use only, also when React mounts twice. */
let firstPairing: Promise<void> | undefined

/** The agent's state, followed by long polling, and how the page stands with the agent. */
export function useScreenState(token: string | undefined) {
  const [link, setLink] = useState<Link>(token !== undefined || isPaired() ? 'pairing' : 'unpaired')
  const [state, setState] = useState<ScreenState>()
  const [isLost, setLost] = useState(false)

  useEffect(() => {
    if (token !== undefined) {
      firstPairing ??= pair(token)
      void connect(firstPairing).then(setLink)
    } else if (isPaired()) setLink('connected')
  }, [token])

  useEffect(() => {
    if (link !== 'connected') return
    const leaving = new AbortController()
    void follow(leaving.signal, {
      onState: (next) => {
        setState(next)
        setLost(false)
      },
      onLost: () => setLost(true),
      onEnd: () => setLink('disconnected'),
    })
    return () => leaving.abort()
  }, [link])

  return { link, state, isLost, pairWith: async (code: string) => setLink(await connect(pair(code))) }
}

async function connect(pairing: Promise<void>): Promise<Link> {
  try {
    await pairing
    return 'connected'
  } catch (thrown) {
    return toFailure(thrown).code === 'server-unreachable' ? 'disconnected' : 'refused'
  }
}

interface Listener {
  readonly onState: (state: ScreenState) => void
  readonly onLost: () => void
  readonly onEnd: () => void
}

async function follow(signal: AbortSignal, listener: Listener): Promise<void> {
  let after: number | undefined
  while (!signal.aborted) {
    try {
      const state = await readState(after, signal)
      if (signal.aborted) return
      after = state.version
      listener.onState(state)
    } catch (thrown) {
      if (signal.aborted) return
      if (isSessionEnd(toFailure(thrown))) return listener.onEnd()
      listener.onLost()
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
