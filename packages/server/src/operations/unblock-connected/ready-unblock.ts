import { randomBytes } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { MUTUAL_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import { ReadyUnblock } from '@unlatch/contract'
import { type KeyService, KeyServiceError, type SealedCard } from '../../ports/key-service.ts'
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
    const sealed = connected.way === 'sealed' ? sealedCardOf(card) : undefined
    if (connected.way === 'sealed' && !sealed) throw new Fault('card-puc-only')
    const binding = sealed ? await prepareSeal(keys, sealed) : randomBytes(MUTUAL_CHALLENGE_LENGTH)
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

/** @throws Fault `card-puc-only` for an RSA card that was issued before its public key was kept: nothing can be sealed for it. */
async function prepareSeal(keys: KeyService, card: SealedCard): Promise<Uint8Array> {
  return keys.prepareSeal(card).catch((cause) => {
    if (cause instanceof KeyServiceError && cause.code === 'sealed-key') throw new Fault('card-puc-only', { cause })
    throw cause
  })
}
