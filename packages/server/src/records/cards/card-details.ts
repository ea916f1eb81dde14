import { CARD_FINDINGS, type CardDetails, type PUK_KNOWLEDGE } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import { findAdminKeyRecord } from '../admin-key-records/admin-key-records.ts'
import { findManagementKey } from '../management-keys/management-keys.ts'
import type { PukRecord } from '../puk-records/puk-record.ts'
import { findPukRecord } from '../puk-records/puk-records.ts'
import { findDocumentOf, findFaults, getTemplate } from '../templates/templates.ts'
import { findIssuedAt } from './card-history.ts'
import { type Card, getCard } from './cards.ts'
import { readCardRows } from './found-cards.ts'
import { listMoves } from './moves.ts'

/**
 * One card as its page shows it.
 *
 * @throws Problem `card-unknown`.
 */
export async function readCardDetails(db: Db, cardId: string, now: Date): Promise<CardDetails> {
  const card = await getCard(db, cardId)
  const [row] = await readCardRows(db, [cardId], now)
  const puk = (await findPukRecord(db, cardId))?.record
  return {
    id: card.id,
    label: card.label,
    printedSerial: card.printed_serial,
    hardwareNumber: card.hardware_number,
    cardUuid: card.card_uuid,
    family: card.family as CardDetails['family'],
    state: card.state as CardDetails['state'],
    holder: await findHolder(db, card),
    registeredAt: card.created_at,
    issuedAt: await findIssuedAt(db, cardId),
    template: await findTemplateOf(db, card),
    puk: puk
      ? {
          knowledge: knowledgeOf(puk),
          exposedSince: puk.exposedSince,
          exposedTo: puk.exposedTo === null ? null : await findName(db, puk.exposedTo),
          triesAtLeast: puk.triesAtLeast,
          triesLimit: puk.triesLimit,
        }
      : null,
    findings: CARD_FINDINGS.filter((finding) => row?.findings.includes(finding)),
    moves: listMoves(card.state),
    isReissuable: ['stock', 'issued', 'active'].includes(card.state) && (await hasKnownSecrets(db, card)),
    replaces: await findOther(db, 'id', card.replaces_card_id),
    replacedBy: await findOther(db, 'replaces_card_id', card.id),
  }
}

async function findHolder(db: Db, card: Card): Promise<CardDetails['holder']> {
  if (card.is_unheld === 1) return null
  const person = await db
    .selectFrom('people')
    .select(['id', 'name', 'user_name', 'department'])
    .where('id', '=', card.person_id)
    .executeTakeFirstOrThrow()
  return { id: person.id, name: person.name, userName: person.user_name, department: person.department }
}

async function findTemplateOf(db: Db, card: Card): Promise<CardDetails['template']> {
  const document = await findDocumentOf(db, card)
  if (document === undefined || card.template_id === null || card.template_version === null) return null
  const newest = await getTemplate(db, card.template_id)
  return {
    id: newest.id,
    name: newest.name,
    isLocked: newest.isLocked,
    version: card.template_version,
    document,
    newestVersion: newest.version,
    newestDocument: newest.document,
    faults: await findFaults(db, newest.document),
  }
}

function knowledgeOf({ candidates: [only, ...others] }: PukRecord): (typeof PUK_KNOWLEDGE)[number] {
  if (only === undefined) return 'none'
  if (others.length > 0) return 'several'
  return typeof only === 'string' ? only : 'sure'
}

/** A person's or an operator's name; null where nobody knows whose it is. */
async function findName(db: Db, id: string): Promise<string | null> {
  for (const table of ['people', 'operators'] as const) {
    const row = await db.selectFrom(table).select('name').where('id', '=', id).executeTakeFirst()
    if (row) return row.name
  }
  return null
}

/** What a station needs to know to issue the card once more. */
async function hasKnownSecrets(db: Db, card: Card): Promise<boolean> {
  if (card.family !== 'piv') return (await findAdminKeyRecord(db, card.id)) !== undefined
  return (await findPukRecord(db, card.id)) !== undefined && (await findManagementKey(db, card.id)) !== undefined
}

async function findOther(
  db: Db,
  column: 'id' | 'replaces_card_id',
  value: string | null,
): Promise<CardDetails['replaces']> {
  if (value === null) return null
  const row = await db
    .selectFrom('cards')
    .select(['id', 'printed_serial', 'state', 'created_at'])
    .where(column, '=', value)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { id: row.id, printedSerial: row.printed_serial, state: row.state as CardDetails['state'] } : null
}
