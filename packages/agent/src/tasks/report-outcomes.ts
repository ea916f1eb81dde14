import { Problem } from '@unlatch/contract'
import type { Journal, ServerClient } from './ports.ts'

/**
 * Tells the server what became of unblocks, oldest first. A line that the server will never take is not sent again.
 *
 * @returns how many the server took. Stops quietly when the server cannot be reached.
 */
export async function reportOutcomes(journal: Journal, server: ServerClient): Promise<number> {
  let taken = 0
  for (const { attemptId, ...report } of await journal.unreported()) {
    try {
      await server.report(report)
      taken++
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.code === 'server-unreachable' || error.code === 'agent-unknown') return taken
    }
    await journal.markReported(attemptId)
  }
  return taken
}
