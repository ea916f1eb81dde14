import { randomBytes } from 'node:crypto'
import { type Octets, readHex, writeHex } from '@unlatch/card'
import { isOk, readFault, readResponse } from '@unlatch/card/iso7816'
import type { Generation } from '@unlatch/card/unblock'
import { RotatePuk, type RotationRound, TouchCard } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyOrder, KeyService } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import { type Card, findCardByUuid, lockCard, sealedCardOf } from '../../records/cards/cards.ts'
import { findGeneration, intendGeneration } from '../../records/generations/generations.ts'
import {
  findPukRecord,
  readCandidate,
  type StoredPukRecord,
  updatePukRecord,
  writeCandidate,
} from '../../records/puk-records/puk-records.ts'
import { afterChange, afterProbe, planRotation, type StationAnswer } from '../../records/puk-records/rotation.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** A command that only the key service can write, and what goes with it. */
interface Claim {
  readonly cardId: string
  readonly cardUuid: Octets
  readonly order: KeyOrder
  readonly station: string
}

type Next = Ran<Claim, RotationRound>

/** A card is at a station: before anything is changed it proves that it is the one on record. */
export const touchCard = operation({
  name: 'card.touch',
  permission: 'card:rotate',
  input: TouchCard,
  subject: ({ cardUuid }) => `card-uuid:${cardUuid}`,
  async run({ tx }, { cardUuid }): Promise<Next> {
    const found = await findCardByUuid(tx, cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const stored = await findPukRecord(tx, card.id)
    const sealed = sealedCardOf(card)
    if (!stored || !sealed) return end(card, 'not-possible')
    const nonce = writeHex(randomBytes(5))
    await updatePukRecord(tx, card.id, stored, stored.record, { step: 'rehearsal', nonce, toward: null })
    const rehearsal = { cardUuid: card.card_uuid, nonce, variant: null }
    return {
      result: { cardId: card.id, rehearsal, command: null, end: null },
      event: { cardId: card.id, what: 'rehearsal' },
    }
  },
})

/** One round of a rotation at a station. The intent is in the row before the command leaves; a torn round is taken up again. */
export const rotatePuk = operation({
  name: 'puk.rotate',
  permission: 'card:rotate',
  input: RotatePuk,
  subject: ({ cardId }) => `card:${cardId}`,

  async run({ tx, keys }, input, actor): Promise<Next> {
    const card = await lockCard(tx, input.cardId)
    const stored = await findPukRecord(tx, card.id)
    if (!stored?.rotation) throw new Fault('attempt-closed', { detail: 'no rotation is under way' })
    const judged = await judge(keys, card, stored, input)
    await updatePukRecord(tx, card.id, stored, judged.record)
    if (judged.isOver) {
      await clear(tx, card)
      return end(card, judged.record.exposedSince === null ? 'done' : 'not-possible')
    }
    return goOn(tx, keys, card, actor)
  },

  async release({ keys }, claim: Claim, recordId): Promise<RotationRound> {
    const permit = { station: claim.station, recordId, cardUuid: claim.cardUuid }
    const command = await keys.keyCommand(permit, claim.order)
    return { cardId: claim.cardId, rehearsal: null, command: writeHex(command), end: null }
  },
})

/** What the station's answer makes of the record. A torn command changes nothing here: both candidates stay. */
async function judge(keys: KeyService, card: Card, { record, rotation }: StoredPukRecord, input: RotatePuk) {
  if (rotation?.step === 'rehearsal') {
    await expectRehearsed(keys, card, rotation.nonce ?? '', input.proofs ?? [])
    return { record, isOver: false }
  }
  if (input.answer === undefined || rotation?.toward == null) return { record, isOver: false }
  const answer = readStationAnswer(input.answer)
  const toward = readCandidate(rotation.toward)
  if (typeof toward === 'string') throw new Error('a rotation is towards a generation')
  if (rotation.step === 'change') return { record: afterChange(record, toward, answer), isOver: true }
  return { record: afterProbe(record, toward, answer), isOver: false }
}

async function expectRehearsed(keys: KeyService, card: Card, nonce: string, proofs: readonly string[]): Promise<void> {
  const sealed = sealedCardOf(card)
  if (!sealed || proofs.length !== 2) throw new Fault('rehearsal-failed')
  for (const proof of proofs) {
    if (!(await keys.checkRehearsal(sealed, readHex(nonce), readHex(proof)))) throw new Fault('rehearsal-failed')
  }
}

function readStationAnswer(hex: string): StationAnswer {
  const octets = readHex(hex)
  if (octets.length < 2) return { code: 'bad-response' }
  const response = readResponse(octets)
  return isOk(response) ? null : readFault(response.sw)
}

/** Decides from the record as it now stands, and writes the intent. */
async function goOn(tx: Tx, keys: KeyService, card: Card, actor: Actor): Promise<Next> {
  const stored = await findPukRecord(tx, card.id)
  if (!stored) throw new Error(`card ${card.id} lost its PUK record`)
  const next = await nextGeneration(tx, keys, card)
  const step = planRotation(stored.record, next)
  if (step.kind === 'end') {
    await clear(tx, card)
    return end(card, step.end)
  }
  const [from, to] = step.kind === 'change' ? [step.from, step.to] : [step.candidate, step.candidate]
  const record = step.kind === 'change' ? step.record : stored.record
  if (step.kind === 'change') await intendGeneration(tx, card.card_uuid, 'puk', to)
  await updatePukRecord(tx, card.id, stored, record, { step: step.kind, nonce: null, toward: writeCandidate(to) })
  return {
    claim: {
      cardId: card.id,
      cardUuid: readHex(card.card_uuid),
      order: { kind: 'piv-change-puk', from, to },
      station: actor.id,
    },
    event: { cardId: card.id, what: step.kind, generation: writeCandidate(to) },
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

const end = (card: Card, how: NonNullable<RotationRound['end']>): Next => ({
  result: { cardId: card.id, rehearsal: null, command: null, end: how },
  event: { cardId: card.id, what: how },
})
