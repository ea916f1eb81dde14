import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectedUnblock, ServerClient } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import type { ConnectedReader, ConnectedState, ConnectedUnblock as Progress, UnblockJob } from '@unlatch/contract'
import type { VirtualCard, VirtualCardOptions } from '@unlatch/virtual-cards'
import { type CardSide, openChannels, untilSeen, untilState } from '../../packages/unlatch/src/demo/attended.ts'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { type Issued, issueBlocked, NEW_PIN, populate, signIn } from './played-call.ts'

/** A server, a station and a holder's laptop, each connected by its own WebSocket; and an operator who signs in the demo's way. */

export interface ConnectedStage {
  readonly stage: Stage
  readonly operator: OperatorClient
  readonly personId: string
  /** What whoever holds the card does at his screen; by default he types a new PIN. */
  atScreen: (attempt: ConnectedUnblock, job: UnblockJob) => Promise<unknown>
  /** The line between agent and server. */
  line: (server: ServerClient) => ServerClient
  /** The agents are killed: nothing that they were about goes on. They start again. */
  restartAgents(): Promise<void>
  issueBlocked(kind: Parameters<typeof issueBlocked>[2], options?: VirtualCardOptions): Promise<Issued>
  /** Puts a card into the laptop's reader, or the station's, and waits until the console sees it. */
  insert(card: VirtualCard, where?: 'laptop' | 'station'): Promise<ConnectedReader>
  ask(seen: ConnectedReader): Promise<string>
  /** Waits for a state of the unblock. */
  until(id: string, ...states: ConnectedState[]): Promise<Progress>
  sign(id: string, password?: string): Promise<void>
  /** The whole of it: asked, a new PIN, signed, done. */
  unblock(card: VirtualCard, where?: 'laptop' | 'station'): Promise<Progress>
  close(): Promise<void>
}

export async function openConnectedStage(): Promise<ConnectedStage> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-connected-'))
  const stage = await openStage(folder, { releasesPerHour: 10_000 })
  const personId = await populate(stage)
  const operator = await signIn(stage)
  const sides = { laptop: stage.holder, station: stage }
  const side: CardSide = {
    agrees: async () => {},
    types: (attempt, job) => connected.atScreen(attempt, job),
    line: (server) => connected.line(server),
  }
  let closeChannels = openChannels(stage, side)
  let count = 0

  const connected: ConnectedStage = {
    stage,
    operator,
    personId,
    line: (server) => server,
    async restartAgents() {
      closeChannels()
      while ((await operator.connectedReaders()).readers.length > 0)
        await new Promise((resolve) => setTimeout(resolve, 20))
      closeChannels = openChannels(stage, side)
    },
    atScreen: (attempt) => attempt.setNewPin(ascii(NEW_PIN), false),
    issueBlocked: (kind, options) => issueBlocked(stage, personId, kind, `CON-${++count}`, options),
    async insert(card, where = 'laptop') {
      sides[where].reader.insert(card)
      return untilSeen(operator, sides[where])
    },
    async ask({ agentId, reader, card }) {
      return operator.askUnblock({ cardId: card?.id ?? '', agentId, reader })
    },
    until: (id, ...states) => untilState(operator, id, ...states),
    async sign(id, password = OPERATOR.password) {
      const { statement } = await operator.writeStatement(id)
      await operator.sign(id, statement.nonce, { kind: 'password', password })
    },
    async unblock(card, where) {
      const id = await connected.ask(await connected.insert(card, where))
      // What fails before the holder's part is done needs no signature.
      const { state } = await connected.until(id, 'ready', 'ended')
      if (state === 'ready') await connected.sign(id)
      const end = await connected.until(id, 'unblocked', 'refused', 'unknown', 'ended')
      sides[where ?? 'laptop'].reader.remove()
      return end
    },
    async close() {
      closeChannels()
      await stage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return connected
}
