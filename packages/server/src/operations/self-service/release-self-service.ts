import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import { MUTUAL_CHALLENGE_LENGTH } from '@unlatch/card/unblock'
import { SelfServiceAttempt, type SelfServiceStatement, writeCanonicalJson } from '@unlatch/contract'
import { sealedCardOf } from '../../records/cards/cards.ts'
import { isProved, lockConnected, updateConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { judgeCard } from '../../records/connected-unblocks/judge-card.ts'
import { whatLeaves } from '../../records/connected-unblocks/what-leaves.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { hashStatement } from '../../records/operators/statement.ts'
import { afterRelease } from '../../records/puk-records/puk-record.ts'
import { updatePukRecord } from '../../records/puk-records/puk-records.ts'
import { findMetWays, TICKET_MS } from '../../records/self-service/demand.ts'
import {
  findSelfServiceDemand,
  findSelfServiceObstacle,
  listWaysOf,
  metWaysOf,
} from '../../records/self-service/ways.ts'
import { countWithinLimits } from '../../records/unblocks/release-limits.ts'
import { insertRelease } from '../../records/unblocks/unblocks.ts'
import { writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** What a device pushes and nobody signs has no session and no operator. */
const NO_OPERATOR = { id: '' }

/**
 * **OK**: the holder has shown that it is he, and what unblocks his card is claimed for it, once; its agent then collects it. The
 * ticket is bound to attempt, person, card and agent, and is good for two minutes after its last way was met.
 *
 * @throws Fault `caller-not-verified` while the template demands more; `statement-expired` where that was too long ago.
 */
export const releaseSelfService = operation({
  name: 'self-service.release',
  permission: 'agent:report',
  input: SelfServiceAttempt,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, keys, now, settings }, { unblockId }, actor): Promise<Ran<never, object>> {
    const { connected, card, personId, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    // Said once more, since the answer was lost.
    if (!isClosed && connected.state === 'authorised') {
      return { result: {}, event: { unblockId, cardId: card.id, what: 'known' } }
    }
    if (!isProved({ connected, isClosed }, now) || personId !== card.person_id) throw new Fault('attempt-closed')
    const obstacle = await findSelfServiceObstacle(tx, card)
    if (obstacle) throw new Fault(obstacle)
    const standing = findMetWays(await findSelfServiceDemand(tx, card), metWaysOf(await listWaysOf(tx, unblockId)))
    if (!standing) throw new Fault('caller-not-verified')
    const notAfter = new Date(Date.parse(standing.metAt) + TICKET_MS)
    if (notAfter <= now) throw new Fault('statement-expired')
    const number = 1 + (await countWithinLimits(tx, { card, actor: NO_OPERATOR, now, settings }))
    const judged = await judgeCard(tx, card, { procedure: 'selfService', isSupervisor: false, isStation: false })
    if ('obstacle' in judged) throw new Fault(judged.obstacle)
    const sealed = sealedCardOf(card)
    const binding =
      judged.way === 'mutual' || !sealed ? randomBytes(MUTUAL_CHALLENGE_LENGTH) : await keys.prepareSeal(sealed)
    const statement: SelfServiceStatement = {
      operation: 'unblock-self-service',
      attemptId: unblockId,
      cardUuid: card.card_uuid,
      personId,
      ways: standing.ways,
      agentKeySha256: connected.agent_key_sha256,
      reader: connected.reader,
      bindingSha256: sha256(binding),
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      notAfter: notAfter.toISOString(),
    }
    const leaves = whatLeaves(judged)
    const at = now.toISOString()
    if (judged.way !== 'mutual') {
      const { puk } = judged
      await updatePukRecord(tx, card.id, puk, afterRelease(puk.record, { at, to: personId }))
    }
    const releaseId = randomUUID()
    await insertRelease(tx, {
      id: releaseId,
      unblock_id: unblockId,
      card_id: card.id,
      operator_id: null,
      session_id: '',
      idempotency_key: unblockId,
      challenge_key: writeHex(binding),
      challenge: '',
      form: connected.way,
      generation: leaves.generation,
      unblock_key_id: '',
      verification: writeWays(standing.ways),
      verification_id: unblockId,
      released_at: at,
      outcome: 'released',
      outcome_by: null,
      outcome_at: null,
      tries_at_risk: leaves.triesAtRisk,
      receipt_misses: 0,
      number,
      reported_by: null,
    })
    const written = writeCanonicalJson(statement)
    await updateConnected(tx, unblockId, {
      state: 'authorised',
      binding: writeHex(binding),
      verification: writeWays(standing.ways),
      statement: written,
      statement_sha256: hashStatement(statement).toString('hex'),
    })
    await tellHolder(tx, card, { kind: 'cryptogram-released', procedure: 'self-service', releaseId }, now)
    const { generation } = leaves
    const event = { unblockId, cardId: card.id, personId, agent: connected.agent_name, way: connected.way, generation }
    return { result: {}, event: { ...event, ways: standing.ways, statement: written } }
  },
})

const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex').toUpperCase()
