import { randomBytes } from 'node:crypto'
import { type Octets, readHex, writeHex } from '@unlatch/card'
import { isOk, readFault, readResponse } from '@unlatch/card/iso7816'
import type { Generation } from '@unlatch/card/unblock'
import { RotatePuk, type RotationRound, TouchCard } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { type Actor, isStation } from '../../records/actors.ts'
import { findAdminKeyRecord } from '../../records/admin-key-records/admin-key-records.ts'
import { type Card, findCardByUuid, findStateObstacle, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import { findIdentityConflict } from '../../records/cards/identity.ts'
import { readImported, writeImported } from '../../records/cards/imported-secrets.ts'
import { isHeldByOther, takeLease } from '../../records/cards/leases.ts'
import { useApproval } from '../../records/cards/try-approvals.ts'
import { findGeneration, intendGeneration } from '../../records/generations/generations.ts'
import { queuePuc } from '../../records/outbox/outbox.ts'
import type { PukCandidate, PukRecord } from '../../records/puk-records/puk-record.ts'
import {
  findPukRecord,
  outdateReleases,
  type Rotation,
  readCandidate,
  type StoredPukRecord,
  updatePukRecord,
  writeCandidate,
} from '../../records/puk-records/puk-records.ts'
import {
  afterChange,
  afterHolderChange,
  afterProbe,
  planRotation,
  type StationAnswer,
} from '../../records/puk-records/rotation.ts'
import { findLastReleaseOf } from '../../records/unblocks/unblocks.ts'
import { Fault, operation, type Ran, type RunContext } from '../operation.ts'
import { type AdminKeyClaim, beginProof, goOnWithProof } from './prove-admin-key.ts'

/** A command that only the key service can write, and what goes with it. */
interface PukClaim {
  readonly kind: 'puk'
  readonly cardId: string
  readonly cardUuid: Octets
  readonly attempt: string
  readonly from: PukCandidate
  readonly to: Generation
  readonly imported: string | undefined
  readonly agent: string
  readonly holderUnblock: string | null
}

type Claim = PukClaim | AdminKeyClaim
type Next = Ran<Claim, RotationRound>

/**
 * An agent has a card in its reader: before anything is changed the card proves that it is the one on record. A station goes
 * on with any card; a holder's agent with the one that it unblocked, whose PUK it knows.
 */
export const touchCard = operation({
  name: 'card.touch',
  permission: 'card:contact',
  input: TouchCard,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx, keys, now }, { cardUuid, hardwareNumber, hasConsent = false }, actor): Promise<Next> {
    const found = await findCardByUuid(tx, cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const caught = await findIdentityConflict(tx, card, { hardwareNumber })
    if (caught) throw new Fault('card-identity-conflict', { caught })
    const stored = await findPukRecord(tx, card.id)
    const other = stored?.rotation?.lease
    if (stored && isHeldByOther(other, actor.id, now)) {
      throw new Fault('card-in-two-places', {
        caught: { kind: 'two-agents-at-once', cardId: card.id, otherAgentId: other.agent },
        survives: (after) => updatePukRecord(after, card.id, stored, stored.record, null),
      })
    }
    const obstacle = findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const adminKey = await findAdminKeyRecord(tx, card.id)
    if (adminKey && isStation(actor)) return beginProof(tx, card, adminKey, { actor, now, hasConsent })
    const holderUnblock = isStation(actor) ? null : await findOwnUnblock(tx, card, stored, actor)
    if (holderUnblock === undefined) throw new Fault('station-only')
    const lease = takeLease(actor.id, now)
    if (!stored) return end(card, lease.attempt, 'not-possible')
    if (!sealedCardOf(card)) return goOnUnproved({ tx, keys, now }, card, stored, { actor, lease, hasConsent })
    const nonce = writeHex(randomBytes(5))
    const rotation: Rotation = { step: 'rehearsal', nonce, toward: null, lease, hasConsent, holderUnblock }
    await updatePukRecord(tx, card.id, stored, stored.record, rotation)
    const rehearsal = { cardUuid: card.card_uuid, nonce, variant: null }
    return {
      result: { cardId: card.id, attempt: lease.attempt, rehearsal, command: null, end: null },
      event: { cardId: card.id, attempt: lease.attempt, what: 'rehearsal', hasConsent },
    }
  },
  release: ({ keys }, claim: Claim, recordId) => giveCommand(keys, claim, recordId),
})

/**
 * A card that cannot prove itself: its PUK is exchanged by the station that unblocked it, in the same visit, where an operator
 * signed for that; and what was torn there is taken up. To any other contact nothing is given: whatever bears the card's name
 * would get its PUK.
 */
async function goOnUnproved(
  context: Pick<RunContext, 'tx' | 'keys' | 'now'>,
  card: Card,
  stored: StoredPukRecord,
  { actor, lease, hasConsent }: { actor: Actor; lease: Rotation['lease']; hasConsent: boolean },
): Promise<Next> {
  const isTorn = typeof stored.rotation?.toward === 'string' && stored.rotation.lease.agent === actor.id
  const isOwn = isTorn || (await findOwnUnblock(context.tx, card, stored, actor)) !== undefined
  if (!isStation(actor) || !isOwn) return end(card, lease.attempt, 'not-possible')
  return goOn(context, card, { step: 'change', nonce: null, toward: null, lease, hasConsent, holderUnblock: null })
}

/** The unblock that this agent did and proved, while the PUK that it used is still the card's only one. */
async function findOwnUnblock(
  tx: Tx,
  card: Card,
  stored: StoredPukRecord | undefined,
  actor: Actor,
): Promise<string | undefined> {
  const last = await findLastReleaseOf(tx, card.id)
  const [only, ...others] = stored?.record.candidates ?? []
  const isOwn =
    last?.reported_by === actor.id && last.outcome === 'unblocked' && last.number > (stored?.rotatedAfter ?? 0)
  const isSure = only !== undefined && others.length === 0 && writeCandidate(only) === last?.generation
  return isOwn && isSure ? last.unblock_id : undefined
}

/** One round of a rotation. The intent is in the row before the command leaves; a torn round is taken up again. */
export const rotatePuk = operation({
  name: 'puk.rotate',
  permission: 'card:contact',
  input: RotatePuk,
  subject: ({ cardId }) => `card:${cardId}`,

  async run({ tx, keys, now }, input, actor): Promise<Next> {
    const card = await lockCard(tx, input.cardId)
    const adminKey = await findAdminKeyRecord(tx, card.id)
    if (adminKey) return goOnWithProof(tx, card, adminKey, { input, actor, now })
    const stored = await findPukRecord(tx, card.id)
    const rotation = stored?.rotation
    if (!rotation) throw new Fault('attempt-closed', { detail: 'no rotation is under way' })
    if (rotation.lease.attempt !== input.attempt || rotation.lease.agent !== actor.id) {
      throw new Fault('attempt-closed', { detail: 'another attempt took over: this answer changes nothing' })
    }
    const judged = await judge(keys, card, stored, rotation, input)
    await updatePukRecord(tx, card.id, stored, judged.record)
    if (judged.end) {
      await clear(tx, card)
      const [puk] = judged.record.candidates
      if (puk !== 'imported') await dropImportedPuk(tx, card)
      if (judged.end === 'done' && puk !== undefined) await queuePuc(tx, card, puk, now)
      return end(card, input.attempt, judged.end)
    }
    const goesOn = { ...rotation, lease: takeLease(actor.id, now, input.attempt) }
    return goOn({ tx, keys, now }, card, rotation.step === 'probe' ? { ...goesOn, hasConsent: false } : goesOn)
  },

  release: ({ keys }, claim: Claim, recordId) => giveCommand(keys, claim, recordId),
})

async function giveCommand(keys: KeyService, claim: Claim, recordId: string): Promise<RotationRound> {
  const { cardId, attempt } = claim
  const command = await writeCommandOf(keys, claim, recordId)
  return { cardId, attempt, rehearsal: null, command: writeHex(command), end: null }
}

async function writeCommandOf(keys: KeyService, claim: Claim, recordId: string): Promise<Uint8Array> {
  const { cardUuid, agent: station } = claim
  if (claim.kind === 'admin-key') return keys.keyCommand({ station, recordId, cardUuid }, claim.order)
  const { from, to, holderUnblock, imported } = claim
  return holderUnblock === null
    ? keys.keyCommand({ station, recordId, cardUuid }, { kind: 'piv-change-puk', from, to }, imported)
    : keys.rotatePuk({ unblockId: holderUnblock, recordId, cardUuid }, { from: expectPuk(from), to })
}

/** A holder's agent exchanges what it was given in an unblock: that was imported from nowhere. */
function expectPuk(candidate: PukCandidate): Exclude<PukCandidate, 'imported'> {
  if (candidate === 'imported') throw new Error('an imported PUK is exchanged at a station')
  return candidate
}

/** What the answer makes of the record. A torn command changes nothing here: both candidates stay. */
async function judge(
  keys: KeyService,
  card: Card,
  stored: StoredPukRecord,
  rotation: Rotation,
  input: RotatePuk,
): Promise<{ record: PukRecord; end?: NonNullable<RotationRound['end']> }> {
  const { record } = stored
  if (rotation.step === 'rehearsal') {
    await expectRehearsed(keys, card, stored, rotation.nonce ?? '', input.proofs ?? [])
    return { record }
  }
  if (input.answer === undefined || rotation.toward === null) return { record }
  const answer = readStationAnswer(input.answer)
  const toward = readCandidate(rotation.toward)
  if (typeof toward === 'string') throw new Error('a rotation is towards a generation')
  if (rotation.step === 'probe') return { record: afterProbe(record, toward, answer) }
  if (rotation.holderUnblock === null) {
    const changed = afterChange(record, toward, answer)
    return { record: changed, end: changed.exposedSince === null ? 'done' : 'not-possible' }
  }
  const [from] = record.candidates
  if (from === undefined) throw new Error(`card ${card.id} is rotated from nothing`)
  return {
    record: afterHolderChange(record, from, toward, answer),
    end: answer === null ? 'exchanged' : 'not-possible',
  }
}

/** A card that only bears the name of one of ours is looked into; the one on record stays as it is. */
async function expectRehearsed(
  keys: KeyService,
  card: Card,
  stored: StoredPukRecord,
  nonce: string,
  proofs: readonly string[],
): Promise<void> {
  const sealed = sealedCardOf(card)
  const isProved = async (proof: string) =>
    sealed && (await keys.checkRehearsal(sealed, readHex(nonce), readHex(proof)))
  const proved = await Promise.all(proofs.map(isProved))
  if (proved.length === 2 && proved.every(Boolean)) return
  throw new Fault('rehearsal-failed', {
    caught: { kind: 'card-not-itself', cardId: card.id },
    survives: (tx) => updatePukRecord(tx, card.id, stored, stored.record, null),
  })
}

function readStationAnswer(hex: string): StationAnswer {
  const octets = readHex(hex)
  if (octets.length < 2) return { code: 'bad-response' }
  const response = readResponse(octets)
  return isOk(response) ? null : readFault(response.sw)
}

/** Decides from the record as it now stands, and writes the intent. */
async function goOn(context: Pick<RunContext, 'tx' | 'keys' | 'now'>, card: Card, rotation: Rotation): Promise<Next> {
  const { tx, keys, now } = context
  const stored = await findPukRecord(tx, card.id)
  if (!stored) throw new Error(`card ${card.id} lost its PUK record`)
  const { attempt, agent } = rotation.lease
  const { hasConsent, holderUnblock } = rotation
  const next = await nextGeneration(tx, keys, card)
  const isStation = holderUnblock === null
  const safe = planRotation(stored.record, next, { isStation, hasConsent: false })
  const isGuess = hasConsent && safe.kind === 'end' && safe.end === 'consent-needed'
  const step = isGuess ? planRotation(stored.record, next, { isStation, hasConsent }) : safe
  if (isGuess) await useApproval(tx, card.id, now)
  if (step.kind === 'end') {
    await clear(tx, card)
    return end(card, attempt, step.end)
  }
  const [from, to] = step.kind === 'change' ? [step.from, step.to] : [step.candidate, step.candidate]
  const record = step.kind === 'change' ? step.record : stored.record
  const toward = writeCandidate(to)
  if (step.kind === 'change') {
    await intendGeneration(tx, card.card_uuid, 'puk', to)
    await outdateReleases(tx, card.id)
  }
  await updatePukRecord(tx, card.id, stored, record, { ...rotation, step: step.kind, nonce: null, toward })
  return {
    claim: {
      kind: 'puk',
      cardId: card.id,
      cardUuid: readHex(card.card_uuid),
      attempt,
      from,
      to,
      imported: readImported(card).puk?.sealed,
      agent,
      holderUnblock,
    },
    event: { cardId: card.id, attempt, what: step.kind, generation: toward, hasConsent },
  }
}

async function nextGeneration(tx: Tx, keys: KeyService, card: Card): Promise<Generation> {
  const highest = await findGeneration(tx, card.card_uuid, 'puk')
  return keys.nextPukGeneration(readHex(card.card_uuid), highest ?? { epoch: 0, counter: 0 })
}

async function clear(tx: Tx, card: Card): Promise<void> {
  const stored = await findPukRecord(tx, card.id)
  if (stored) await updatePukRecord(tx, card.id, stored, stored.record, null)
}

/** The card has a PUK of ours now. */
async function dropImportedPuk(tx: Tx, card: Card): Promise<void> {
  const { puk, ...rest } = readImported(card)
  if (!puk) return
  await tx
    .updateTable('cards')
    .set({ imported_secrets: writeImported(rest) })
    .where('id', '=', card.id)
    .execute()
}

const end = (card: Card, attempt: string, how: NonNullable<RotationRound['end']>): Next => ({
  result: { cardId: card.id, attempt, rehearsal: null, command: null, end: how },
  event: { cardId: card.id, attempt, what: how },
})
