import { ChangeConnection } from '@unlatch/contract'
import { lockConnection, updateConnection } from '../../records/connections/connections.ts'
import { operation } from '../operation.ts'

/** Changes a connection. It delivers again once a test of it, as it is now, has arrived. */
export const changeConnection = operation({
  name: 'connection.change',
  permission: 'connection:write',
  input: ChangeConnection,
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx, keys }, { connectionId, name, smtp, secret }) {
    const { sealedSecret: kept, revision } = await lockConnection(tx, connectionId)
    const given = secret ? await keys.wrapConnectionSecret(connectionId, secret) : null
    const sealedSecret = secret === undefined ? kept : given
    await updateConnection(tx, { id: connectionId, name, smtp, sealedSecret, revision })
    return { result: {}, event: { connectionId, name, host: smtp.host, isSecretChanged: secret !== undefined } }
  },
})
