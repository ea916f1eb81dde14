import type { UnblockOutcome } from '@unlatch/card/unblock'
import { ConnectedReport, type ReportTaken } from '@unlatch/contract'
import { lockConnected, updateConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { settle } from '../../records/unblocks/settle.ts'
import { findLastRelease } from '../../records/unblocks/unblocks.ts'
import { operation } from '../operation.ts'

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
