import { Problem, type ProblemCode } from '@unlatch/contract'
import type { Journal, JournalOutcome, ServerClient } from './ports.ts'

/** Answers that another day does not change: the line is not sent again. Every other refusal keeps it. */
const FINAL: readonly ProblemCode[] = [
  'card-unknown',
  'not-found',
  'receipt-mismatch',
  'challenge-malformed',
  'input-invalid',
]
/** Nobody there, or nobody who knows us: it will be the same for every line. An answer to this line alone is not. */
const isForAll = ({ code, facts }: Problem) =>
  code === 'agent-unknown' || code === 'agent-clock' || (code === 'server-unreachable' && facts.answered === undefined)

/**
 * Tells the server what became of unblocks, oldest first. A line that the server will never take is not sent again; one that
 * it does not take now waits, and does not hold up the others.
 *
 * @returns how many the server took. Stops quietly when the server cannot be reached.
 */
export async function reportOutcomes(journal: Journal, server: ServerClient): Promise<number> {
  let taken = 0
  for (const report of await journal.unreported()) {
    try {
      await send(server, report)
      taken++
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (isForAll(error)) return taken
      if (!FINAL.includes(error.code)) continue
    }
    await journal.markReported(report.attemptId)
  }
  return taken
}

function send(server: ServerClient, { attemptId: _, ...line }: JournalOutcome): Promise<void> {
  if ('challenge' in line) return server.report(line)
  if (!('unblockId' in line)) return server.reportPuc(line)
  const { unblockId, outcome, triesLeft, at } = line
  return server.reportConnected({ unblockId, outcome, triesLeft, at })
}
