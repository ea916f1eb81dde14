import { ConfirmUnblock } from '@unlatch/contract'
import { findLastRelease, lockUnblock } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'
import { closeRelease } from './close-release.ts'

/** The operator types the receipt that the caller read back (PIV), or what the caller says (cards without a receipt). */
export const confirmUnblock = operation({
  name: 'unblock.confirm',
  permission: 'unblock:release',
  input: ConfirmUnblock,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run(context, input, actor) {
    const { unblock, card } = await lockUnblock(context.tx, input.unblockId, actor.id)
    const release = await findLastRelease(context.tx, unblock.id)
    if (!release) throw new Fault('attempt-closed', { detail: 'no cryptogram was released' })
    return closeRelease(context, card, release, input)
  },
})
