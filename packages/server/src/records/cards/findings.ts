import type { CardFinding } from '@unlatch/contract'
import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../../db/tables.ts'

/**
 * What is wrong with a card, each finding once: the list's filter, its rows and the counts are made from this table. A
 * condition is text, as the index has it that holds such cards alone (migration 0009): with a parameter in its place neither
 * database would use that index. Pure.
 */

/** States in which something can be wrong with a card: before and after them nobody relies on it. */
const IN_USE = ['issued', 'active', 'suspended']

/** How long a PUC may wait before somebody should look. */
const LATE_MS = 60 * 60_000

interface Definition {
  readonly table: keyof Tables
  /** Its column that names the card. */
  readonly card: string
  when(now: Date): RawBuilder<boolean>
  /** Key of the message that says what to do. */
  readonly remedy: `cards.remedies.${CardFinding}`
}

export const FINDINGS: Readonly<Record<CardFinding, Definition>> = {
  'puc-exposed': {
    table: 'puk_records',
    card: 'card_id',
    when: () => sql`exposed_since is not null and is_out_of_use = 0`,
    remedy: 'cards.remedies.puc-exposed',
  },
  'puc-undelivered': {
    table: 'deliveries',
    card: 'card_id',
    when: (now) => {
      const late = new Date(now.getTime() - LATE_MS).toISOString()
      return sql`(next_at is not null or state = 'failed') and (state = 'failed' or created_at <= ${late})`
    },
    remedy: 'cards.remedies.puc-undelivered',
  },
  'puc-default': {
    table: 'puk_records',
    card: 'card_id',
    when: () => sql`candidates = '["factory"]' and is_out_of_use = 0`,
    remedy: 'cards.remedies.puc-default',
  },
  'puk-unknown': {
    table: 'puk_records',
    card: 'card_id',
    when: () => sql`candidates = '[]' and is_out_of_use = 0`,
    remedy: 'cards.remedies.puk-unknown',
  },
  'key-factory': {
    table: 'management_keys',
    card: 'card_id',
    when: () => sql`generation = 'factory' and is_out_of_use = 0`,
    remedy: 'cards.remedies.key-factory',
  },
  'key-unknown': {
    table: 'admin_key_records',
    card: 'card_id',
    when: () => sql`refused_at is not null and is_out_of_use = 0`,
    remedy: 'cards.remedies.key-unknown',
  },
  'puc-only': {
    table: 'cards',
    card: 'id',
    when: () => sql`family = 'piv' and sealed_key is null and state not in ('revoked', 'retired')`,
    remedy: 'cards.remedies.puc-only',
  },
}

/** True for a card with which something can be wrong. */
export const isInUse = (state: string): boolean => IN_USE.includes(state)
