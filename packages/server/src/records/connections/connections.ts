import { ConnectionDetails, Problem, ROUTE_OF_CONNECTION, type Route } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** How something leaves for a person: a mail server, say. */
export interface Connection {
  readonly id: string
  readonly name: string
  readonly details: ConnectionDetails
  readonly sealedSecret: string | null
  readonly isRemoved: boolean
  /** When it last sent a test as it is now. */
  readonly testedAt: string | null
  readonly revision: number
}

/** By what a person gets what it sends; undefined where nothing leaves by it. */
export const routeOf = ({ details }: Connection): Route | undefined =>
  details.kind === 'directory' || details.kind === 'identity-provider' ? undefined : ROUTE_OF_CONNECTION[details.kind]

const readConnection = (row: Tables['connections']): Connection => ({
  id: row.id,
  name: row.name,
  details: ConnectionDetails.parse(JSON.parse(row.settings)),
  sealedSecret: row.sealed_secret,
  isRemoved: row.is_removed === 1,
  testedAt: row.tested_at,
  revision: row.revision,
})

export async function findConnection(db: Db | Tx, id: string): Promise<Connection | undefined> {
  const row = await db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
  return row && readConnection(row)
}

/**
 * A connection that nobody else changes until the transaction ends.
 *
 * @throws Problem `connection-unknown`, also for one that was removed.
 */
export async function lockConnection(tx: Tx, id: string): Promise<Connection> {
  const row = await tx.selectFrom('connections').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row || row.is_removed === 1) throw new Problem('connection-unknown')
  return readConnection(row)
}

/** Those that were not removed, by name. */
export async function listConnections(db: Db | Tx): Promise<Connection[]> {
  const rows = await db
    .selectFrom('connections')
    .selectAll()
    .where('name', '>', '')
    .where('is_removed', '=', 0)
    .orderBy('name')
    .execute()
  return rows.map(readConnection)
}

export async function insertConnection(
  tx: Tx,
  connection: Pick<Connection, 'id' | 'name' | 'details' | 'sealedSecret'> & { at: Date },
): Promise<void> {
  const { id, name, details, sealedSecret, at } = connection
  const row = { id, name, settings: JSON.stringify(details), sealed_secret: sealedSecret }
  const fresh = { is_removed: 0, tested_at: null, created_at: at.toISOString(), revision: 1 }
  await tx
    .insertInto('connections')
    .values({ ...row, ...fresh })
    .execute()
}

/** Writes it as it is to be from now on: whatever was tested was another one. */
export async function updateConnection(
  tx: Tx,
  { id, name, details, sealedSecret, revision }: Omit<Connection, 'isRemoved' | 'testedAt'>,
): Promise<void> {
  const row = { name, settings: JSON.stringify(details), sealed_secret: sealedSecret }
  await tx
    .updateTable('connections')
    .set({ ...row, tested_at: null, revision: revision + 1 })
    .where('id', '=', id)
    .execute()
}

/** A test of this revision arrived. */
export async function markTested(tx: Tx, id: string, revision: number, at: Date): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ tested_at: at.toISOString() })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .execute()
}

/** It stays as a name of past deliveries, without its secret. */
export async function removeConnection(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('connections').set({ is_removed: 1, sealed_secret: null }).where('id', '=', id).execute()
}

/** What the audit log says about a connection: where it leads. */
export function eventOf(details: ConnectionDetails): { kind: string; where: string } {
  switch (details.kind) {
    case 'smtp':
      return { kind: details.kind, where: `${details.smtp.host}:${details.smtp.port}` }
    case 'letter':
      return { kind: details.kind, where: details.letter.folder }
    case 'file':
      return { kind: details.kind, where: details.file.folder }
    case 'webhook':
      return { kind: details.kind, where: details.webhook.url }
    case 'directory':
      return { kind: details.kind, where: details.directory.urls.join(' ') }
    case 'identity-provider':
      return { kind: details.kind, where: details.provider.issuer }
  }
}
