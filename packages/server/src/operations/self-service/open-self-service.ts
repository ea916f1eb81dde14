import { randomUUID } from 'node:crypto'
import { readHex, writeHex } from '@unlatch/card'
import { OpenSelfService, type SelfServiceOpened } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { KeyServiceError, type SealedCard } from '../../ports/key-service.ts'
import { findCardByUuid, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import {
  type ConnectedRow,
  endConnected,
  findHolder,
  insertConnected,
  isWaiting,
} from '../../records/connected-unblocks/connected-unblocks.ts'
import { findSelfServiceObstacle } from '../../records/self-service/ways.ts'
import { Fault, operation } from '../operation.ts'

interface Claim {
  readonly unblockId: string
  /** Undefined for a card that proves itself when it is unblocked. */
  readonly proof: { readonly card: SealedCard; readonly jobKey: Uint8Array } | undefined
}

/**
 * A holder begins to unblock his card himself: the card first. Nothing is given out but bytes without a meaning, which this card
 * alone opens at this agent alone; no name was typed, and none is told yet.
 *
 * @see [security.md, Self-service]
 */
export const openSelfService = operation({
  name: 'self-service.open',
  permission: 'agent:report',
  input: OpenSelfService,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx, now }, { cardUuid, reader, jobKey }, actor) {
    const found = await findCardByUuid(tx, cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const obstacle = await findSelfServiceObstacle(tx, card)
    if (obstacle) throw new Fault(obstacle)
    await endOlder(tx, card.id, actor.id, now)
    const unblockId = randomUUID()
    const openedAt = now.toISOString()
    await tx
      .insertInto('unblocks')
      .values({
        id: unblockId,
        card_id: card.id,
        person_id: card.person_id,
        operator_id: null,
        opened_at: openedAt,
        closed_at: null,
      })
      .execute()
    const sealed = sealedCardOf(card)
    await insertConnected(tx, {
      unblock_id: unblockId,
      card_id: card.id,
      agent_id: actor.id,
      agent_key_sha256: actor.keySha256 ?? '',
      agent_name: actor.name,
      reader,
      is_remote: 1,
      code: '',
      verification: '',
      way: sealed ? 'sealed' : 'mutual',
      state: sealed ? 'proving' : 'proved',
      problem: null,
      tries_left: null,
      job_key: jobKey,
      binding: null,
      card_challenge: null,
      statement: null,
      statement_sha256: null,
      signature: null,
      opened_at: openedAt,
    })
    const claim: Claim = { unblockId, proof: sealed && { card: sealed, jobKey: readHex(jobKey) } }
    return { claim, event: { unblockId, cardId: card.id, agent: actor.name, reader } }
  },
  async release({ keys }, { unblockId, proof }: Claim): Promise<SelfServiceOpened> {
    if (!proof) return { unblockId, proof: null }
    const { card, jobKey } = proof
    const sealed = await keys.sealCardProof(card, jobKey, unblockId).catch((cause) => {
      // An RSA card that was issued before its public key was kept: nothing can be sealed for it.
      if (cause instanceof KeyServiceError && cause.code === 'sealed-key') throw new Fault('card-puc-only', { cause })
      throw cause
    })
    const { variant, binding, encapsulated, ciphertext } = sealed
    return {
      unblockId,
      proof: {
        variant,
        binding: writeHex(binding),
        encapsulated: writeHex(encapsulated),
        ciphertext: writeHex(ciphertext),
      },
    }
  },
})

/**
 * The holder's own older attempt makes room. The agent that it was at holds the card again: whatever it did is over, and what it
 * knows of that is told by its report. What was given out for it stays given out, and is counted.
 *
 * @throws Fault `unblock-under-way` while an operator holds the card, or what unblocks it is on its way to another agent;
 *   `card-in-two-places` where another agent has it: one of the two is not where this card is.
 */
async function endOlder(tx: Tx, cardId: string, agentId: string, now: Date): Promise<void> {
  const older = await findHolder(tx, cardId, now)
  if (!older) return
  const isOwn = (await findOperator(tx, older)) === null
  const isHere = older.agent_id === agentId
  if (!isOwn || !(isHere || isWaiting(older))) throw new Fault('unblock-under-way')
  if (!isHere && older.state === 'proved') {
    throw new Fault('card-in-two-places', {
      caught: { kind: 'two-agents-at-once', cardId, otherAgentId: older.agent_id },
      survives: (after) => endConnected(after, older.unblock_id, 'card-in-two-places', now),
    })
  }
  await endConnected(tx, older.unblock_id, 'attempt-superseded', now)
}

async function findOperator(tx: Tx, { unblock_id }: ConnectedRow): Promise<string | null> {
  const row = await tx
    .selectFrom('unblocks')
    .select('operator_id')
    .where('id', '=', unblock_id)
    .executeTakeFirstOrThrow()
  return row.operator_id
}
