import { randomUUID } from 'node:crypto'
import { chooseLanguage } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { chooseAddresses, type NoticeAddress } from '../../records/notices/addresses.ts'
import {
  hashToken,
  insertNoticeDelivery,
  listNoticeDeliveries,
  tokenOf,
  wordsOf,
} from '../../records/notices/notice-deliveries.ts'
import { lockNotice, type Notice, updateNotice } from '../../records/notices/notices.ts'
import { requeueIn } from '../../records/outbox/attempts.ts'
import { getPerson } from '../../records/people/people.ts'
import { Fault, operation, type RunContext } from '../operation.ts'

/** Decides which addresses a notice goes to, each as a delivery of its own; or writes down why nobody is told. */
export const planNotice = operation({
  name: 'notice.plan',
  permission: 'delivery:carry-out',
  input: z.object({ noticeId: z.string().check(z.maxLength(64)) }),
  subject: ({ noticeId }) => `notice:${noticeId}`,
  async run(context, { noticeId }) {
    const { tx } = context
    const notice = await lockNotice(tx, noticeId)
    const about = { noticeId, cardId: notice.card_id, personId: notice.person_id, kind: notice.kind }
    if (notice.planned_at !== null) return { result: {}, event: { ...about, what: 'planned-before' } }
    const planned = await spread(context, notice)
    return { result: {}, event: { ...about, ...planned } }
  },
})

/**
 * An operator tells a holder again, at the addresses that are on record now as well. The message at an address is the same as
 * before, with the same link.
 *
 * @throws Problem `notice-over` while it is being sent, and once its link is answered; `notice-older`.
 */
export const retryNotice = operation({
  name: 'notice.retry',
  permission: 'unblock:release',
  input: z.object({ noticeId: z.string().check(z.maxLength(64)) }),
  subject: ({ noticeId }) => `notice:${noticeId}`,
  async run(context, { noticeId }) {
    const { tx } = context
    const notice = await lockNotice(tx, noticeId)
    if (notice.problem === 'notice-older') throw new Fault('notice-older')
    const before = await listNoticeDeliveries(tx, [noticeId])
    const isBusy = notice.planned_at === null || before.some(({ state }) => state === 'sending')
    if (isBusy || before.some(({ answer }) => answer !== null)) throw new Fault('notice-over')
    const about = { noticeId, cardId: notice.card_id, personId: notice.person_id, kind: notice.kind }
    return { result: {}, event: { ...about, ...(await spread(context, notice)) } }
  },
})

/** One delivery for each address; one that is there already is due again. */
async function spread({ tx, keys, now, settings }: RunContext, notice: Notice) {
  const person = await getPerson(tx, notice.person_id)
  const { addresses, obstacle } = await chooseAddresses(tx, person, now)
  const known = await listNoticeDeliveries(tx, [notice.id])
  for (const address of addresses) {
    const same = known.find((one) => one.address === address.address && one.address_kind === address.kind)
    if (same) await requeueIn(tx, 'notice_deliveries', same.id, now)
    else await addDelivery(tx, keys, notice.id, address, now)
  }
  const words = notice.words ?? (await wordsOf(keys, notice.id, chooseLanguage([person.language]) ?? settings.language))
  await updateNotice(tx, notice.id, { planned_at: now.toISOString(), words, problem: obstacle })
  return { to: addresses.map(({ address }) => address), problem: obstacle }
}

async function addDelivery(
  tx: Tx,
  keys: Pick<KeyService, 'macCode'>,
  noticeId: string,
  { kind, address, isPrevious }: NoticeAddress,
  now: Date,
): Promise<void> {
  const id = randomUUID()
  const at = now.toISOString()
  await insertNoticeDelivery(tx, {
    id,
    notice_id: noticeId,
    address_kind: kind,
    address,
    is_previous: isPrevious ? 1 : 0,
    token_hash: hashToken(await tokenOf(keys, id)),
    state: 'queued',
    attempts: 0,
    next_at: at,
    problem: null,
    detail: null,
    created_at: at,
    delivered_at: null,
    answer: null,
    answered_at: null,
  })
}
