import { DeskSettings } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { type Connection, findConnection } from '../connections/connections.ts'

/** How the help desk works: one row, or the defaults while nobody changed them. */
const ROW = 1

/** The settings, and how often they were changed. */
export async function readDeskSettings(db: Db | Tx): Promise<{ settings: DeskSettings; revision: number }> {
  const row = await db.selectFrom('desk_settings').selectAll().where('id', '=', ROW).executeTakeFirst()
  return { settings: DeskSettings.parse(row ? JSON.parse(row.document) : {}), revision: row?.revision ?? 0 }
}

/** Writes them; false when somebody else changed them since `revision`. */
export async function writeDeskSettings(tx: Tx, settings: DeskSettings, revision: number): Promise<boolean> {
  const row = { document: JSON.stringify(settings), revision: revision + 1 }
  if (revision === 0) {
    const inserted = await tx
      .insertInto('desk_settings')
      .values({ id: ROW, ...row })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return inserted.numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await tx
    .updateTable('desk_settings')
    .set(row)
    .where('id', '=', ROW)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** By what a message leaves for an address; undefined where nothing was chosen, or it cannot be used as it is. */
export async function findMessageConnection(db: Db | Tx, by: 'mail' | 'text'): Promise<Connection | undefined> {
  const { settings } = await readDeskSettings(db)
  const id = by === 'mail' ? settings.mailConnectionId : settings.textConnectionId
  const connection = id === null ? undefined : await findConnection(db, id)
  const isUsable = connection !== undefined && !connection.isRemoved && connection.testedAt !== null
  return isUsable && connection.details.kind === (by === 'mail' ? 'smtp' : 'webhook') ? connection : undefined
}
