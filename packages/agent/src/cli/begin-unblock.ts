import { writeHex } from '@unlatch/card'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Agent } from '../main.ts'
import { chooseReader } from '../tasks/choose-reader.ts'
import type { UnblockAttempt, UnblockTools } from '../tasks/unblock-attempt.ts'
import type { PinWay } from '../tasks/unblock-way.ts'
import { LANGUAGE } from './language.ts'
import type { Terminal } from './terminal.ts'

/** What may be chosen on the command line. */
export interface UnblockOptions {
  readonly reader: string | undefined
  readonly isForced: boolean
  /** Machine-readable: one JSON object a line on the output. */
  readonly isJson: boolean
}

/**
 * What every unblock at a terminal begins with: a reader, the newest configuration where the server can be reached, and the
 * card held.
 *
 * @returns the attempt, which the caller ends; and a promise that rejects when the card goes away.
 */
export async function beginUnblock<Attempt extends UnblockAttempt<PinWay>>(
  agent: Agent,
  terminal: Terminal,
  options: UnblockOptions,
  begin: (tools: UnblockTools, reader: string, force: boolean) => Promise<Attempt>,
): Promise<{ attempt: Attempt; lost: Promise<never> }> {
  const reader = await chooseReader(agent.readers, options.reader)
  await agent.contactServer().catch(() => {})
  if (!agent.isConfigured()) terminal.tell(MESSAGES[LANGUAGE].terminal.notConfigured)
  const { readers, journal } = agent
  const tools = { readers, journal, configuration: agent.configuration(), now: () => new Date() }
  const attempt = await begin(tools, reader, options.isForced)
  attempt.policy = await agent.policies.of(writeHex(attempt.reading.cardUuid))
  const lost = attempt.whenLost().then((problem) => Promise.reject(problem))
  lost.catch(() => {})
  return { attempt, lost }
}
