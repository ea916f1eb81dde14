import { randomBytes } from 'node:crypto'
import {
  findForm,
  findStrangeSymbol,
  isStationOnly,
  type OfflineStatement,
  readTypedCode,
  type StatementToSign,
  WriteOfflineStatement,
  writeStatement,
} from '@unlatch/contract'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { lastMomentOf, writeToSign } from '../../records/operators/signature.ts'
import { findDocumentOf } from '../../records/templates/templates.ts'
import { lockUnblock, noteStatement } from '../../records/unblocks/unblocks.ts'
import { expectTicket } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Writes what the operator is to sign before a cryptogram leaves: fresh each time, and the last one of a call counts. Whether
 * the challenge is this card's is judged when it is released.
 */
export const writeOfflineStatement = operation({
  name: 'unblock.write-offline-statement',
  permission: 'unblock:release',
  input: WriteOfflineStatement,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, challenge }, actor) {
    const { unblock, card } = await lockUnblock(tx, unblockId, actor.id)
    if (unblock.closed_at !== null) throw new Fault('attempt-closed')
    // The card may have moved to another version of its template since the call began.
    const document = await findDocumentOf(tx, card)
    if (document && isStationOnly(document)) throw new Fault('standard-refuses')
    const { id: verificationId, ways } = await expectTicket(tx, { card, actor, procedure: 'telephone', now })
    await expectFourEyes(tx, { card, verificationId, action: 'telephone', now })
    const symbols = readTypedCode(challenge)
    if (findStrangeSymbol(symbols) !== undefined || !findForm(symbols)) throw new Fault('challenge-malformed')
    const statement: OfflineStatement = {
      operation: 'unblock-offline',
      attemptId: unblockId,
      cardUuid: card.card_uuid,
      personId: card.person_id,
      operatorId: actor.id,
      challenge: symbols,
      verification: [...ways],
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      notAfter: lastMomentOf(now),
    }
    await noteStatement(tx, unblockId, writeStatement(statement))
    const event = { cardId: card.id, challenge: symbols, nonce: statement.nonce, notAfter: statement.notAfter }
    return { claim: { statement, operatorId: actor.id }, event }
  },
  async release({ database, settings }, { statement, operatorId }): Promise<StatementToSign> {
    return writeToSign(database.reads, settings, operatorId, statement)
  },
})
