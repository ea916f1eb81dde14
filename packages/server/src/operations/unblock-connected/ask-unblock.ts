import { randomInt, randomUUID } from 'node:crypto'
import { AskUnblock, isStationOnly, Problem, UNBLOCK_PROTOCOL, type UnblockJob } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { endConnected, findHolder, insertConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { asOperator, judgeCard } from '../../records/connected-unblocks/judge-card.ts'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { getPerson } from '../../records/people/people.ts'
import { findDocumentOf } from '../../records/templates/templates.ts'
import { countWithinLimits } from '../../records/unblocks/release-limits.ts'
import { expectTicket, writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator asks for the unblock of a card that is in a reader: its agent shows who asks, and lets the holder choose a new
 * PIN. Nothing is given out, and nothing on the card changes.
 *
 * One attempt holds a card; the same operator's next one takes the place of his last.
 */
export const askUnblock = operation({
  name: 'unblock.ask',
  permission: 'unblock:release',
  input: AskUnblock,
  subject: ({ cardId }) => `card:${cardId}`,
  async prepare({ agents }, { agentId, reader }) {
    const agent = agents.online().find(({ id }) => id === agentId)
    const seen = agent?.readers.find(({ name }) => name === reader)?.card
    if (!agent) throw new Problem('agent-offline')
    if (agent.protocol < UNBLOCK_PROTOCOL) throw new Problem('agent-too-old')
    if (!seen) throw new Problem('no-card')
    return { agent, seen }
  },
  async run({ tx, now, settings }, input, actor, { agent, seen }) {
    const card = await lockCard(tx, input.cardId)
    if (seen.cardUuid !== card.card_uuid) throw new Fault('card-swapped')
    if (seen.isBlocked === false) throw new Fault('card-not-blocked')
    const document = await findDocumentOf(tx, card)
    if (document && isStationOnly(document) && !agent.isStation) throw new Fault('standard-refuses')
    const judged = await judgeCard(tx, card, { ...asOperator(actor), isStation: agent.isStation })
    if ('obstacle' in judged) throw new Fault(judged.obstacle)
    await countWithinLimits(tx, { card, actor, now, settings })
    const { id: verificationId, ways } = await expectTicket(tx, { card, actor, procedure: 'connected', now })
    await expectFourEyes(tx, { card, verificationId, action: 'connected', now })
    const verification = writeWays(ways)
    const person = await getPerson(tx, card.person_id)
    const unblockId = randomUUID()
    const openedAt = now.toISOString()
    const unblock = { id: unblockId, card_id: card.id, person_id: person.id, operator_id: actor.id }
    const ended = await endOlder(tx, card.id, actor.id, now)
    await tx
      .insertInto('unblocks')
      .values({ ...unblock, opened_at: openedAt, closed_at: null })
      .execute()
    const isRemote = !agent.isStation
    const code = String(randomInt(10, 100))
    await insertConnected(tx, {
      unblock_id: unblockId,
      card_id: card.id,
      agent_id: agent.id,
      agent_key_sha256: agent.keySha256,
      agent_name: agent.name,
      reader: input.reader,
      is_remote: Number(isRemote),
      code,
      verification,
      way: judged.way,
      state: 'asked',
      problem: null,
      tries_left: null,
      job_key: null,
      binding: null,
      card_challenge: null,
      statement: null,
      statement_sha256: null,
      signature: null,
      opened_at: openedAt,
    })
    const job: UnblockJob = {
      kind: 'unblock',
      unblockId,
      cardId: card.id,
      cardUuid: card.card_uuid,
      reader: input.reader,
      operatorName: actor.name,
      personName: person.name,
      cardLabel: card.label,
      printedSerial: card.printed_serial,
      isRemote,
      code,
    }
    const event = {
      unblockId,
      cardId: card.id,
      personId: person.id,
      agent: agent.name,
      reader: input.reader,
      verification,
    }
    return { claim: { agentId: agent.id, job, ended }, event: { ...event, isRemote } }
  },
  async release({ agents }, { agentId, job, ended }) {
    if (ended) agents.tell(ended.agentId, { type: 'cancel', jobId: ended.unblockId })
    agents.order(agentId, job.unblockId, job)
    return { id: job.unblockId }
  },
})

/** @throws Fault `unblock-under-way` when somebody else's attempt holds the card, or a PUK is on its way to it. */
async function endOlder(tx: Parameters<typeof findHolder>[0], cardId: string, operatorId: string, now: Date) {
  const older = await findHolder(tx, cardId, now)
  if (!older) return undefined
  const unblock = await tx
    .selectFrom('unblocks')
    .select('operator_id')
    .where('id', '=', older.unblock_id)
    .executeTakeFirst()
  // A holder who got stuck alone makes room for whoever helps him.
  const isOwn = unblock?.operator_id === operatorId || unblock?.operator_id === null
  if (!isOwn || older.state === 'authorised') throw new Fault('unblock-under-way')
  await endConnected(tx, older.unblock_id, 'attempt-superseded', now)
  return { agentId: older.agent_id, unblockId: older.unblock_id }
}
