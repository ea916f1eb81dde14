import type { Database } from '../../db/open.ts'

/**
 * Who looked up which person: a cheap trail, state without meaning of its own. A help desk that browses everyone unseen is a
 * finding in any audit.
 */
export async function recordLookup(
  database: Database,
  lookup: { operatorId: string; personId: string; at: Date },
): Promise<void> {
  const row = { operator_id: lookup.operatorId, person_id: lookup.personId, at: lookup.at.toISOString() }
  await database.transaction((tx) => tx.insertInto('lookups').values(row).execute())
}
