import { isProblemCode, TestConnection } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { OpenConnection } from '../../ports/delivery.ts'
import { type Connection, lockConnection, markTested } from '../../records/connections/connections.ts'
import { operation } from '../operation.ts'

/** A connection with its secret, for one test; and which state of it that is. */
export interface ConnectionTest {
  readonly connectionId: string
  readonly revision: number
  readonly connection: OpenConnection
  readonly to: string
}

interface Claim {
  readonly connection: Connection
  readonly to: string
}

/** An operator begins a test of a connection: it is on record before its secret is used. */
export const beginConnectionTest = operation({
  name: 'connection.begin-test',
  permission: 'connection:write',
  input: TestConnection,
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx }, { connectionId, to }) {
    const claim: Claim = { connection: await lockConnection(tx, connectionId), to }
    return { claim, event: { connectionId, to } }
  },
  async release({ keys }, { connection, to }: Claim): Promise<ConnectionTest> {
    const { id, details, sealedSecret, revision } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(id, sealedSecret)
    return { connectionId: id, revision, connection: { details, secret }, to }
  },
})

/** How a test ended. One of a connection that was changed meanwhile says nothing about it. */
export const endConnectionTest = operation({
  name: 'connection.end-test',
  permission: 'connection:write',
  input: z.object({
    connectionId: z.string().check(z.maxLength(64)),
    revision: z.number(),
    problem: z.nullable(z.string().check(z.refine(isProblemCode))),
  }),
  subject: ({ connectionId }) => `connection:${connectionId}`,
  async run({ tx, now }, { connectionId, revision, problem }) {
    if (problem === null) await markTested(tx, connectionId, revision, now)
    return { result: {}, event: { connectionId, problem } }
  },
})
