import { useMutation, useQuery } from '@tanstack/react-query'
import type { AskUnblock, ConnectedState } from '@unlatch/contract'
import { useState } from 'react'
import { askUnblock, cancelUnblock, readUnblock } from './connected-api.ts'

/** How often an unblock that is under way is looked at. */
const LOOK_MS = 500

const OVER: readonly ConnectedState[] = ['unblocked', 'refused', 'unknown', 'ended']

/** True when nothing more happens. */
export const isOver = (state: ConnectedState | undefined): boolean => state !== undefined && OVER.includes(state)

/** One connected unblock: asked for, followed, cancelled. */
export function useUnblock() {
  const [id, setId] = useState<string>()
  const ask = useMutation({ mutationFn: (wish: AskUnblock) => askUnblock(wish), onSuccess: (asked) => setId(asked.id) })
  const progress = useQuery({
    queryKey: ['connected-unblock', id],
    queryFn: ({ signal }) => readUnblock(id ?? '', signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : LOOK_MS),
  })
  const cancel = useMutation({
    mutationFn: () => cancelUnblock(id ?? ''),
    onSettled: () => progress.refetch(),
  })
  const forget = () => {
    setId(undefined)
    ask.reset()
    cancel.reset()
  }
  return { id, ask, progress, cancel, forget, resume: setId }
}
