import { createHash, randomBytes } from 'node:crypto'
import { type ConnectedStatement, type StatementToSign, writeStatement } from '@unlatch/contract'
import * as z from 'zod/mini'
import { lockConnected, updateConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { lastMomentOf, writeToSign } from '../../records/operators/signature.ts'
import { expectTicket } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/** Writes what the operator is to sign: fresh each time, and the last one alone counts. */
export const writeOperatorStatement = operation({
  name: 'unblock.write-statement',
  permission: 'unblock:release',
  input: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId }, actor) {
    const { connected, card, personId, isClosed } = await lockConnected(tx, unblockId, { operatorId: actor.id })
    if (isClosed || connected.state !== 'ready') throw new Fault('attempt-closed')
    const { ways } = await expectTicket(tx, { card, actor, procedure: 'connected', now })
    const statement: ConnectedStatement = {
      operation: 'unblock-connected',
      attemptId: unblockId,
      cardUuid: card.card_uuid,
      personId,
      operatorId: actor.id,
      agentKeySha256: connected.agent_key_sha256,
      reader: connected.reader,
      bindingSha256: sha256(Buffer.from(connected.binding ?? '', 'hex')),
      verification: [...ways],
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      notAfter: lastMomentOf(now),
    }
    await updateConnected(tx, unblockId, { statement: writeStatement(statement) })
    const event = { unblockId, cardId: card.id, nonce: statement.nonce, notAfter: statement.notAfter }
    return { claim: { statement, operatorId: actor.id }, event }
  },
  async release({ database, settings }, { statement, operatorId }): Promise<StatementToSign> {
    return writeToSign(database.reads, settings, operatorId, statement)
  },
})

const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex').toUpperCase()
