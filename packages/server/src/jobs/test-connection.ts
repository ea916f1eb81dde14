import { randomUUID } from 'node:crypto'
import { Problem, TestConnection } from '@unlatch/contract'
import { beginConnectionTest, endConnectionTest } from '../operations/connections/test-connection.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Carriers, DeliveryError } from '../ports/delivery.ts'
import type { Actor } from '../records/actors.ts'
import { readInput } from '../records/read-input.ts'
import type { Sender } from './deliver.ts'
import { writeTestMail } from './write-mail.ts'

/**
 * Sends a real message by a connection, to the address that an operator gives: with a PUC that is made up.
 *
 * @throws Problem `delivery-…`, with what the other side said.
 */
export async function testConnection(
  world: World,
  carriers: Carriers,
  { organisation, helpDeskPhone }: Sender,
  input: object,
  actor: Actor,
): Promise<void> {
  const wish = readInput(TestConnection, input)
  const { connection, revision } = await perform(beginConnectionTest, world, wish, actor)
  const end = (problem: string | null) =>
    perform(endConnectionTest, world, { connectionId: wish.connectionId, revision, problem }, actor)
  try {
    const message = writeTestMail(organisation, helpDeskPhone)
    await carriers[connection.kind].send(connection, { id: randomUUID(), to: { name: '', email: wish.to }, ...message })
  } catch (cause) {
    if (!(cause instanceof DeliveryError)) throw cause
    await end(cause.code)
    throw new Problem(cause.code, { detail: cause.message, facts: { said: cause.message }, cause })
  }
  await end(null)
}
