import { randomUUID } from 'node:crypto'
import { type ConnectionTested, Problem } from '@unlatch/contract'
import { beginConnectionTest, endConnectionTest } from '../operations/connections/test-connection.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Carriers, DeliveryError, type OpenConnection } from '../ports/delivery.ts'
import { type Directory, DirectoryError } from '../ports/directory.ts'
import type { Actor } from '../records/actors.ts'
import { type Sender, writeMessage } from './write-message.ts'

/** What a test is made with. */
interface Peers {
  readonly carriers: Carriers
  readonly directory: Directory
}

/**
 * Does the real thing by a connection: sends a message with a made-up PUC to the address that an operator gives, or signs in
 * to a directory and looks for people.
 *
 * @throws Problem `delivery-…`, `directory-…`, with what the other side said.
 */
export async function testConnection(
  world: World,
  peers: Peers,
  sender: Sender,
  input: object,
  actor: Actor,
): Promise<ConnectionTested> {
  const { connectionId, revision, connection, to } = await perform(beginConnectionTest, world, input, actor)
  const end = (problem: string | null) => perform(endConnectionTest, world, { connectionId, revision, problem }, actor)
  let found: ConnectionTested['found']
  try {
    found = await tryOut(connection, peers, sender, to)
  } catch (cause) {
    if (!(cause instanceof DeliveryError || cause instanceof DirectoryError)) throw cause
    await end(cause.code)
    throw new Problem(cause.code, { detail: cause.message, facts: { said: cause.message }, cause })
  }
  await end(null)
  return { found }
}

async function tryOut(
  { details, secret }: OpenConnection,
  { carriers, directory }: Peers,
  sender: Sender,
  address: string,
): Promise<ConnectionTested['found']> {
  if (details.kind === 'directory') return directory.count({ settings: details.directory, secret })
  const to = { name: address, email: address, phone: address, department: '', language: '' }
  const card = { label: '–', printedSerial: '–' }
  const made = { id: randomUUID(), isTest: true, to, card, puc: '00000000', tellsWindowsForm: false }
  await carriers[details.kind].send({ details, secret }, writeMessage(made, sender))
  return null
}
