import { ChangeConnection } from '@unlatch/contract'
import { eventOf, lockConnection, updateConnection } from '../../records/connections/connections.ts'
import { Fault, operation } from '../operation.ts'

/** Changes a connection. It delivers again once a test of it, as it is now, has arrived. */
export const changeConnection = operation({
  name: 'connection.change',
  permission: 'connection:write',
  input: ChangeConnection,
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx, keys }, { connectionId, name, secret, ...details }) {
    const { sealedSecret: kept, revision, details: before } = await lockConnection(tx, connectionId)
    if (details.kind !== before.kind) throw new Fault('input-invalid', { detail: 'the kind of a connection stays' })
    const given = secret ? await keys.wrapConnectionSecret(connectionId, secret) : null
    const sealedSecret = secret === undefined ? kept : given
    await updateConnection(tx, { id: connectionId, name, details, sealedSecret, revision })
    const isSecretChanged = secret !== undefined
    return { result: {}, event: { connectionId, name, isSecretChanged, ...eventOf(details) } }
  },
})
