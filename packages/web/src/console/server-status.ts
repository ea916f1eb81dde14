import { useQuery } from '@tanstack/react-query'
import { readStatus } from './server-api.ts'

/** What the server says of itself. */
export const useServerStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: readStatus, staleTime: 60_000, refetchInterval: 60_000 })
