import { type Octets, readHex, writeHex } from '@unlatch/card'
import { GIDS_AID, REFERENCE } from '@unlatch/card/gids'
import {
  isOk,
  type ResponseApdu,
  readAll,
  readFault,
  readResponse,
  TlvError,
  writeCommand,
  writeTlv,
} from '@unlatch/card/iso7816'
import type { RotatePuk, RotationRound } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyOrder } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import {
  type AdminKeyContact,
  type AdminKeyRecord,
  adminKeyCardOf,
  countOutstandingTries,
  findProofObstacle,
  isContactNeeded,
  readContact,
  updateAdminKeyRecord,
} from '../../records/admin-key-records/admin-key-records.ts'
import type { Card } from '../../records/cards/cards.ts'
import { isHeldByOther, takeLease } from '../../records/cards/leases.ts'
import { useApproval } from '../../records/cards/try-approvals.ts'
import { findLastReleaseOf } from '../../records/unblocks/unblocks.ts'
import { Fault, type Ran } from '../operation.ts'

/**
 * A GIDS card's contact with a station: it takes one answer under the admin key on record, which settles what answers given by
 * telephone may have cost or changed. A refusal is an incident, and is never followed by a second try.
 *
 * @see [piv-unblock/v1, Native admin key]
 */

/** A command that only the key service can write. */
export interface AdminKeyClaim {
  readonly kind: 'admin-key'
  readonly cardId: string
  readonly cardUuid: Octets
  readonly attempt: string
  readonly agent: string
  readonly order: KeyOrder
}

type Next = Ran<AdminKeyClaim, RotationRound>

const command = (ins: number, p1: number, p2: number, data: Uint8Array, le?: number) =>
  writeHex(writeCommand({ cla: 0x00, ins, p1, p2, data, ...(le !== undefined && { le }) }))

/** What leads to the card's challenge, one round each. */
const LEAD = {
  select: command(0xa4, 0x04, 0x00, GIDS_AID, 256),
  'choose-key': command(0x22, 0xc1, 0xa4, writeTlv(0x83, Uint8Array.of(REFERENCE.adminKey))),
  challenge: command(0x87, 0x00, 0x00, writeTlv(0x7c, writeTlv(0x81)), 256),
} as const
const AFTER = { select: 'choose-key', 'choose-key': 'challenge' } as const

/** The card is in a station's reader. */
export async function beginProof(
  tx: Tx,
  card: Card,
  record: AdminKeyRecord,
  { actor, now, hasConsent }: { actor: Actor; now: Date; hasConsent: boolean },
): Promise<Next> {
  const other = readContact(record)?.lease
  if (isHeldByOther(other, actor.id, now)) {
    throw new Fault('card-in-two-places', {
      caught: { kind: 'two-agents-at-once', cardId: card.id, otherAgentId: other.agent },
      survives: (after) => updateAdminKeyRecord(after, card.id, { contact: null }),
    })
  }
  const lease = takeLease(actor.id, now)
  const contact = { step: 'select', lease, hasConsent, lastRelease: 0 } as const
  const outstanding = await countOutstandingTries(tx, record)
  if (record.refused_at !== null) return end(tx, card, contact, 'not-possible')
  if (!isContactNeeded(record, outstanding)) return end(tx, card, contact, 'not-needed')
  const obstacle = findProofObstacle(record, { outstanding, hasConsent })
  if (obstacle) return end(tx, card, contact, obstacle)
  return send(tx, card, contact)
}

/** One round: what the card answered to the last command, and what it is sent next. */
export async function goOnWithProof(
  tx: Tx,
  card: Card,
  record: AdminKeyRecord,
  { input, actor, now }: { input: RotatePuk; actor: Actor; now: Date },
): Promise<Next> {
  const before = readContact(record)
  if (!before) throw new Fault('attempt-closed', { detail: 'no contact is under way' })
  if (before.lease.attempt !== input.attempt || before.lease.agent !== actor.id) {
    throw new Fault('attempt-closed', { detail: 'another attempt took over: this answer changes nothing' })
  }
  const contact = { ...before, lease: takeLease(actor.id, now, input.attempt) }
  const answer = readAnswer(input.answer)
  if (before.step === 'answer') return judge(tx, card, record, contact, { answer, now })
  if (!answer || !isOk(answer)) return end(tx, card, contact, 'not-possible')
  if (before.step !== 'challenge') return send(tx, card, { ...contact, step: AFTER[before.step] })
  const block = readChallenge(answer)
  return block ? prove(tx, card, record, contact, { block, now }) : end(tx, card, contact, 'not-possible')
}

function readAnswer(hex: string | undefined): ResponseApdu | undefined {
  const octets = readHex(hex ?? '')
  return octets.length < 2 ? undefined : readResponse(octets)
}

function readChallenge({ data }: ResponseApdu): Octets | undefined {
  try {
    const block = readAll(data, (cursor) => cursor.enter(0x7c, (inside) => inside.read(0x81)))
    return block.length === 8 ? block : undefined
  } catch (error) {
    if (error instanceof TlvError) return undefined
    throw error
  }
}

async function send(tx: Tx, card: Card, contact: AdminKeyContact & { step: keyof typeof LEAD }): Promise<Next> {
  await updateAdminKeyRecord(tx, card.id, { contact })
  return {
    result: { ...roundOf(card, contact), command: LEAD[contact.step] },
    event: { cardId: card.id, attempt: contact.lease.attempt, what: contact.step },
  }
}

/** The answer may cost a try, and counts as lost before it leaves. */
async function prove(
  tx: Tx,
  card: Card,
  record: AdminKeyRecord,
  contact: AdminKeyContact,
  { block, now }: { block: Octets; now: Date },
): Promise<Next> {
  const { hasConsent } = contact
  const outstanding = await countOutstandingTries(tx, record)
  const obstacle = findProofObstacle(record, { outstanding, hasConsent: false })
  if (obstacle === 'consent-needed' && hasConsent) await useApproval(tx, card.id, now)
  else if (obstacle) return end(tx, card, contact, obstacle)
  const lastRelease = (await findLastReleaseOf(tx, card.id))?.number ?? 0
  await updateAdminKeyRecord(tx, card.id, {
    contact: { ...contact, step: 'answer', lastRelease },
    contact_tries: record.contact_tries + (record.tries_limit === 0 ? 0 : 1),
  })
  const { generation } = adminKeyCardOf(card, record)
  const { attempt, agent } = contact.lease
  return {
    claim: {
      kind: 'admin-key',
      cardId: card.id,
      cardUuid: readHex(card.card_uuid),
      attempt,
      agent,
      order: { kind: 'gids-answer-admin-challenge', cipher: '3des', by: generation, block },
    },
    event: { cardId: card.id, attempt, what: 'answer', generation: record.generation, hasConsent },
  }
}

async function judge(
  tx: Tx,
  card: Card,
  record: AdminKeyRecord,
  contact: AdminKeyContact,
  { answer, now }: { answer: ResponseApdu | undefined; now: Date },
): Promise<Next> {
  if (answer && isOk(answer)) {
    // An answer that was released meanwhile opens a session of its own.
    const isLast = ((await findLastReleaseOf(tx, card.id))?.number ?? 0) === contact.lastRelease
    await updateAdminKeyRecord(tx, card.id, {
      settled_after: contact.lastRelease,
      contact_tries: 0,
      session_given_at: isLast ? null : record.session_given_at,
    })
    return end(tx, card, contact, 'done')
  }
  if (!answer || !REFUSALS.includes(readFault(answer.sw).code)) return end(tx, card, contact, 'not-possible')
  throw new Fault('admin-key-refused', {
    caught: { kind: 'admin-key-refused', cardId: card.id, generation: record.generation },
    survives: (after) => updateAdminKeyRecord(after, card.id, { contact: null, refused_at: now.toISOString() }),
  })
}

/** Answers that say: this is not my key. */
const REFUSALS = ['security-status', 'reference-incorrect', 'reference-blocked', 'reference-refused']

const roundOf = (card: Card, { lease }: AdminKeyContact): RotationRound => {
  return { cardId: card.id, attempt: lease.attempt, rehearsal: null, command: null, end: null }
}

async function end(
  tx: Tx,
  card: Card,
  contact: AdminKeyContact,
  how: NonNullable<RotationRound['end']>,
): Promise<Next> {
  await updateAdminKeyRecord(tx, card.id, { contact: null })
  return {
    result: { ...roundOf(card, contact), end: how },
    event: { cardId: card.id, attempt: contact.lease.attempt, what: how },
  }
}
