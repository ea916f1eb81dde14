import { type Agent, ConnectedUnblock, type ServerClient } from '@unlatch/agent'
import type { ConnectedReader, ConnectedState, ConnectedUnblock as Progress, UnblockJob } from '@unlatch/contract'
import type { OperatorClient } from './operator-client.ts'
import type { Stage } from './stage.ts'

/** What whoever holds the card does, once an operator asks: at his screen, as it were. */
export interface CardSide {
  /** Before the card is held: he compares the digits, or swaps the card. */
  agrees(job: UnblockJob): Promise<void>
  types(attempt: ConnectedUnblock, job: UnblockJob): Promise<unknown>
  /** The line between agent and server; absent: as it is. */
  line?(server: ServerClient): ServerClient
}

/** Nothing on this computer takes longer. */
const PATIENCE_MS = 20_000

/** Opens the channels of a stage's two agents; `side` acts for whoever holds a card there. Ends them when it is called. */
export function openChannels(stage: Stage, side: CardSide): () => void {
  const channels = [stage.agent, stage.holder.agent].map((agent) =>
    agent.openChannel({
      async unblock(job, news) {
        await side.agrees(job)
        const attempt = await ConnectedUnblock.begin(toolsOf(agent, side), job, news)
        try {
          await side.types(attempt, job)
        } finally {
          await attempt.end()
          await agent.contactServer()
        }
      },
    }),
  )
  return () => {
    for (const channel of channels) channel.close()
  }
}

function toolsOf(agent: Agent, side: CardSide) {
  const { readers, journal, keySha256 } = agent
  const server = side.line?.(agent.server) ?? agent.server
  return { readers, journal, server, keySha256, configuration: agent.configuration(), now: () => new Date() }
}

/** The reader in which the console sees a card. */
export function untilSeen(operator: OperatorClient, agent: { reader: { name: string } }): Promise<ConnectedReader> {
  return poll(`a card in ${agent.reader.name}`, async () => {
    const { readers } = await operator.connectedReaders()
    return readers.find(({ reader, card }) => reader === agent.reader.name && card !== null)
  })
}

/** An unblock, once it is in one of these states. */
export function untilState(operator: OperatorClient, id: string, ...states: ConnectedState[]): Promise<Progress> {
  return poll(states.join(' or '), async () => {
    const progress = await operator.connectedUnblock(id)
    return states.includes(progress.state) ? progress : undefined
  })
}

/** What `look` finds at last. @throws Error when nothing on this computer takes so long. */
export async function poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited too long for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
