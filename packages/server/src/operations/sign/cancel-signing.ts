import * as z from 'zod/mini'
import { endSigning, findSigning } from '../../records/signings/signings.ts'
import { Fault, operation } from '../operation.ts'

/** The operator gives it up, or nobody heard of its agent any more: no PIN is asked for, and what is signed yet counts for nothing. */
export const cancelSigning = operation({
  name: 'signing.cancel',
  permission: 'signed-in',
  input: z.object({ signingId: z.string().check(z.maxLength(64)) }),
  subject: ({ signingId }) => `signing:${signingId}`,
  async run({ tx }, { signingId }, actor) {
    const signing = await findSigning(tx, signingId)
    if (signing?.operator_id !== actor.id) throw new Fault('not-found')
    const end = { state: 'ended', problem: 'attempt-cancelled', certificate: null, signature: null }
    const isFirst = await endSigning(tx, signingId, end)
    const claim = { agentId: signing.agent_id, jobId: signingId }
    return { claim, event: { operatorId: actor.id, result: isFirst ? 'cancelled' : 'known' } }
  },
  async release({ agents }, { agentId, jobId }) {
    agents.tell(agentId, { type: 'cancel', jobId })
    return {}
  },
})
