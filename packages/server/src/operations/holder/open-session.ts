import { randomUUID } from 'node:crypto'
import { readHex, writeHex } from '@unlatch/card'
import { AskHolder, type HolderSessionOpened, OpenHolderSession, ProveHolderSession } from '@unlatch/contract'
import { KeyServiceError, type SealedCard } from '../../ports/key-service.ts'
import { findCardByUuid, findStateObstacle, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import {
  insertHolderSession,
  lockHolderSession,
  setHolderSessionState,
} from '../../records/holder-sessions/holder-sessions.ts'
import { viewHolderSession } from '../../records/holder-sessions/views.ts'
import { Fault, operation } from '../operation.ts'

interface Claim {
  readonly sessionId: string
  /** Undefined for a card without a key for it. */
  readonly proof: { readonly card: SealedCard; readonly jobKey: Uint8Array } | undefined
}

/**
 * A holder opens My Smartcard: his agent verified the PIN at the card, which is to prove itself. That of a GIDS card is the word
 * of the enrolled agent, as in self-service.
 *
 * @throws Fault `card-unknown`, `card-suspended`…; `card-puc-only` for an RSA card whose public key was not kept.
 * @see [security.md, Roots]
 */
export const openHolderSession = operation({
  name: 'holder.open',
  permission: 'agent:report',
  input: OpenHolderSession,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx, now }, { cardUuid, reader, jobKey }, actor) {
    const found = await findCardByUuid(tx, cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const obstacle = card.is_unheld === 1 ? 'card-in-stock' : findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const sessionId = randomUUID()
    const sealed = sealedCardOf(card)
    await insertHolderSession(tx, { id: sessionId, agent_id: actor.id, state: sealed ? 'proving' : 'open' }, card, now)
    const claim: Claim = { sessionId, proof: sealed && { card: sealed, jobKey: readHex(jobKey) } }
    return { claim, event: { sessionId, cardId: card.id, personId: card.person_id, agent: actor.name, reader } }
  },
  async release({ keys }, { sessionId, proof }: Claim): Promise<HolderSessionOpened> {
    if (!proof) return { sessionId, proof: null }
    const sealed = await keys.sealCardProof(proof.card, proof.jobKey, sessionId).catch((cause) => {
      if (cause instanceof KeyServiceError && cause.code === 'sealed-key') throw new Fault('card-puc-only', { cause })
      throw cause
    })
    const { variant, binding, encapsulated, ciphertext } = sealed
    const written = {
      binding: writeHex(binding),
      encapsulated: writeHex(encapsulated),
      ciphertext: writeHex(ciphertext),
    }
    return { sessionId, proof: { variant, ...written } }
  },
})

/** The card proves itself; from here on its holder is shown what is his. Said once more it changes nothing. */
export const proveHolderSession = operation({
  name: 'holder.prove',
  permission: 'agent:report',
  input: ProveHolderSession,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, keys, now }, { sessionId, proof }, actor) {
    const by = { agentId: actor.id, now, states: ['proving', 'open'] }
    const { session, card } = await lockHolderSession(tx, sessionId, by)
    const claim = { sessionId, agentId: actor.id }
    const event = { sessionId, cardId: card.id, personId: card.person_id }
    if (session.state === 'open') return { claim, event: { ...event, what: 'known' } }
    const sealed = sealedCardOf(card)
    const isProved = sealed && (await keys.checkCardProof(sealed, sessionId, readHex(proof ?? '')))
    if (!isProved) {
      throw new Fault('card-not-proved', {
        caught: { kind: 'card-not-itself', cardId: card.id },
        survives: (after) => setHolderSessionState(after, sessionId, 'ended'),
      })
    }
    await setHolderSessionState(tx, sessionId, 'open')
    return { claim, event: { ...event, what: 'proved' } }
  },
  release: ({ database, clock }, { sessionId, agentId }) =>
    viewHolderSession(database.reads, sessionId, agentId, clock.now()),
})

/** The holder is done, or took the card out. */
export const closeHolderSession = operation({
  name: 'holder.close',
  permission: 'agent:report',
  input: AskHolder,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, now }, { sessionId }, actor) {
    await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    await setHolderSessionState(tx, sessionId, 'ended')
    return { result: {}, event: { sessionId } }
  },
})
