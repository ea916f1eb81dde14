import { AnswerSelfService, ROOT_OF_SELF_SERVICE_WAY } from '@unlatch/contract'
import { expectTries, lockChosenWay } from '../../records/self-service/chosen-way.ts'
import { noteWrongCode, spendUnblockCode } from '../../records/self-service/unblock-codes.ts'
import { viewSelfService } from '../../records/self-service/views.ts'
import { insertSelfServiceWay, type NewWay } from '../../records/self-service/ways.ts'
import { Fault, operation } from '../operation.ts'

/**
 * The holder typed an unblock code: it is used up with that, and counts in this attempt alone.
 *
 * @throws Fault `unblock-code-wrong`, also for one that was used; `self-service-tries`.
 */
export const answerUnblockCode = operation({
  name: 'self-service.answer',
  permission: 'agent:report',
  input: AnswerSelfService,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, keys, now }, { unblockId, secret }, actor) {
    const way = 'unblock-code'
    const { card } = await lockChosenWay(tx, { unblockId, way, agentId: actor.id, now })
    const left = await expectTries(tx, card, way, now)
    const typed = Buffer.from(secret, 'hex').toString()
    const code = await spendUnblockCode(tx, keys, { card, typed, now })
    const about: Omit<NewWay, 'state' | 'evidence'> = { unblockId, card, way, root: ROOT_OF_SELF_SERVICE_WAY[way] }
    if (!code) {
      throw new Fault('unblock-code-wrong', {
        facts: { triesLeft: left - 1 },
        survives: async (after) => {
          await noteWrongCode(after, card.id, now)
          await insertSelfServiceWay(after, { ...about, state: 'failed', evidence: {} }, now)
        },
      })
    }
    const evidence = { code: code.id, kind: code.kind, givenBy: code.operator_id }
    const wayId = await insertSelfServiceWay(tx, { ...about, state: 'met', evidence }, now)
    return { claim: { unblockId }, event: { unblockId, cardId: card.id, wayId, ...evidence } }
  },
  release: ({ database, clock }, { unblockId }) => viewSelfService(database.reads, unblockId, clock.now()),
})
