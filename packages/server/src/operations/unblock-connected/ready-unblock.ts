import { randomBytes } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { MUTUAL_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import { ReadyUnblock } from '@unlatch/contract'
import { sealedCardOf } from '../../records/cards/cards.ts'
import { isWaiting, lockConnected, updateConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/**
 * The agent holds the card, and its holder chose a new PIN: from now on the operator may sign. What the secret will be bound to
 * the card by is drawn here, so that the signature is about it.
 */
export const readyUnblock = operation({
  name: 'unblock.ready',
  permission: 'agent:report',
  input: ReadyUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, keys }, { unblockId, cardUuid, reader, jobKey }, actor): Promise<Ran<never, object>> {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    // Said once more, since the answer was lost: perhaps the operator has signed meanwhile.
    if (!isClosed && connected.job_key === jobKey)
      return { result: {}, event: { unblockId, cardId: card.id, what: 'known' } }
    if (isClosed || !isWaiting(connected)) throw new Fault('attempt-closed')
    if (cardUuid !== card.card_uuid || reader !== connected.reader) throw new Fault('card-swapped')
    const sealed = sealedCardOf(card)
    if (connected.way === 'sealed' && !sealed) throw new Fault('card-puc-only')
    const binding =
      connected.way === 'sealed' && sealed ? await keys.prepareSeal(sealed) : randomBytes(MUTUAL_CHALLENGE_LENGTH)
    await updateConnected(tx, unblockId, {
      state: 'ready',
      job_key: jobKey,
      binding: writeHex(binding),
      card_challenge: null,
      statement: null,
    })
    return { result: {}, event: { unblockId, cardId: card.id } }
  },
})
