import { randomUUID } from 'node:crypto'
import { Problem } from '@unlatch/contract'
import { beginConnectionTest, endConnectionTest } from '../operations/connections/test-connection.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Carriers, DeliveryError } from '../ports/delivery.ts'
import type { Actor } from '../records/actors.ts'
import { type Sender, writeMessage } from './write-message.ts'

/**
 * Sends a real message by a connection, to the address that an operator gives: with a PUC that is made up.
 *
 * @throws Problem `delivery-…`, with what the other side said.
 */
export async function testConnection(
  world: World,
  carriers: Carriers,
  sender: Sender,
  input: object,
  actor: Actor,
): Promise<void> {
  const { connectionId, revision, connection, to: address } = await perform(beginConnectionTest, world, input, actor)
  const end = (problem: string | null) => perform(endConnectionTest, world, { connectionId, revision, problem }, actor)
  try {
    const to = { name: address, email: address, phone: address, department: '' }
    const card = { label: '–', printedSerial: '–' }
    const made = { id: randomUUID(), isTest: true, to, card, puc: '00000000', tellsWindowsForm: false }
    await carriers[connection.details.kind].send(connection, writeMessage(made, sender))
  } catch (cause) {
    if (!(cause instanceof DeliveryError)) throw cause
    await end(cause.code)
    throw new Problem(cause.code, { detail: cause.message, facts: { said: cause.message }, cause })
  }
  await end(null)
}
