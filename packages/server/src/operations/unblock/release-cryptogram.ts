import { randomUUID } from 'node:crypto'
import { readHex } from '@unlatch/card'
import { writeBareCryptogram, writeNativeCryptogram } from '@unlatch/card/unblock'
import { type Cryptogram, ReleaseCryptogram, readTypedCode } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Tx } from '../../db/open.ts'
import type { AdminKeyCard, PukRef, ReleaseTicket, SealedCard } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import { adminKeyCardOf, updateAdminKeyRecord } from '../../records/admin-key-records/admin-key-records.ts'
import { type Card, sealedCardOf } from '../../records/cards/cards.ts'
import { expectFourEyes } from '../../records/four-eyes/approvals.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { lockOperator } from '../../records/operators/operators.ts'
import { judgeSignature, type Proof } from '../../records/operators/signature.ts'
import { afterRelease } from '../../records/puk-records/puk-record.ts'
import { readCandidate, updatePukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { countWithinLimits } from '../../records/unblocks/release-limits.ts'
import {
  findStatement,
  insertMiss,
  insertRelease,
  lockUnblock,
  type Release,
  type UnblockRow,
} from '../../records/unblocks/unblocks.ts'
import { expectTicket, spendTicket, ticketOfRelease, writeWays } from '../../records/verifications/verifications.ts'
import { Fault, operation } from '../operation.ts'
import { expectSigned } from './expect-signed.ts'
import { type BadChallenge, type GoodChallenge, judgeChallenge } from './judge-challenge.ts'
import { REPETITION_MS } from './limits.ts'
import { findObstacle, triesAtRiskOfAdminKey } from './rules.ts'

/** What was claimed, and how it is answered once the record is durable. */
interface Claim {
  readonly unblockId: string
  readonly ticket: ReleaseTicket
  readonly challenge: string
  readonly form: GoodChallenge['form']
  readonly masked: { card: SealedCard; puk: PukRef } | undefined
  readonly native: { card: AdminKeyCard; block: Uint8Array } | undefined
}

/** Answers a blocked card's challenge, so that its holder may set a new PIN without a network; the operator signs for it. */
export const releaseCryptogram = operation({
  name: 'unblock.release-cryptogram',
  permission: 'unblock:release',
  input: ReleaseCryptogram,
  subject: ({ unblockId }) => `unblock:${unblockId}`,

  async prepare(world, { unblockId, signed }, actor): Promise<Proof> {
    const statement = signed && (await findStatement(world.database.reads, unblockId, actor.id))
    return signed && statement
      ? judgeSignature(world, statement, signed.signature, actor)
      : { statement: '', by: undefined }
  },

  async run({ tx, keys, now, settings }, input, actor, proof) {
    const { unblock, card } = await lockUnblock(tx, input.unblockId, actor.id)
    if (unblock.closed_at !== null) throw new Fault('attempt-closed')

    const context = { tx, keys, now, allowsBareForm: settings.allowsBareForm }
    const judged = await judgeChallenge(context, unblock, card, input.challenge)
    if (judged.code !== 'match') throw refusalOf(judged as BadChallenge, unblock, now)
    const good = judged as GoodChallenge

    if (good.answered) {
      if (!isRepetition(good.answered, input, actor, now)) throw new Fault('challenge-answered')
      return { claim: claimOf(card, good, good.answered), event: eventOf(card, good.answered, 'repeated') }
    }
    if (good.form === 'bare') expectBareConfirmed(input, good, card)
    await lockOperator(tx, actor.id)
    const number = 1 + (await countWithinLimits(tx, { card, actor, now, settings }))
    const ticket = await expectTicket(tx, { card, actor, procedure: 'telephone', now })
    const approval = await expectFourEyes(tx, { card, verificationId: ticket.id, action: 'telephone', now })
    const signed = await expectSigned(tx, { input, unblock, card, good, actor, proof, now, ticket })
    const obstacle = await findObstacle(tx, card, good, actor)
    if (obstacle) throw new Fault(obstacle)

    const release = await claimChallenge(tx, { card, unblock, good, actor, now, input, number, ticket })
    await spendTicket(tx, ticket)
    const told = { operatorId: actor.id, procedure: 'telephone', releaseId: release.id } as const
    await tellHolder(tx, card, { kind: 'cryptogram-released', ...told }, now)
    return {
      claim: claimOf(card, good, release),
      event: { ...eventOf(card, release, 'released'), approval, ...signed },
    }
  },

  async release({ keys }, claim: Claim, recordId): Promise<Cryptogram> {
    const { unblockId, ticket, challenge, masked, native } = claim
    if (masked) {
      const permit = { unblockId, recordId, cardUuid: masked.card.cardUuid, ticket }
      const code = await keys.releaseCryptogram(permit, masked.card, masked.puk, challenge)
      return { kind: 'cryptogram', code, bareHex: null, closesBy: 'receipt' }
    }
    if (!native) throw new Error('a claim without a key')
    const permit = { unblockId, recordId, cardUuid: native.card.cardUuid, ticket }
    const response = await keys.answerAdminChallenge(permit, native.card, native.block)
    const bareHex = writeBareCryptogram(response)
    return claim.form === 'bare'
      ? { kind: 'bare-cryptogram', code: bareHex, bareHex, closesBy: 'word' }
      : { kind: 'native-cryptogram', code: writeNativeCryptogram(response), bareHex, closesBy: 'word' }
  },
})

function refusalOf(judged: BadChallenge, unblock: UnblockRow, now: Date): Fault {
  const { code, isMiss, otherCard } = judged
  const facts = otherCard ? { otherCard: { id: otherCard.id, label: otherCard.label } } : {}
  return new Fault(code, isMiss ? { facts, survives: (tx) => insertMiss(tx, unblock, now) } : { facts })
}

/** The same operator in the same session asks the same thing again within two minutes: the answer was lost on the way. */
function isRepetition(release: Release, input: { idempotencyKey: string }, actor: Actor, now: Date): boolean {
  const ageMs = now.getTime() - Date.parse(release.released_at)
  return (
    release.operator_id === actor.id &&
    release.session_id === actor.sessionId &&
    release.idempotency_key === input.idempotencyKey &&
    // A clock that was set back opens the window no second time.
    ageMs >= 0 &&
    ageMs < REPETITION_MS
  )
}

/** Bare hexadecimal carries no check: it is given twice, and the end of the card's printed serial is confirmed. */
function expectBareConfirmed(input: ReleaseCryptogram, good: GoodChallenge, card: Card): void {
  const isSame = input.bare !== undefined && readTypedCode(input.bare.challengeAgain) === good.challenge
  const serialEnd = card.printed_serial
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(-4)
    .toUpperCase()
  if (!isSame || input.bare?.serialEnd.trim().toUpperCase() !== serialEnd) throw new Fault('bare-form-unconfirmed')
}

async function claimChallenge(
  tx: Tx,
  on: {
    card: Card
    unblock: UnblockRow
    good: GoodChallenge
    actor: Actor
    now: Date
    input: ReleaseCryptogram
    number: number
    ticket: ReleaseTicket
  },
): Promise<Release> {
  const { card, unblock, good, actor, now, input, number, ticket } = on
  const at = now.toISOString()
  let generation = good.adminKey?.generation ?? ''
  let triesAtRisk = good.adminKey ? triesAtRiskOfAdminKey(good.adminKey, good.form) : 0
  if (!good.adminKey) {
    const { puk } = good
    const [likeliest] = puk?.record.candidates ?? []
    if (!puk || likeliest === undefined) throw new Fault('card-cannot-be-saved')
    generation = writeCandidate(likeliest)
    triesAtRisk = puk.record.candidates.length > 1 ? 1 : 0
    await updatePukRecord(tx, card.id, puk, afterRelease(puk.record, { at, to: card.person_id }))
  } else if (good.form === 'bare') {
    await updateAdminKeyRecord(tx, card.id, { session_given_at: at })
  }
  const release: Release = {
    id: randomUUID(),
    unblock_id: unblock.id,
    card_id: card.id,
    operator_id: actor.id,
    session_id: actor.sessionId,
    idempotency_key: input.idempotencyKey,
    challenge_key: good.challengeKey,
    challenge: good.challenge,
    form: good.form,
    generation,
    unblock_key_id: good.unblockKeyId,
    verification: writeWays(ticket.ways),
    verification_id: ticket.id,
    released_at: at,
    outcome: 'released',
    outcome_by: null,
    outcome_at: null,
    tries_at_risk: triesAtRisk,
    receipt_misses: 0,
    number,
    reported_by: null,
  }
  try {
    await insertRelease(tx, release)
  } catch (error) {
    if (isUniqueViolation(error)) throw new Fault('challenge-answered', { cause: error })
    throw error
  }
  return release
}

function claimOf(card: Card, good: GoodChallenge, release: Release): Claim {
  const ticket = ticketOfRelease(release, card)
  const rest = { unblockId: release.unblock_id, ticket, challenge: good.challenge, form: good.form }
  if (good.adminKey) {
    const native = { card: adminKeyCardOf(card, good.adminKey), block: readHex(good.challengeKey) }
    return { ...rest, masked: undefined, native }
  }
  const sealed = sealedCardOf(card)
  const puk = readCandidate(release.generation)
  if (!sealed || puk === 'imported') throw new Fault('card-cannot-be-saved')
  return { ...rest, masked: { card: sealed, puk }, native: undefined }
}

const eventOf = (card: Card, release: Release, what: string) => ({
  what,
  cardId: card.id,
  cardUuid: card.card_uuid,
  personId: card.person_id,
  challenge: release.challenge,
  form: release.form,
  generation: release.generation,
  unblockKeyId: release.unblock_key_id,
  verification: release.verification,
  verificationId: release.verification_id,
})
