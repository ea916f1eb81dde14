import { randomBytes } from 'node:crypto'
import { writeSymbols } from '@unlatch/card/unblock'
import { InvitePasskey, RemovePersonPasskey } from '@unlatch/contract'
import { lockPerson } from '../../records/people/people.ts'
import { deletePersonPasskey, insertInvitation } from '../../records/person-passkeys/person-passkeys.ts'
import { macOfProof } from '../../records/person-passkeys/proofs.ts'
import { Fault, operation } from '../operation.ts'

/** 80 random bits: 16 symbols. */
const OCTETS = 10

/** An operator has a person before him, with a document, and lets him add a passkey on a device of his own. */
export const invitePasskey = operation({
  name: 'person.invite-passkey',
  permission: 'unblock:release',
  input: InvitePasskey,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx, keys, now }, { personId, document }, actor) {
    await lockPerson(tx, personId)
    const code = writeSymbols(randomBytes(OCTETS))
    const wish = { codeMac: await macOfProof(keys, code), personId, operatorId: actor.id }
    const expiresAt = await insertInvitation(tx, wish, now)
    return { result: { code, expiresAt }, event: { personId, document, expiresAt } }
  },
})

/** A person's passkey is no more: the device was lost, say. */
export const removePersonPasskey = operation({
  name: 'person.remove-passkey',
  permission: 'unblock:release',
  input: RemovePersonPasskey,
  subject: ({ personId }) => `person:${personId}`,
  async run({ tx }, { personId, passkeyId }) {
    await lockPerson(tx, personId)
    if (!(await deletePersonPasskey(tx, personId, passkeyId))) throw new Fault('not-found')
    return { result: {}, event: { personId, passkeyId } }
  },
})
