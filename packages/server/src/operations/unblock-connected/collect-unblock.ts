import { readHex, writeHex } from '@unlatch/card'
import { CollectUnblock, Problem, type ReleaseStatement, type UnblockRound } from '@unlatch/contract'
import {
  type AdminKeyCard,
  type KeyService,
  KeyServiceError,
  type MutualChallenges,
  type PukRef,
  type ReleaseTicket,
  type SealedCard,
  type SealTarget,
} from '../../ports/key-service.ts'
import { isStation } from '../../records/actors.ts'
import { adminKeyCardOf, findAdminKeyRecord } from '../../records/admin-key-records/admin-key-records.ts'
import { sealedCardOf } from '../../records/cards/cards.ts'
import { lockConnected, readStatement, updateConnected } from '../../records/connected-unblocks/connected-unblocks.ts'
import { hashStatement } from '../../records/operators/statement.ts'
import { readCandidate } from '../../records/puk-records/puk-records.ts'
import { findLastRelease } from '../../records/unblocks/unblocks.ts'
import { ticketOfRelease } from '../../records/verifications/verifications.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** A statement that was executed is answered for so long after its time. */
const GRACE_MS = 2 * 60_000

type Claim =
  | {
      readonly kind: 'station-puk'
      readonly unblockId: string
      readonly ticket: ReleaseTicket
      readonly cardUuid: Uint8Array
      readonly station: string
      readonly puk: PukRef
      readonly target: Pick<SealTarget, 'jobKey' | 'info'>
      readonly statement: ReleaseStatement
    }
  | {
      readonly kind: 'puk'
      readonly unblockId: string
      readonly ticket: ReleaseTicket
      readonly card: SealedCard
      readonly puk: PukRef
      readonly target: SealTarget
      readonly statement: ReleaseStatement
    }
  | {
      readonly kind: 'answer'
      readonly unblockId: string
      readonly ticket: ReleaseTicket
      readonly card: AdminKeyCard
      readonly challenges: MutualChallenges
    }

/**
 * The agent collects what the operator's signature released: a PUK that only this card opens at this agent, or one round of the
 * mutual authentication with its admin key. Asked again, it gives the same again: the answer may have been lost.
 */
export const collectUnblock = operation({
  name: 'unblock.collect',
  permission: 'agent:report',
  input: CollectUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,

  async run({ tx, keys, now }, { unblockId, cardChallenge, cardAnswer }, actor): Promise<Ran<Claim, UnblockRound>> {
    const { connected, card, isClosed } = await lockConnected(tx, unblockId, { agentId: actor.id })
    if (isClosed || connected.state !== 'authorised') throw new Fault('attempt-closed')
    const statement = readStatement(connected)
    if (now.getTime() > Date.parse(statement.notAfter) + GRACE_MS) throw new Fault('statement-expired')
    const event = { unblockId, cardId: card.id, agent: connected.agent_name }
    const binding = readHex(connected.binding ?? '')
    const release = await findLastRelease(tx, unblockId)
    if (!release) throw new Fault('attempt-closed')
    const ticket = ticketOfRelease(release, card)
    if (connected.way !== 'mutual') {
      const puk = readCandidate(release.generation)
      if (puk === 'imported') throw new Fault('card-cannot-be-saved')
      const target = { binding, jobKey: readHex(connected.job_key ?? ''), info: hashStatement(statement) }
      const about = { unblockId, ticket, puk, target, statement }
      if (connected.way === 'station') {
        // It was a station that asked: one that became a holder's agent since is given nothing that its card does not open.
        if (!isStation(actor)) throw new Fault('card-puc-only')
        const claim: Claim = { kind: 'station-puk', ...about, cardUuid: readHex(card.card_uuid), station: actor.id }
        return { claim, event: { ...event, what: 'station-puk' } }
      }
      const sealed = sealedCardOf(card)
      if (!sealed) throw new Fault('card-cannot-be-saved')
      return { claim: { kind: 'puk', ...about, card: sealed }, event: { ...event, what: 'puk' } }
    }
    if (cardChallenge === undefined && cardAnswer === undefined) {
      const result: UnblockRound = { kind: 'host-challenge', statement, challenge: writeHex(binding) }
      return { result, event: { ...event, what: 'host-challenge' } }
    }
    const record = await findAdminKeyRecord(tx, card.id)
    if (!record) throw new Fault('card-cannot-be-saved')
    const adminKey = adminKeyCardOf(card, record)
    if (cardAnswer === undefined) {
      const challenge = cardChallenge ?? ''
      // One answer for one session: a second challenge of the card would be a second session.
      if (connected.card_challenge !== null && connected.card_challenge !== challenge) throw new Fault('attempt-closed')
      if (challenge.length !== binding.length * 2) throw new Fault('input-invalid')
      await updateConnected(tx, unblockId, { card_challenge: challenge })
      const challenges = { host: binding, card: readHex(challenge) }
      return {
        claim: { kind: 'answer', unblockId, ticket, card: adminKey, challenges },
        event: { ...event, what: 'answer' },
      }
    }
    const challenges = { host: binding, card: readHex(connected.card_challenge ?? '') }
    if (!(await keys.proveCard(adminKey, challenges, readHex(cardAnswer)))) {
      throw new Fault('card-not-proved', { caught: { kind: 'card-not-itself', cardId: card.id } })
    }
    return { result: { kind: 'proved' }, event: { ...event, what: 'proved' } }
  },

  async release({ keys }, claim: Claim, recordId): Promise<UnblockRound> {
    if (claim.kind === 'station-puk') return sealAtStation(keys, claim, recordId)
    const { unblockId, card, ticket } = claim
    const permit = { unblockId, recordId, cardUuid: card.cardUuid, ticket }
    if (claim.kind === 'answer') {
      return { kind: 'host-answer', answer: writeHex(await keys.answerMutually(permit, claim.card, claim.challenges)) }
    }
    const { variant, encapsulated, ciphertext } = await keys
      .sealPuk(permit, claim.card, claim.puk, claim.target)
      .catch((cause) => {
        // The server was started anew since: what the seal was prepared with is gone, and nothing was given out.
        if (cause instanceof KeyServiceError && cause.code === 'permit') throw new Problem('attempt-closed', { cause })
        throw cause
      })
    return {
      kind: 'puk',
      statement: claim.statement,
      sealed: {
        variant,
        binding: writeHex(claim.target.binding),
        encapsulated: writeHex(encapsulated),
        ciphertext: writeHex(ciphertext),
      },
    }
  },
})

async function sealAtStation(
  keys: KeyService,
  { unblockId, ticket, cardUuid, station, puk, target, statement }: Extract<Claim, { kind: 'station-puk' }>,
  recordId: string,
): Promise<UnblockRound> {
  const sealed = await keys.sealPukAtStation({ unblockId, recordId, cardUuid, station, ticket }, puk, target)
  const { encapsulated, ciphertext } = sealed
  return {
    kind: 'station-puk',
    statement,
    sealed: { encapsulated: writeHex(encapsulated), ciphertext: writeHex(ciphertext) },
  }
}
