import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../operations/operation.ts'

/** Keeps the revocation lists of operators' cards new. What is wrong with them is said in the log once, and again when it changes. */
export interface RevocationLists {
  close(): Promise<void>
}

/** Authorities publish a list hourly to weekly, and at once after a revocation that matters. */
const EVERY_MS = 10 * 60_000
const AFTER_FAILURE_MS = 30_000

/** Begins to read them, where an authority is configured; the first time at once. */
export function startRevocationLists({ cardAuthority, clock, log }: World): RevocationLists {
  if (!cardAuthority) return { close: async () => {} }
  const closing = new AbortController()
  const { signal } = closing
  const run = async () => {
    let said = ''
    while (!signal.aborted) {
      await cardAuthority.renew(clock.now(), signal)
      if (signal.aborted) return
      const findings = cardAuthority.findings(clock.now())
      if (findings.length > 0 && findings.join() !== said)
        log.error({ findings }, 'operator cards do not count, or soon will not: mend their revocation lists')
      said = findings.join()
      await sleep(findings.length > 0 ? AFTER_FAILURE_MS : EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  const running = run()
  return {
    close() {
      closing.abort()
      return running
    },
  }
}
