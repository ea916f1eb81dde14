import { useQuery } from '@tanstack/react-query'
import type { ConnectedReader } from '@unlatch/contract'
import { readConnectedReaders } from './connected-api.ts'

/** How often the readers are looked at. */
const LOOK_MS = 1000

/** What all connected agents see, followed; `blocked`: cards that can be unblocked there. */
export function useReaders() {
  const query = useQuery({
    queryKey: ['connected-readers'],
    queryFn: ({ signal }) => readConnectedReaders(signal),
    refetchInterval: LOOK_MS,
  })
  const readers = query.data?.readers
  return { query, readers, blocked: readers?.filter(isReady) }
}

/** True for a card that can be unblocked where it is. */
export const isReady = ({ card, obstacle }: ConnectedReader): boolean => card !== null && obstacle === null

/** A reader, as an address. */
export const keyOf = ({ agentId, reader }: Pick<ConnectedReader, 'agentId' | 'reader'>): string =>
  `${agentId}/${reader}`
