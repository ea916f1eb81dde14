import { RevokeSessions } from '@unlatch/contract'
import { findOperatorById } from '../../records/operators/operators.ts'
import { endSessions } from '../../records/sessions/sessions.ts'
import { Fault, operation } from '../operation.ts'

/** Ends one session of an operator, or all of them: his next click finds him signed out. */
export const revokeSessions = operation({
  name: 'session.revoke',
  permission: 'session:revoke',
  input: RevokeSessions,
  subject: ({ operatorId }) => `operator:${operatorId}`,
  async run({ tx }, { operatorId, sessionId }) {
    if (!(await findOperatorById(tx, operatorId))) throw new Fault('not-found')
    const ended = await endSessions(tx, operatorId, sessionId === undefined ? {} : { only: sessionId })
    return { result: { ended }, event: { operatorId, ended } }
  },
})
