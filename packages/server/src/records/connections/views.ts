import type { Connections, ConnectionView } from '@unlatch/contract'
import * as z from 'zod/mini'
import { listUses } from '../templates/templates.ts'
import { view } from '../view.ts'
import { listConnections } from './connections.ts'

/** All connections, with what they deliver; no secret. */
export const allConnections = view({
  name: 'connections.list',
  permission: 'connection:read',
  query: z.object({}),
  async read({ db }): Promise<Connections> {
    const connections = await listConnections(db)
    const uses = await listUses(db)
    const counts = await db
      .selectFrom('deliveries')
      .select(['connection_id', 'state'])
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('state', 'in', ['queued', 'sending', 'failed'])
      .where('connection_id', 'in', [...connections.map(({ id }) => id), ''])
      .groupBy(['connection_id', 'state'])
      .execute()
    const countOf = (id: string, states: readonly string[]) =>
      counts
        .filter((row) => row.connection_id === id && states.includes(row.state))
        .reduce((sum, row) => sum + Number(row.count), 0)
    return {
      connections: connections.map(
        ({ id, name, details, sealedSecret, testedAt }): ConnectionView => ({
          ...details,
          id,
          name,
          hasSecret: sealedSecret !== null,
          testedAt,
          usedBy: uses.filter(({ connectionId }) => connectionId === id).map(({ templateName }) => templateName),
          waiting: countOf(id, ['queued', 'sending']),
          failed: countOf(id, ['failed']),
        }),
      ),
    }
  },
})
