import { readHex } from '@unlatch/card'
import { GiveUnblockCodes, type UnblockCodes } from '@unlatch/contract'
import type { ReleaseTicket } from '../../ports/key-service.ts'
import { lockCard } from '../../records/cards/cards.ts'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { lockOperator } from '../../records/operators/operators.ts'
import { drawUnblockCodes, insertUnblockCodes } from '../../records/self-service/unblock-codes.ts'
import { findSelfServiceDemand, findSelfServiceObstacle } from '../../records/self-service/ways.ts'
import { countWithinLimits } from '../../records/unblocks/release-limits.ts'
import { expectTicket, spendTicket, writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

interface Claim {
  readonly cardUuid: Uint8Array
  readonly operatorId: string
  readonly ticket: ReleaseTicket
  readonly codes: readonly string[]
  readonly expiresAt: string | null
}

/**
 * An operator gives a holder whom he verified an unblock code, or a sheet of them: with one, and with the card, he unblocks it
 * himself. What is given voids what was given before. Its holder is told.
 *
 * @throws Fault `caller-not-verified`; `verification-not-admitted` where the card's template admits no unblock codes.
 */
export const giveUnblockCodes = operation({
  name: 'self-service.give-codes',
  permission: 'unblock:release',
  input: GiveUnblockCodes,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, keys, now, settings }, { cardId, kind }, actor) {
    const card = await lockCard(tx, cardId)
    const obstacle = await findSelfServiceObstacle(tx, card)
    if (obstacle) throw new Fault(obstacle)
    const demand = await findSelfServiceDemand(tx, card)
    if (!demand.ways.includes('unblock-code')) throw new Fault('verification-not-admitted')
    const ticket = await expectTicket(tx, { card, actor, procedure: 'telephone', now })
    const approval = await expectFourEyes(tx, { card, verificationId: ticket.id, action: 'telephone', now })
    await lockOperator(tx, actor.id)
    await countWithinLimits(tx, { card, actor, now, settings })
    await spendTicket(tx, ticket)
    const { codes, expiresAt } = drawUnblockCodes(kind, now)
    await insertUnblockCodes(tx, keys, { card, kind, codes, expiresAt, operatorId: actor.id }, now)
    await tellHolder(tx, card, { kind: 'unblock-codes-given', operatorId: actor.id, procedure: 'telephone' }, now)
    const claim: Claim = { cardUuid: readHex(card.card_uuid), operatorId: actor.id, ticket, codes, expiresAt }
    const verified = { verification: writeWays(ticket.ways), verificationId: ticket.id, approval }
    return { claim, event: { ...verified, cardId, personId: card.person_id, kind, count: codes.length, expiresAt } }
  },
  async release({ keys }, { cardUuid, operatorId, ticket, codes, expiresAt }: Claim, recordId): Promise<UnblockCodes> {
    const permit = { recordId, cardUuid, to: `operator:${operatorId}`, ticket }
    return { codes: [...(await keys.releaseUnblockCodes(permit, codes))], expiresAt }
  },
})
