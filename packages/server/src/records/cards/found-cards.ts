import { CARD_FINDINGS, type CardFinding, type CardRow, type FindingCounts } from '@unlatch/contract'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/open.ts'
import { FINDINGS, isInUse } from './findings.ts'

/** Cards by what is wrong with them, and cards as the list shows them. */

/** Of one finding so many cards are counted, and so many looked at: those that are registered again are among these. */
const COUNTED = 1000
const LOOKED_AT = 2000

/**
 * Some cards with a finding, in the order of their ids.
 *
 * @param after - id of the card before them; empty for the first ones.
 * @param lookAt - how many cards are looked at: those that are not in use are left out.
 * @returns `last`, up to where was looked; null when that was the end.
 */
export async function listCardsWith(
  db: Db,
  finding: CardFinding,
  { after, lookAt, now }: { after: string; lookAt: number; now: Date },
): Promise<{ ids: string[]; last: string | null }> {
  const { table, card, when } = FINDINGS[finding]
  const { rows } = await sql<{ id: string }>`
    select ${sql.ref(card)} as id from ${sql.table(table)} where ${when(now)} and ${sql.ref(card)} > ${after}
    order by ${sql.ref(card)} limit ${lookAt}`.execute(db)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return { ids, last: null }
  // A state in this statement's condition would have SQLite read all cards of that state.
  const found = await db.selectFrom('cards').select(['id', 'state']).where('id', 'in', ids).execute()
  const inUse = new Set(found.filter(({ state }) => isInUse(state)).map(({ id }) => id))
  return { ids: ids.filter((id) => inUse.has(id)), last: ids.length < lookAt ? null : (ids.at(-1) ?? null) }
}

/** How many cards have each finding, up to some number of them. */
export async function countFindings(db: Db, now: Date): Promise<FindingCounts> {
  const findings: FindingCounts['findings'] = []
  for (const finding of CARD_FINDINGS) {
    const { ids, last } = await listCardsWith(db, finding, { after: '', lookAt: LOOKED_AT, now })
    const count = Math.min(ids.length, COUNTED)
    findings.push({
      finding,
      count,
      isAtLeast: last !== null || ids.length > COUNTED,
      remedy: FINDINGS[finding].remedy,
    })
  }
  return { findings }
}

/** Cards as the list shows them, in this order. */
export async function readCardRows(db: Db, ids: readonly string[], now: Date): Promise<CardRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('cards')
    .innerJoin('people', 'people.id', 'cards.person_id')
    .leftJoin('templates', 'templates.id', 'cards.template_id')
    .select(['cards.id', 'cards.label', 'cards.printed_serial', 'cards.family', 'cards.state', 'cards.created_at'])
    .select(['cards.person_id', 'people.name as person_name', 'cards.is_unheld', 'cards.template_version'])
    .select(['templates.name as template_name', 'templates.version as newest_version'])
    .select(CARD_FINDINGS.map((finding) => hasFinding(finding, now).as(finding)))
    .where('cards.id', 'in', ids)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    const { template_version: version, newest_version: newest } = row
    return {
      id,
      label: row.label,
      printedSerial: row.printed_serial,
      family: row.family as CardRow['family'],
      state: row.state as CardRow['state'],
      personId: row.is_unheld === 1 ? null : row.person_id,
      personName: row.is_unheld === 1 ? null : row.person_name,
      templateName: row.template_name,
      templateVersion: version,
      isOlderVersion: version !== null && newest !== null && version < newest,
      createdAt: row.created_at,
      findings: isInUse(row.state) ? CARD_FINDINGS.filter((finding) => row[finding] !== null) : [],
    }
  })
}

/** 1 where a card has it. Not `exists`: PostgreSQL would rather read all cards that have it, and look there. */
function hasFinding(finding: CardFinding, now: Date) {
  const { table, card, when } = FINDINGS[finding]
  return sql<number | null>`(
    select 1 from ${sql.table(table)} as its where its.${sql.ref(card)} = cards.id and ${when(now)} limit 1)`
}

/** A card is out of use, or is used again: while it is not, what is on record about its secrets stays and is no finding. */
export async function setOutOfUse(tx: Tx, cardId: string, isOutOfUse: boolean): Promise<void> {
  for (const table of ['puk_records', 'management_keys', 'admin_key_records'] as const) {
    await tx
      .updateTable(table)
      .set({ is_out_of_use: isOutOfUse ? 1 : 0 })
      .where('card_id', '=', cardId)
      .execute()
  }
}
