import { randomBytes } from 'node:crypto'
import { writeSymbols } from '@unlatch/card/unblock'
import { AskHolder, type HolderInvited, RemoveOwnPasskey } from '@unlatch/contract'
import { lockHolderSession } from '../../records/holder-sessions/holder-sessions.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { deletePersonPasskey, insertInvitation } from '../../records/person-passkeys/person-passkeys.ts'
import { macOfProof } from '../../records/person-passkeys/proofs.ts'
import { Fault, operation } from '../operation.ts'

/** 80 random bits: 16 symbols. */
const OCTETS = 10

/** A holder invites himself to add a passkey, on a device of his own: what is added counts after seven days, and he is told. */
export const inviteOwnPasskey = operation({
  name: 'holder.invite-passkey',
  permission: 'agent:report',
  input: AskHolder,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, keys, now, settings }, { sessionId }, actor) {
    const { person } = await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    const code = writeSymbols(randomBytes(OCTETS))
    const wish = { codeMac: await macOfProof(keys, code), personId: person.id, operatorId: '' }
    const expiresAt = await insertInvitation(tx, wish, now)
    const claim: HolderInvited = { url: `${settings.origin}/prove`, code, expiresAt }
    return { claim, event: { sessionId, personId: person.id, expiresAt } }
  },
  release: async (_, claim: HolderInvited): Promise<HolderInvited> => claim,
})

/** A holder removes a passkey of his own; he is told. */
export const removeOwnPasskey = operation({
  name: 'holder.remove-passkey',
  permission: 'agent:report',
  input: RemoveOwnPasskey,
  subject: ({ sessionId }) => `holder-session:${sessionId}`,
  async run({ tx, now }, { sessionId, passkeyId }, actor) {
    const { person, card } = await lockHolderSession(tx, sessionId, { agentId: actor.id, now })
    if (!(await deletePersonPasskey(tx, person.id, passkeyId))) throw new Fault('not-found')
    await tellHolder(tx, card, { kind: 'passkey-removed' }, now)
    return { result: {}, event: { sessionId, personId: person.id, passkeyId } }
  },
})
