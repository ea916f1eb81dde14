import { RemovePasskey } from '@unlatch/contract'
import { lockOperator } from '../../records/operators/operators.ts'
import { deletePasskeys, listPasskeys } from '../../records/passkeys/passkeys.ts'
import { Fault, operation } from '../operation.ts'

/** An operator removes a passkey of his own; not his last one, without which he could not sign in. */
export const removePasskey = operation({
  name: 'account.remove-passkey',
  permission: 'signed-in',
  input: RemovePasskey,
  subject: () => 'own-account',
  async run({ tx, settings }, { passkeyId }, actor) {
    await lockOperator(tx, actor.id)
    const passkeys = await listPasskeys(tx, actor.id)
    const passkey = passkeys.find(({ id }) => id === passkeyId)
    if (!passkey) throw new Fault('not-found')
    if (passkeys.length === 1 && !settings.isDemo) throw new Fault('passkey-last')
    await deletePasskeys(tx, actor.id, passkeyId)
    return { result: {}, event: { operatorId: actor.id, passkey: passkey.label } }
  },
})
