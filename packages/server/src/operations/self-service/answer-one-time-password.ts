import { AnswerSelfService, ROOT_OF_SELF_SERVICE_WAY } from '@unlatch/contract'
import { expectTries, lockChosenWay } from '../../records/self-service/chosen-way.ts'
import {
  listUsableOneTimePasswords,
  type OneTimePassword,
  spendOneTimeCode,
} from '../../records/self-service/one-time-passwords.ts'
import { viewSelfService } from '../../records/self-service/views.ts'
import { insertSelfServiceWay, type NewWay } from '../../records/self-service/ways.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/**
 * The holder typed a code of his authenticator app: it counts once, and in this attempt alone.
 *
 * @throws Fault `one-time-password-wrong`, also for one that was used or is of another time; `self-service-tries`;
 *   `way-not-set-up` for a person without one that counts already.
 */
export const answerOneTimePassword = operation({
  name: 'self-service.answer-one-time-password',
  permission: 'agent:report',
  input: AnswerSelfService,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run(context, { unblockId, secret }, actor) {
    const { tx, now } = context
    const way = 'one-time-password'
    const { card } = await lockChosenWay(tx, { unblockId, way, agentId: actor.id, now })
    const usable = await listUsableOneTimePasswords(tx, card.person_id, now)
    if (usable.length === 0) throw new Fault('way-not-set-up')
    const left = await expectTries(tx, card, way, now)
    const about: Omit<NewWay, 'state' | 'evidence'> = { unblockId, card, way, root: ROOT_OF_SELF_SERVICE_WAY[way] }
    const found = await spendOneOf(context, usable, Buffer.from(secret, 'hex').toString())
    if (!found) {
      throw new Fault('one-time-password-wrong', {
        facts: { triesLeft: left - 1 },
        survives: async (after) =>
          void (await insertSelfServiceWay(after, { ...about, state: 'failed', evidence: {} }, now)),
      })
    }
    const evidence = { oneTimePasswordId: found.id, label: found.label, kind: found.kind }
    const wayId = await insertSelfServiceWay(tx, { ...about, state: 'met', evidence }, now)
    return { claim: { unblockId }, event: { unblockId, cardId: card.id, wayId, ...evidence } }
  },
  release: ({ database, clock }, { unblockId }) => viewSelfService(database.reads, unblockId, clock.now()),
})

async function spendOneOf(
  { tx, keys, now }: RunContext,
  usable: readonly OneTimePassword[],
  code: string,
): Promise<OneTimePassword | undefined> {
  for (const one of usable) if (await spendOneTimeCode(tx, keys, one, { code, now })) return one
  return undefined
}
