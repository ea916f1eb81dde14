import { randomBytes } from 'node:crypto'
import { readHex, writeHex } from '@unlatch/card'
import { MUTUAL_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import { ReadyUnblock } from '@unlatch/contract'
import { type KeyService, KeyServiceError, type SealedCard } from '../../ports/key-service.ts'
import { type Actor, isStation } from '../../records/actors.ts'
import { type Card, sealedCardOf } from '../../records/cards/cards.ts'
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
    const { way, binding } = await bind(keys, card, { way: connected.way, jobKey, actor })
    await updateConnected(tx, unblockId, {
      state: 'ready',
      way,
      job_key: jobKey,
      binding: writeHex(binding),
      card_challenge: null,
      statement: null,
    })
    return { result: {}, event: { unblockId, cardId: card.id } }
  },
})

/**
 * What the operator's statement binds the secret to the card by. Where nothing can be sealed for the card it is the station's job
 * key, and the statement binds it to that alone.
 *
 * @throws Fault `card-puc-only` for such a card at a holder's agent.
 */
async function bind(
  keys: KeyService,
  card: Card,
  { way, jobKey, actor }: { way: string; jobKey: string; actor: Actor },
): Promise<{ way: string; binding: Uint8Array }> {
  if (way === 'mutual') return { way, binding: randomBytes(MUTUAL_CHALLENGE_LENGTH) }
  const sealed = sealedCardOf(card)
  const binding = sealed && (await prepareSeal(keys, sealed))
  if (binding) return { way: 'sealed', binding }
  if (!isStation(actor)) throw new Fault('card-puc-only')
  return { way: 'station', binding: readHex(jobKey) }
}

/** Undefined for an RSA card that was issued before its public key was kept: nothing can be sealed for it. */
async function prepareSeal(keys: KeyService, card: SealedCard): Promise<Uint8Array | undefined> {
  return keys.prepareSeal(card).catch((cause) => {
    if (cause instanceof KeyServiceError && cause.code === 'sealed-key') return undefined
    throw cause
  })
}
