import { randomUUID } from 'node:crypto'
import { AddConnection } from '@unlatch/contract'
import { insertConnection } from '../../records/connections/connections.ts'
import { operation } from '../operation.ts'

/** Adds a connection; it delivers once a test of it has arrived. */
export const addConnection = operation({
  name: 'connection.add',
  permission: 'connection:write',
  input: AddConnection,
  subject: ({ name }) => `connection-name:${name}`,
  async run({ tx, keys, now }, { kind, name, smtp, secret = '' }) {
    const id = randomUUID()
    const sealedSecret = secret === '' ? null : await keys.wrapConnectionSecret(id, secret)
    await insertConnection(tx, { id, kind, name, smtp, sealedSecret, at: now })
    return { result: { id }, event: { connectionId: id, kind, name, host: smtp.host } }
  },
})
