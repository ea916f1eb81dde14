import { Problem, type Signing } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Agents } from '../../ports/agents.ts'
import { view } from '../view.ts'
import { findSigning } from './signings.ts'

/** How a signature stands, for the operator who asked for it. */
export const signing = (agents: Agents) =>
  view({
    name: 'signing.details',
    permission: 'signed-in',
    query: z.object({ signingId: z.string().check(z.maxLength(64)) }),
    async read({ db }, { signingId }, actor): Promise<Signing> {
      const row = await findSigning(db, signingId)
      if (row?.operator_id !== actor.id) throw new Problem('not-found')
      const { problem, certificate, signature } = row
      const interruption = row.state === 'asked' ? findInterruption(agents, signingId) : null
      const state = interruption === null ? (row.state as Signing['state']) : 'ended'
      return { signingId, state, problem: interruption ?? problem, certificate, signature }
    },
  })

/** Why nobody answers any more: the agent went away, or what it said of the end was lost. A job of before this server's start is unknown. */
function findInterruption(agents: Agents, signingId: string): string | null {
  const job = agents.findJob(signingId)
  if (job?.state === 'failed') return job.problem.code
  return job === undefined || job.state === 'lost' ? 'signing-interrupted' : null
}
