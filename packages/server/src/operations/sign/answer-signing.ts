import { AnswerSigning } from '@unlatch/contract'
import { endSigning, findSigning } from '../../records/signings/signings.ts'
import { Fault, operation } from '../operation.ts'

/** An agent says how a signature ended. Whether it is one is judged where it is used. */
export const answerSigning = operation({
  name: 'signing.answer',
  permission: 'agent:report',
  input: AnswerSigning,
  subject: ({ signingId }) => `signing:${signingId}`,
  async run({ tx }, { signingId, answer }, actor) {
    const signing = await findSigning(tx, signingId)
    if (signing?.agent_id !== actor.id) throw new Fault('not-found')
    const end =
      answer.kind === 'signed'
        ? { state: 'signed', problem: null, certificate: answer.certificate, signature: answer.signature }
        : { state: 'ended', problem: answer.problem, certificate: null, signature: null }
    const isFirst = await endSigning(tx, signingId, end)
    const event = { operatorId: signing.operator_id, state: end.state, problem: end.problem }
    return { result: { result: isFirst ? 'recorded' : 'known' }, event }
  },
})
