import { Problem, type Signing } from '@unlatch/contract'
import * as z from 'zod/mini'
import { view } from '../view.ts'
import { findSigning } from './signings.ts'

/** How a signature stands, for the operator who asked for it. */
export const signing = view({
  name: 'signing.details',
  permission: 'signed-in',
  query: z.object({ signingId: z.string().check(z.maxLength(64)) }),
  async read({ db }, { signingId }, actor): Promise<Signing> {
    const row = await findSigning(db, signingId)
    if (row?.operator_id !== actor.id) throw new Problem('not-found')
    const { problem, certificate, signature } = row
    return { signingId, state: row.state as Signing['state'], problem, certificate, signature }
  },
})
