import { type DirectorySettings, SearchDirectory, TakeFromDirectory } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { OpenDirectory } from '../../ports/directory.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { Fault, operation } from '../operation.ts'

/** What is asked of which directory. */
export interface OpenQuestion {
  readonly connectionId: string
  readonly open: OpenDirectory
  readonly search: string
  readonly keys: readonly string[]
}

interface Claim {
  readonly connection: Connection
  readonly settings: DirectorySettings
  readonly search: string
  readonly keys: readonly string[]
}

/**
 * An operator asks a directory: what, and for whom, is on record before its password is used.
 *
 * @throws Problem `connection-unknown`, `connection-untested`.
 */
export const openDirectory = operation({
  name: 'directory.open',
  permission: 'person:write',
  input: z.union([SearchDirectory, TakeFromDirectory]),
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx }, { connectionId, ...asks }) {
    const connection = await findConnection(tx, connectionId)
    if (!connection || connection.isRemoved || connection.details.kind !== 'directory') {
      throw new Fault('connection-unknown')
    }
    if (connection.testedAt === null) throw new Fault('connection-untested')
    const { search = '', keys = [] } = { search: undefined, keys: undefined, ...asks }
    const claim: Claim = { connection, settings: connection.details.directory, search, keys }
    return { claim, event: { connectionId, asks: { ...asks } } }
  },
  async release(world, { connection, settings, search, keys }: Claim): Promise<OpenQuestion> {
    const { id, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await world.keys.useConnectionSecret(id, sealedSecret)
    return { connectionId: id, open: { settings, secret }, search, keys }
  },
})
