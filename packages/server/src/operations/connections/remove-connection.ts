import { RemoveConnection } from '@unlatch/contract'
import { lockConnection, removeConnection as remove } from '../../records/connections/connections.ts'
import { listTemplates } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/** Removes a connection that no card template delivers by. What still waits for it fails, and says so. */
export const removeConnection = operation({
  name: 'connection.remove',
  permission: 'connection:write',
  input: RemoveConnection,
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx }, { connectionId }) {
    await lockConnection(tx, connectionId)
    const usedBy = (await listTemplates(tx)).filter(({ document }) => document.connectionId === connectionId)
    if (usedBy.length > 0)
      throw new Fault('connection-in-use', { facts: { templates: usedBy.map(({ name }) => name) } })
    await remove(tx, connectionId)
    return { result: {}, event: { connectionId } }
  },
})
