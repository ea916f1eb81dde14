import { useSyncExternalStore } from 'react'
import { type ApiCall, ApiFailure, callApi } from '../shared/call-api.ts'

/** Whether the server answers, and whether it still knows the operator. */
interface Connection {
  readonly isReachable: boolean
  readonly isSessionEnded: boolean
}

let connection: Connection = { isReachable: true, isSessionEnded: false }
const listeners = new Set<() => void>()

/** Changes what is known of the connection. */
export function setConnection(change: Partial<Connection>): void {
  const next = { ...connection, ...change }
  if (next.isReachable === connection.isReachable && next.isSessionEnded === connection.isSessionEnded) return
  connection = next
  for (const listener of listeners) listener()
}

/** What is known of the connection, in a component. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => connection,
  )
}

/** Calls the server, and remembers whether it answered. */
export async function callServer<Answer>(call: ApiCall<Answer>): Promise<Answer> {
  try {
    const answer = await callApi(call)
    setConnection({ isReachable: true })
    return answer
  } catch (thrown) {
    if (thrown instanceof ApiFailure) {
      setConnection({ isReachable: thrown.code !== 'server-unreachable' })
      if (thrown.code === 'sign-in-needed') setConnection({ isSessionEnded: true })
    }
    throw thrown
  }
}
