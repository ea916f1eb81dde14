import { readHex } from '@unlatch/card'
import { ProveSelfService } from '@unlatch/contract'
import { sealedCardOf } from '../../records/cards/cards.ts'
import {
  endConnected,
  isTooOld,
  lockConnected,
  updateConnected,
} from '../../records/connected-unblocks/connected-unblocks.ts'
import { viewSelfService } from '../../records/self-service/views.ts'
import { Fault, operation } from '../operation.ts'

/**
 * The card proves itself: what was sealed for it comes back. From here on its holder is told who he is taken for, and by which
 * ways he may show that he is it. Said once more it changes nothing.
 */
export const proveSelfService = operation({
  name: 'self-service.prove',
  permission: 'agent:report',
  input: ProveSelfService,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, keys, now }, { unblockId, proof }, actor) {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const isOpen = connected.state === 'proving' || connected.state === 'proved'
    if (isClosed || !isOpen || isTooOld(connected, now)) throw new Fault('attempt-closed')
    const event = { unblockId, cardId: card.id, agent: connected.agent_name }
    if (connected.state === 'proved') {
      return { claim: { unblockId }, event: { ...event, what: 'known' } }
    }
    const sealed = sealedCardOf(card)
    const isProved = sealed && (await keys.checkCardProof(sealed, unblockId, readHex(proof ?? '')))
    if (!isProved) {
      throw new Fault('card-not-proved', {
        caught: { kind: 'card-not-itself', cardId: card.id },
        survives: (after) => endConnected(after, unblockId, 'card-not-proved', now),
      })
    }
    await updateConnected(tx, unblockId, { state: 'proved' })
    return { claim: { unblockId }, event: { ...event, what: 'proved' } }
  },
  release: ({ database, clock }, { unblockId }) => viewSelfService(database.reads, unblockId, clock.now()),
})
