import { CloseOpenOutcome } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { findOpenRelease } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'
import { closeRelease } from './close-release.ts'

/**
 * Somebody calls again: what became of the last cryptogram for this card is entered, whichever operator gave it. Wrong receipts
 * count for the release, not for who types them.
 */
export const closeOpenOutcome = operation({
  name: 'unblock.close-open-outcome',
  permission: 'unblock:release',
  input: CloseOpenOutcome,
  subject: ({ cardId }) => `card:${cardId}`,
  async run(context, { cardId, ...closing }) {
    const { tx } = context
    const card = await lockCard(tx, cardId)
    const release = await findOpenRelease(tx, cardId, (await findPukRecord(tx, cardId))?.rotatedAfter)
    if (!release) throw new Fault('attempt-closed', { detail: 'no outcome of this card is open' })
    const { result, event } = await closeRelease(context, card, release, closing)
    return { result, event: { ...event, releasedBy: release.operator_id } }
  },
})
