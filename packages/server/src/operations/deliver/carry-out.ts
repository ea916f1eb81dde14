import { readHex } from '@unlatch/card'
import type { Generation } from '@unlatch/card/unblock'
import { isProblemCode } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { OpenConnection } from '../../ports/delivery.ts'
import { findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { beginAttemptOf, endAttemptOf, isDue } from '../../records/outbox/attempts.ts'
import { findDelivery, isTrue, lockDelivery, voidDeliveries } from '../../records/outbox/outbox.ts'
import { getPerson, type Person } from '../../records/people/people.ts'
import { findPukRecord, readCandidate } from '../../records/puk-records/puk-records.ts'
import { findDocumentOf } from '../../records/templates/templates.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** One attempt, ready to leave: everything that a message needs. */
export interface Attempt {
  readonly deliveryId: string
  readonly number: number
  readonly connectionId: string
  readonly connection: OpenConnection
  readonly person: Pick<Person, 'name' | 'email' | 'phone' | 'department' | 'language'>
  readonly card: { readonly label: string; readonly printedSerial: string }
  /** Eight digits; for this message alone. */
  readonly puc: string
  readonly tellsWindowsForm: boolean
}

interface Claim {
  readonly deliveryId: string
  readonly number: number
  readonly connection: Connection
  readonly person: Person
  readonly card: Attempt['card']
  readonly cardUuid: Uint8Array
  readonly generation: Generation
  readonly tellsWindowsForm: boolean
}

const id = () => z.string().check(z.maxLength(64))

/**
 * Begins an attempt of a delivery that is due, and lets its PUC out once that is on record. Gives nothing where there is
 * nothing to send any more: another attempt is under way, or the PUC is not the card's.
 */
export const beginDelivery = operation({
  name: 'delivery.begin',
  permission: 'delivery:carry-out',
  input: z.object({ deliveryId: id() }),
  subject: ({ deliveryId }) => `delivery:${deliveryId}`,
  async run({ tx, now }, { deliveryId }): Promise<Ran<Claim, Attempt | null>> {
    const found = await findDelivery(tx, deliveryId)
    if (!found) throw new Fault('not-found')
    const card = await lockCard(tx, found.card_id)
    const delivery = await lockDelivery(tx, deliveryId)
    const about = { deliveryId, cardId: card.id, personId: delivery.person_id, generation: delivery.generation }
    if (!isDue(delivery, now)) {
      return { result: null, event: { ...about, what: 'not-due' } }
    }
    const candidates = (await findPukRecord(tx, card.id))?.record.candidates ?? []
    const generation = readCandidate(delivery.generation)
    if (findStateObstacle(card.state) || typeof generation === 'string' || !isTrue(delivery, card, candidates)) {
      await voidDeliveries(tx, card.id)
      return { result: null, event: { ...about, what: 'void' } }
    }
    const connection = await findConnection(tx, delivery.connection_id)
    const person = await getPerson(tx, delivery.person_id)
    const problem = findProblem(connection, person)
    if (problem || !connection) {
      const end = { problem: problem ?? 'connection-unknown', detail: '', isFinal: true } as const
      await endAttemptOf(tx, 'deliveries', delivery, end, now)
      return { result: null, event: { ...about, what: 'failed', problem: problem ?? null } }
    }
    const number = await beginAttemptOf(tx, 'deliveries', delivery, now)
    const claim: Claim = {
      deliveryId,
      number,
      connection,
      person,
      card: { label: card.label, printedSerial: card.printed_serial },
      cardUuid: readHex(card.card_uuid),
      generation,
      tellsWindowsForm: (await findDocumentOf(tx, card))?.tellsWindowsForm ?? false,
    }
    return { claim, event: { ...about, what: 'attempt', number, connectionId: connection.id } }
  },
  async release({ keys }, claim: Claim, recordId): Promise<Attempt | null> {
    const { deliveryId, number, connection, person, card, cardUuid, generation, tellsWindowsForm } = claim
    const { details, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(connection.id, sealedSecret)
    const puc = await keys.revealPuc({ recordId, cardUuid, to: `delivery:${deliveryId}`, ticket: null }, generation)
    const { name, email, phone, department, language } = person
    return {
      deliveryId,
      number,
      connectionId: connection.id,
      connection: { details, secret },
      person: { name, email, phone, department, language },
      card,
      puc,
      tellsWindowsForm,
    }
  },
})

function findProblem(connection: Connection | undefined, { email, phone }: Person) {
  if (!connection || connection.isRemoved) return 'connection-unknown'
  const isReachable = {
    smtp: /^[^\s<>@]+@[^\s<>@]+$/.test(email),
    // A letter finds its way by name and department.
    letter: true,
    file: true,
    webhook: phone !== '' || email !== '',
    directory: false,
  }[connection.details.kind]
  return isReachable ? undefined : 'delivery-no-address'
}

/** How an attempt ended. One that was given up meanwhile changes nothing. */
export const endDelivery = operation({
  name: 'delivery.end',
  permission: 'delivery:carry-out',
  input: z.object({
    deliveryId: id(),
    number: z.number(),
    problem: z.nullable(z.string().check(z.refine(isProblemCode))),
    detail: z.string(),
    isFinal: z.boolean(),
  }),
  subject: ({ deliveryId }) => `delivery:${deliveryId}`,
  async run({ tx, now }, { deliveryId, number, problem, detail, isFinal }) {
    const delivery = await lockDelivery(tx, deliveryId)
    const isCurrent = delivery.state === 'sending' && delivery.attempts === number
    const end = problem !== null && isProblemCode(problem) ? { problem, detail, isFinal } : { problem: null }
    const state = isCurrent ? await endAttemptOf(tx, 'deliveries', delivery, end, now) : delivery.state
    return { result: {}, event: { deliveryId, cardId: delivery.card_id, number, problem, state } }
  },
})
