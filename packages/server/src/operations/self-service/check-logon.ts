import { ROOT_OF_SELF_SERVICE_WAY, type SelfServiceView } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { LogonRefusal, OpenDirectory } from '../../ports/directory.ts'
import { isProved, lockConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { getPerson } from '../../records/people/people.ts'
import { expectTries, lockChosenWay } from '../../records/self-service/chosen-way.ts'
import { viewSelfService } from '../../records/self-service/views.ts'
import { countTriesLeft, findSelfServiceWay, insertSelfServiceWay, settleWay } from '../../records/self-service/ways.ts'
import { Fault, operation } from '../operation.ts'

/** What a directory is asked with, for one person, once. */
export interface LogonQuestion {
  readonly wayId: string
  readonly open: OpenDirectory
  /** What names the person's entry for ever. */
  readonly entry: string
  readonly dn: string
}

/**
 * The holder typed the password of his account: the try is counted before the directory is asked, so that nobody tries more than
 * it is counted, however many come at once, and whatever dies.
 *
 * @throws Fault `self-service-tries` when the card has none left; `way-not-set-up` for a person out of no directory.
 */
export const beginLogon = operation({
  name: 'self-service.begin-logon',
  permission: 'agent:report',
  input: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId }, actor) {
    const way = 'domain'
    const { card } = await lockChosenWay(tx, { unblockId, way, agentId: actor.id, now })
    await expectTries(tx, card, way, now)
    const person = await getPerson(tx, card.person_id)
    const directory = person.directory_id === null ? undefined : await findConnection(tx, person.directory_id)
    const isThere = directory && !directory.isRemoved && directory.details.kind === 'directory'
    if (!isThere || person.directory_entry === null) throw new Fault('way-not-set-up')
    const root = ROOT_OF_SELF_SERVICE_WAY.domain
    const evidence = { directory: directory.name }
    const wayId = await insertSelfServiceWay(tx, { unblockId, card, way, root, state: 'asked', evidence }, now)
    return {
      claim: { wayId, directory, entry: person.directory_entry, dn: person.directory_dn ?? '' },
      event: { unblockId, cardId: card.id, personId: person.id, wayId, ...evidence },
    }
  },
  async release({ keys }, { wayId, directory, entry, dn }: Claim): Promise<LogonQuestion> {
    const { id, sealedSecret, details } = directory
    if (details.kind !== 'directory') throw new Error('a directory of another kind')
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(id, sealedSecret)
    return { wayId, open: { settings: details.directory, secret }, entry, dn }
  },
})

interface Claim {
  readonly wayId: string
  readonly directory: Connection
  readonly entry: string
  readonly dn: string
}

/**
 * What the directory said. That it could not be asked is no try.
 *
 * @throws Fault `logon-wrong`, and `account-…` for each state of an account that the directory tells.
 */
export const endLogon = operation({
  name: 'self-service.end-logon',
  permission: 'agent:report',
  input: z.object({
    unblockId: z.string().check(z.maxLength(64)),
    wayId: z.string().check(z.maxLength(64)),
    /** Null: let in; `directory-…`: it was not asked. */
    refusal: z.nullable(z.string().check(z.maxLength(60))),
  }),
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, now }, { unblockId, wayId, refusal }, actor) {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    const way = await findSelfServiceWay(tx, wayId)
    if (way?.unblock_id !== unblockId || way.way !== 'domain') throw new Fault('not-found')
    const isUnasked = refusal?.startsWith('directory-') === true
    const evidence = { ...JSON.parse(way.evidence), ...(refusal !== null && { refusal }) }
    const event = { unblockId, cardId: card.id, wayId, ...evidence }
    if (refusal !== null) {
      const state = isUnasked ? 'void' : 'failed'
      throw new Fault(refusal as LogonRefusal, {
        survives: async (after) => void (await settleWay(after, wayId, { state, evidence }, now)),
        facts: { triesLeft: await countTriesLeft(tx, { cardId: card.id, way: 'domain', now }) },
      })
    }
    if (!isProved({ connected, isClosed }, now)) throw new Fault('attempt-closed')
    if (!(await settleWay(tx, wayId, { state: 'met', evidence }, now))) throw new Fault('attempt-closed')
    return { claim: { unblockId }, event }
  },
  release: ({ database, clock }, { unblockId }): Promise<SelfServiceView> =>
    viewSelfService(database.reads, unblockId, clock.now()),
})
