import { existsSync } from 'node:fs'
import { runAgent, sessionSocketPath } from './agent.ts'
import { runAgentSession } from './agent-session.ts'
import type { AgentOptions } from './terminal-agent.ts'

/**
 * `my-smartcard`: opens the cardholder's page. Where this computer's agent is a service, its page; elsewhere an agent of the
 * user's own, which opens it again by itself when a blocked card is put in, until it is told to stop.
 */
export async function openMySmartcard(options: AgentOptions): Promise<void> {
  if (existsSync(sessionSocketPath())) return runAgentSession({ open: true })
  await runAgent({ ...options, open: true })
}
