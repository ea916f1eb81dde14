import { RemoveConnection } from '@unlatch/contract'
import { lockConnection, removeConnection as remove } from '../../records/connections/connections.ts'
import { readDeskSettings } from '../../records/desk/desk-settings.ts'
import { listUses } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Removes a connection that no card template delivers by, nor a version of one that cards have, nor the desk. What still waits
 * for it fails, and says so.
 */
export const removeConnection = operation({
  name: 'connection.remove',
  permission: 'connection:write',
  input: RemoveConnection,
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx }, { connectionId }) {
    await lockConnection(tx, connectionId)
    const usedBy = (await listUses(tx)).filter((use) => use.connectionId === connectionId)
    if (usedBy.length > 0) {
      throw new Fault('connection-in-use', { facts: { templates: usedBy.map(({ templateName }) => templateName) } })
    }
    const { mailConnectionId, textConnectionId, revocationConnectionId } = (await readDeskSettings(tx)).settings
    if ([mailConnectionId, textConnectionId, revocationConnectionId].includes(connectionId)) {
      throw new Fault('connection-of-desk')
    }
    await remove(tx, connectionId)
    return { result: {}, event: { connectionId } }
  },
})
