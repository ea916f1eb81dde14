import { randomUUID } from 'node:crypto'
import { type CeremonyOptions, StatementToSign } from '@unlatch/contract'

import type { LiveCard } from './stage.ts'
import { type Wire, writeRequest } from './wire.ts'

/** A challenge that no one has seen yet, of a card with a call open about it. */
export interface Asked {
  readonly card: LiveCard
  readonly challenge: string
}

/** The operator asks for the statement and signs it with the passkey; the release is then ready to be sent. */
export async function prepareRelease(wire: Wire, { card, challenge }: Asked): Promise<Buffer> {
  const wish = { challenge, idempotencyKey: randomUUID() }
  const at = (step: string) => `/api/unblocks/${card.unblockId}/${step}`
  const answer = await wire.ask(writeRequest('POST', at('statement'), card.cookie, wish))
  const { statement, passkey } = StatementToSign.parse(JSON.parse(answer.toString()))
  const signature = { kind: 'passkey', answer: card.passkey.get(passkey as unknown as CeremonyOptions) }
  const signed = { nonce: statement.nonce, signature }
  return writeRequest('POST', at('cryptogram'), card.cookie, { ...wish, signed })
}
