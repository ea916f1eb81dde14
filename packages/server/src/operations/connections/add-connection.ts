import { randomUUID } from 'node:crypto'
import { AddConnection } from '@unlatch/contract'
import { eventOf, insertConnection } from '../../records/connections/connections.ts'
import { operation } from '../operation.ts'

/** Adds a connection; it delivers once a test of it has arrived. */
export const addConnection = operation({
  name: 'connection.add',
  permission: 'connection:write',
  input: AddConnection,
  subject: ({ name }) => `connection-name:${name}`,
  async run({ tx, keys, now }, { name, secret = '', ...details }) {
    const id = randomUUID()
    const sealedSecret = secret === '' ? null : await keys.wrapConnectionSecret(id, secret)
    await insertConnection(tx, { id, name, details, sealedSecret, at: now })
    return { result: { id }, event: { connectionId: id, name, ...eventOf(details) } }
  },
})
