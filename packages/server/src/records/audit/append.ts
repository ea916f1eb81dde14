import { writeCanonicalJson } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { prepared } from '../../db/prepared.ts'
import type { Actor } from '../actors.ts'
import type { AuditEvent } from './audit-event.ts'

/** One record before it is written. */
export interface AuditRecord {
  readonly id: string
  readonly at: Date
  readonly actor: Actor
  readonly operation: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly subject: string
  readonly event: AuditEvent
}

/**
 * Appends a record as canonical JSON. Those bytes are frozen from the first day: jobs seal batches of them later without
 * changing one. Called by the corridor alone.
 */
export async function append(tx: Tx, record: AuditRecord): Promise<void> {
  const { id, actor, operation, outcome, subject, event } = record
  const at = record.at.toISOString()
  const bytes = writeCanonicalJson({
    v: 1,
    id,
    at,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    operation,
    outcome,
    subject,
    event,
  })
  await insertion(tx, { id, at, subject, record: bytes, actorId: actor.id || null })
}

const insertion = prepared(
  (db, row: { id: string; at: string; subject: string; record: string; actorId: string | null }) =>
    db
      .insertInto('audit')
      .values({ id: row.id, at: row.at, subject: row.subject, record: row.record, actor_id: row.actorId }),
)
