import { EndOwnSessions } from '@unlatch/contract'
import { endSessions } from '../../records/sessions/sessions.ts'
import { operation } from '../operation.ts'

/** An operator ends one of his sessions, or all but this one. */
export const endOwnSessions = operation({
  name: 'account.end-sessions',
  permission: 'signed-in',
  input: EndOwnSessions,
  subject: () => 'own-account',
  async run({ tx }, { sessionId }, actor) {
    const which = sessionId === undefined ? { except: actor.sessionId } : { only: sessionId }
    const ended = await endSessions(tx, actor.id, which)
    return { result: { ended }, event: { operatorId: actor.id, ended } }
  },
})
