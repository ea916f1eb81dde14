import { useQuery } from '@tanstack/react-query'
import type { ConnectionView } from '@unlatch/contract'
import { useMay } from '../sign-in/session-gate.tsx'
import { readConnections } from '../template-api.ts'

/** The connections that can deliver, for who may see them; undefined for anybody else, and until they are there. */
export function useConnections(): {
  connections: readonly ConnectionView[] | undefined
  /** Identity providers among them. */
  providers: readonly ConnectionView[] | undefined
  isLoading: boolean
  error: Error | null
} {
  const may = useMay()
  const found = useQuery({
    queryKey: ['connections'],
    queryFn: readConnections,
    enabled: may('connection:read'),
  })
  const all = found.data?.connections
  const connections = all?.filter(({ kind }) => kind !== 'directory' && kind !== 'identity-provider')
  const providers = all?.filter(({ kind }) => kind === 'identity-provider')
  return { connections, providers, isLoading: found.isLoading, error: found.error }
}
