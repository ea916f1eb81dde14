import { useState } from 'react'
import { type ApiFailure, toFailure } from '../shared/call-api.ts'

/** Something that is asked of the agent by a button: whether it runs, and why it was refused. */
export function useAction() {
  const [isRunning, setRunning] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const run = async (action: () => Promise<unknown>): Promise<void> => {
    setRunning(true)
    setFailure(undefined)
    try {
      await action()
    } catch (thrown) {
      setFailure(toFailure(thrown))
    } finally {
      setRunning(false)
    }
  }
  return { isRunning, failure, run }
}
