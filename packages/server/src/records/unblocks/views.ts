import { createHash } from 'node:crypto'
import { judgeStandard, Problem, type UnblockEvidence } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { getCard } from '../cards/cards.ts'
import { getPerson } from '../people/people.ts'
import { findDocumentOf } from '../templates/templates.ts'
import { view } from '../view.ts'

/**
 * The evidence sheet of one unblock: what was released and what became of it, how the caller was verified, who approved, which
 * conditions of the template's standard were met; and the records of the log that say so, as they are kept.
 */
export const unblockEvidence = view({
  name: 'unblock.evidence',
  permission: 'evidence:read',
  query: z.object({ unblockId: z.string().check(z.maxLength(64)) }),
  async read({ db, now }, { unblockId }): Promise<UnblockEvidence> {
    const unblock = await db.selectFrom('unblocks').selectAll().where('id', '=', unblockId).executeTakeFirst()
    if (!unblock) throw new Problem('not-found', { detail: 'no such unblock' })
    const card = await getCard(db, unblock.card_id)
    const person = await getPerson(db, unblock.person_id)
    const document = await findDocumentOf(db, card)
    const of = db.selectFrom('operators').select('name').where('id', '=', unblock.operator_id)
    const operator = await of.executeTakeFirst()
    const releases = await db
      .selectFrom('releases')
      .selectAll()
      .where('unblock_id', '=', unblockId)
      .orderBy('number')
      .execute()
    const verificationIds = [...new Set(releases.flatMap(({ verification_id }) => verification_id ?? []))]
    const ways = await listWaysOf(db, verificationIds)
    const approvals = await listApprovalsOf(db, verificationIds)
    const subjects = [
      `unblock:${unblockId}`,
      ...verificationIds.map((id) => `verification:${id}`),
      ...ways.map(({ id }) => `verification-way:${id}`),
      ...approvals.map(({ id }) => `approval:${id}`),
    ]
    const records = await db
      .selectFrom('audit')
      .select(['seq', 'record'])
      .where('subject', 'in', subjects)
      .orderBy('seq')
      .limit(LATEST)
      .execute()
    return {
      unblockId,
      writtenAt: now.toISOString(),
      openedAt: unblock.opened_at,
      closedAt: unblock.closed_at,
      operatorName: operator?.name ?? '',
      personName: person.name,
      cardLabel: card.label,
      printedSerial: card.printed_serial,
      releases: releases.map((release) => ({
        at: release.released_at,
        form: release.form,
        verifiedBy: release.verification.split('+').filter(Boolean),
        outcome: release.outcome,
        outcomeBy: release.outcome_by,
      })),
      ways: ways.map(({ way, root, state, met_at, sent_to, evidence }) => ({
        way,
        root,
        state,
        metAt: met_at,
        sentTo: sent_to,
        evidence: JSON.parse(evidence),
      })),
      approvals: approvals.map(({ state, answerer, answered_at, is_break_glass, note }) => ({
        state,
        by: answerer,
        at: answered_at,
        isBreakGlass: is_break_glass === 1,
        note,
      })),
      standard: document?.standard ?? 'none',
      conditions: document ? judgeStandard(document) : [],
      statements: records.flatMap(statementIn),
      records: records.map(({ seq, record }) => ({ number: Number(seq), record })),
    }
  },
})

/** What an operator signed, by its hash: the statement itself, and the signature over it, stand in the record. */
function statementIn({ seq, record }: { seq: number; record: string }): UnblockEvidence['statements'] {
  const { outcome, operation, actor, event } = JSON.parse(record)
  if (outcome !== 'done' || typeof event.statement !== 'string') return []
  const sha256 = createHash('sha256').update(event.statement).digest('hex')
  return [{ record: Number(seq), operation, by: actor.name, sha256 }]
}

/** Records of one unblock that are told; more would be a fault. */
const LATEST = 500

async function listWaysOf(db: Db, verificationIds: readonly string[]) {
  if (verificationIds.length === 0) return []
  const all = db.selectFrom('verification_ways').selectAll().where('verification_id', 'in', verificationIds)
  return all.orderBy('asked_at').execute()
}

async function listApprovalsOf(db: Db, verificationIds: readonly string[]) {
  if (verificationIds.length === 0) return []
  return db
    .selectFrom('approvals as a')
    .leftJoin('operators as o', 'o.id', 'a.answered_by')
    .selectAll('a')
    .select('o.name as answerer')
    .where('a.verification_id', 'in', verificationIds)
    .orderBy('a.asked_at')
    .execute()
}
