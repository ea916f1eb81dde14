import type { UnblockOutcome } from '@unlatch/card/unblock'
import { ConnectedReport, DropUnblock, type ReportTaken } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Tx } from '../../db/open.ts'
import {
  endConnected,
  isWaiting,
  lockConnected,
  updateConnected,
} from '../../records/connected-unblocks/connected-unblocks.ts'
import { settle } from '../../records/unblocks/settle.ts'
import { findLastRelease } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'

/** The agent tells what became of the card. Told again it changes nothing; nothing in it is a secret. */
export const reportConnected = operation({
  name: 'unblock.report-connected',
  permission: 'agent:report',
  input: ConnectedReport,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, outcome, triesLeft, at }, actor) {
    const { connected, card } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const release = await findLastRelease(tx, unblockId)
    const event = { unblockId, cardId: card.id, told: outcome, triesLeft, at }
    const end = (result: ReportTaken['result']) => ({ result: { result }, event: { ...event, result } })
    if (!release) return end('no-release')
    if (release.outcome !== 'released') return end('known')
    await settle(tx, { card, release, outcome: readOutcome(outcome, triesLeft), by: 'report', now })
    if (outcome === 'unblocked') {
      await tx.updateTable('releases').set({ reported_by: actor.id }).where('id', '=', release.id).execute()
    }
    const state = connected.state === 'authorised' ? outcome : connected.state
    await updateConnected(tx, unblockId, { state, tries_left: triesLeft })
    return end('recorded')
  },
})

/** Refused without a count: tries are unknown, which the record takes for the worst that is sure. */
const readOutcome = (code: ConnectedReport['outcome'], triesLeft: number | null): UnblockOutcome =>
  code !== 'refused' ? { code } : triesLeft === null ? { code: 'unknown' } : { code, triesLeft }

/**
 * The agent ends it before the card saw anything of it: the holder declined, the card went away. What was released meanwhile
 * stays exposed.
 */
export const dropUnblock = operation({
  name: 'unblock.drop',
  permission: 'agent:report',
  input: DropUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, problem }, actor) {
    const { connected, card } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const event = { unblockId, cardId: card.id, problem, state: connected.state }
    const isReleased = connected.state === 'authorised'
    if (!isWaiting(connected) && !isReleased) return { result: {}, event: { ...event, what: 'known' } }
    if (isReleased) await closeUnused(tx, unblockId, now)
    await endConnected(tx, unblockId, problem, now)
    return { result: {}, event: { ...event, what: 'dropped' } }
  },
})

/** The agent says that the card saw nothing of it: the PUK stays exposed, and a try that may be lost stays counted. */
async function closeUnused(tx: Tx, unblockId: string, now: Date): Promise<void> {
  await tx
    .updateTable('releases')
    .set({ outcome: 'unknown', outcome_by: 'report', outcome_at: now.toISOString() })
    .where('unblock_id', '=', unblockId)
    .where('outcome', '=', 'released')
    .execute()
}

/** The operator wants it no more. */
export const cancelUnblock = operation({
  name: 'unblock.cancel',
  permission: 'unblock:release',
  input: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId }, actor) {
    const { connected, card } = await lockConnected(tx, unblockId, { operatorId: actor.id })
    if (!isWaiting(connected)) throw new Fault('attempt-closed')
    await endConnected(tx, unblockId, 'attempt-cancelled', now)
    return { claim: { agentId: connected.agent_id, unblockId }, event: { unblockId, cardId: card.id } }
  },
  async release({ agents }, { agentId, unblockId }) {
    agents.tell(agentId, { type: 'cancel', jobId: unblockId })
    return {}
  },
})
