import { randomInt, randomUUID } from 'node:crypto'
import {
  type AddressKind,
  BeginWay,
  chooseLanguage,
  PROOF_CODE_DIGITS,
  ROOT_OF_ADDRESS,
  ROOT_OF_WAY,
} from '@unlatch/contract'
import * as z from 'zod/mini'
import type { OpenConnection } from '../../ports/delivery.ts'
import type { Actor } from '../../records/actors.ts'
import { type Card, getCard } from '../../records/cards/cards.ts'
import type { Connection } from '../../records/connections/connections.ts'
import { findMessageConnection } from '../../records/desk/desk-settings.ts'
import { addressOf } from '../../records/people/address-changes.ts'
import { getPerson, type Person } from '../../records/people/people.ts'
import { macOfProof } from '../../records/person-passkeys/proofs.ts'
import { findManager } from '../../records/verifications/managers.ts'
import { findWayObstacle, listAddresses } from '../../records/verifications/offers.ts'
import { isAdmitted } from '../../records/verifications/tickets.ts'
import {
  countWaysOf,
  findDemand,
  insertWay,
  lockVerification,
  updateWay,
} from '../../records/verifications/verifications.ts'
import { Fault, operation, type RunContext } from '../operation.ts'
import { drawCode, drawWords, readSaid } from './codes.ts'

/** How often a person may be asked in an hour, by whomever. */
const WAYS_AN_HOUR = 12
const HOUR_MS = 3_600_000

/** What is to leave for a person once it is on record, by which connection. */
export interface Outgoing {
  readonly kind: 'word' | 'code' | 'approval'
  readonly connection: OpenConnection
  readonly to: { readonly name: string; readonly address: string; readonly language: string }
  /** What is to be said back; a link's end for a manager. */
  readonly code: string
  readonly personName: string
  readonly cardLabel: string
  readonly operatorName: string
}

/** A way that began. */
export interface BegunWay {
  readonly wayId: string
  readonly outgoing: Outgoing | null
  /** What the operator reads out to a person with a passkey. */
  readonly readOut: string | null
}

interface Claim {
  readonly wayId: string
  readonly connection: Connection | undefined
  readonly outgoing: Omit<Outgoing, 'connection'> | undefined
  readonly readOut: string | null
}

/**
 * An operator lets a person prove who they are: a word or a code is drawn for an address, or the manager is asked. What was
 * drawn is kept as a MAC alone, and leaves once that is on record.
 */
export const beginWay = operation({
  name: 'verification.begin-way',
  permission: 'unblock:release',
  input: BeginWay,
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run(context, input, actor) {
    const { tx, now } = context
    const verification = await lockVerification(tx, input.verificationId, actor.id, now)
    const card = await getCard(tx, verification.card_id)
    const person = await getPerson(tx, verification.person_id)
    await expectUsable(context, input, { card, person, actor })
    if ((await countWaysOf(tx, person.id, new Date(now.getTime() - HOUR_MS))) >= WAYS_AN_HOUR)
      throw new Fault('verification-limit')
    const wayId = randomUUID()
    const drawn = await draw(context, input, { wayId, card, person, actor })
    await insertWay(tx, {
      id: wayId,
      verification_id: verification.id,
      person_id: person.id,
      way: input.way,
      root: rootOf(input),
      state: 'asked',
      asked_at: now.toISOString(),
      met_at: null,
      sent_to: drawn.outgoing?.to.address ?? null,
      code_mac: drawn.codeMac,
      tries: 0,
      evidence: JSON.stringify(drawn.evidence),
      approver_id: drawn.approverId,
    })
    const { connection, outgoing, readOut } = drawn
    const about = { verificationId: verification.id, wayId, cardId: card.id, personId: person.id }
    const event = { ...about, way: input.way, sentTo: outgoing?.to.address ?? null, ...drawn.evidence }
    const claim: Claim = { wayId, connection, outgoing, readOut }
    return { claim, event }
  },
  async release({ keys }, { wayId, connection, outgoing, readOut }: Claim): Promise<BegunWay> {
    if (!connection || !outgoing) return { wayId, outgoing: null, readOut }
    const { id, details, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(id, sealedSecret)
    return { wayId, readOut, outgoing: { ...outgoing, connection: { details, secret } } }
  },
})

const rootOf = (input: BeginWay) =>
  input.way === 'address-code' ? ROOT_OF_ADDRESS[input.address] : ROOT_OF_WAY[input.way]

/** @throws Fault with the reason why this way, or this address, cannot be used for this card now. */
async function expectUsable(
  { tx, now }: RunContext,
  input: BeginWay,
  { card, person, actor }: { card: Card; person: Person; actor: Actor },
): Promise<void> {
  const demand = await findDemand(tx, card)
  if (!isAdmitted(demand, input.way)) throw new Fault('verification-not-admitted')
  const addresses = await listAddresses(tx, person, actor, now)
  const obstacle = await findWayObstacle(tx, input.way, { person, addresses, operatorId: actor.id, now })
  if (obstacle) throw new Fault(obstacle)
  if (!('address' in input)) return
  const chosen = addresses.find(({ kind }) => kind === input.address)?.obstacle
  if (chosen) throw new Fault(chosen as 'address-missing')
}

interface Drawn {
  readonly connection: Connection | undefined
  readonly outgoing: Omit<Outgoing, 'connection'> | undefined
  readonly codeMac: string | null
  readonly readOut: string | null
  readonly evidence: Record<string, string>
  readonly approverId: string | null
}

async function draw(
  { tx, keys, settings }: RunContext,
  input: BeginWay,
  { wayId, card, person, actor }: { wayId: string; card: Card; person: Person; actor: Actor },
): Promise<Drawn> {
  const about = { personName: person.name, cardLabel: card.label, operatorName: actor.name }
  if (input.way === 'manager') {
    const manager = await findManager(tx, person)
    if (!manager) throw new Fault('manager-no-account')
    const connection = manager.email === '' ? undefined : await findMessageConnection(tx, 'mail')
    const to = { name: manager.name, address: manager.email, language: manager.language }
    const outgoing = connection && ({ kind: 'approval', to, code: wayId, ...about } as const)
    const evidence = { managerId: manager.id, managerName: manager.name }
    return { connection, outgoing, readOut: null, codeMac: null, evidence, approverId: manager.id }
  }
  if (input.way === 'passkey') {
    const readOut = String(randomInt(0, 10 ** PROOF_CODE_DIGITS)).padStart(PROOF_CODE_DIGITS, '0')
    const codeMac = await macOfProof(keys, readOut)
    return { connection: undefined, outgoing: undefined, readOut, codeMac, evidence: {}, approverId: null }
  }
  const code =
    input.way === 'call-back' ? drawWords(chooseLanguage([person.language]) ?? settings.language) : drawCode()
  const connection = await findMessageConnection(tx, input.address === 'phone' ? 'text' : 'mail')
  const to = { name: person.name, address: addressOf(person, input.address), language: person.language }
  const outgoing = { kind: input.way === 'call-back' ? 'word' : 'code', to, code, ...about } as const
  const called: Record<string, string> = input.way === 'call-back' ? { called: person.phone } : {}
  return {
    connection,
    outgoing,
    readOut: null,
    codeMac: await macOf(keys, wayId, code),
    evidence: { address: input.address satisfies AddressKind, ...called },
    approverId: null,
  }
}

/** What is kept of a word or a code: bound to the one way that it was drawn for. */
export async function macOf(keys: RunContext['keys'], wayId: string, said: string): Promise<string> {
  return Buffer.from(await keys.macCode(`verification-way/${wayId}`, readSaid(said))).toString('hex')
}

/** What was to leave did not: the way failed, and says so. */
export const noteUnsent = operation({
  name: 'verification.note-unsent',
  permission: 'unblock:release',
  input: z.object({ verificationId: z.string(), wayId: z.string(), problem: z.string() }),
  subject: ({ verificationId }) => `verification:${verificationId}`,
  async run({ tx, now }, { verificationId, wayId, problem }, actor) {
    await lockVerification(tx, verificationId, actor.id, now)
    await updateWay(tx, wayId, { state: 'failed' })
    return { result: {}, event: { verificationId, wayId, problem } }
  },
})
