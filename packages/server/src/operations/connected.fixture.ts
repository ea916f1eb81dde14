import { createHash } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { AgentMessage, ServerMessage } from '@unlatch/contract'
import type { Actor } from '../records/actors.ts'
import { StagedAuthenticator } from '../records/passkeys/authenticator.fixture.ts'
import { verifyRegistration, writeRegistration } from '../records/passkeys/ceremonies.ts'
import { insertPasskey } from '../records/passkeys/passkeys.ts'
import type { StagedWorld } from './world.fixture.ts'

/** An agent that is connected with one card in its reader; and what it is told. */
export function connectAgent(
  stage: StagedWorld,
  card: { readonly cardUuid: Uint8Array } | undefined,
  changes: { id?: string; isStation?: boolean; protocol?: number; isBlocked?: boolean } = {},
) {
  const { id = 'laptop', isStation = false, protocol = 2, isBlocked = true } = changes
  const told: ServerMessage[] = []
  let leave = () => {}
  let say: (message: AgentMessage) => void = () => {}
  const socket = {
    send: (text: string) => void told.push(JSON.parse(text)),
    close() {},
    onClose(listener: () => void) {
      leave = listener
    },
    onMessage(listener: (text: string) => void) {
      say = (message) => listener(JSON.stringify(message))
    },
  }
  const keySha256 = createHash('sha256').update(id).digest('hex').toUpperCase()
  stage.channel.attach(socket, { id, keySha256, protocol, name: `agent ${id}`, isStation, version: '0.1.0' })
  const see = (seen: { readonly cardUuid: Uint8Array } | undefined) => {
    const sight = { kind: 'piv', firmware: null, family: 'piv', hardwareNumber: null, isBlocked } as const
    const inReader = seen ? { ...sight, cardUuid: writeHex(seen.cardUuid) } : null
    say({ type: 'readers', readers: [{ name: 'Reader', card: inReader }] })
  }
  see(card)
  const actor: Actor = {
    kind: 'agent',
    id,
    name: `agent ${id}`,
    userName: '',
    permissions: new Set(['agent:report', 'card:contact']),
    sessionId: '',
    keySha256,
  }
  /** The line to it is cut. */
  const hangUp = () => leave()
  return { told, actor, see, say: (message: AgentMessage) => say(message), hangUp, keySha256 }
}

/** Gives an operator a passkey; returns the authenticator that has it. */
export async function givePasskey({ world }: StagedWorld, operator: Actor): Promise<StagedAuthenticator> {
  const party = world.settings
  const authenticator = new StagedAuthenticator(party.origin)
  const challenge = Buffer.from('challenge').toString('base64url')
  const options = await writeRegistration(party, operator, challenge, [])
  const registered = await verifyRegistration(party, challenge, authenticator.create(options))
  if (!registered) throw new Error('no passkey')
  const row = {
    operator_id: operator.id,
    label: 'key',
    created_at: world.clock.now().toISOString(),
    last_used_at: null,
  }
  await world.database.transaction((tx) => insertPasskey(tx, { ...registered, ...row }))
  return authenticator
}
