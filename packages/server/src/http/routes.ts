import type { Permission, ServerStatus, Session, SignedClientConfiguration } from '@unlatch/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Operation, perform, type World } from '../operations/operation.ts'
import { issueCard } from '../operations/register/issue-card.ts'
import { personaliseCard } from '../operations/register/personalise-card.ts'
import { registerCard } from '../operations/register/register-card.ts'
import { reissueCard } from '../operations/register/reissue-card.ts'
import { rotatePuk, touchCard } from '../operations/rotate/rotate-puk.ts'
import { signIn } from '../operations/sign-in/sign-in.ts'
import { checkChallenge } from '../operations/unblock/check-challenge.ts'
import { closeOpenOutcome } from '../operations/unblock/close-open-outcome.ts'
import { confirmUnblock } from '../operations/unblock/confirm.ts'
import { openUnblock } from '../operations/unblock/open-unblock.ts'
import { releaseCryptogram } from '../operations/unblock/release-cryptogram.ts'
import { reportUnblock } from '../operations/unblock/report.ts'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { findPeople, personDetails } from '../records/people/views.ts'
import { look, type View } from '../records/view.ts'

/** Who calls a route. */
export type Caller = 'operator' | 'agent' | 'anybody'

/** One line of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly caller: Caller
  readonly status: number
  answer(request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<unknown>
}

/** Path parameters, query and body as one input. */
const inputOf = (request: FastifyRequest): object => ({
  ...(request.query as object),
  ...(request.body as object),
  ...(request.params as object),
})

/** The whole API of the server. */
export function routes(
  world: World,
  status: ServerStatus,
  clientConfiguration: () => Promise<SignedClientConfiguration>,
): Route[] {
  const change = <I, P, C, R>(caller: Caller, path: string, op: Operation<I, P, C, R>, code = 200): Route => {
    return {
      method: 'POST',
      path,
      caller,
      status: code,
      answer: (request, _, actor) => perform(op, world, inputOf(request), actor),
    }
  }
  const read = <I, R>(path: string, view: View<I, R>): Route => {
    return {
      method: 'GET',
      path,
      caller: 'operator',
      status: 200,
      answer: (request, _, actor) => look(view, world, inputOf(request), actor),
    }
  }
  return [
    { method: 'GET', path: '/api/status', caller: 'anybody', status: 200, answer: async () => status },
    { method: 'GET', path: '/api/client-configuration', caller: 'anybody', status: 200, answer: clientConfiguration },

    {
      method: 'POST',
      path: '/api/session',
      caller: 'anybody',
      status: 200,
      async answer(request) {
        const operator = await perform(signIn, world, request.body, ANYBODY)
        await request.session.regenerate()
        request.session.operatorId = operator.id
        const permissions = JSON.parse(operator.permissions) as Permission[]
        return {
          operator: { id: operator.id, name: operator.name, userName: operator.user_name },
          permissions,
        } satisfies Session
      },
    },
    {
      method: 'GET',
      path: '/api/session',
      caller: 'operator',
      status: 200,
      async answer(_request, _reply, actor) {
        const operator = { id: actor.id, name: actor.name, userName: actor.userName }
        return { operator, permissions: [...actor.permissions] } satisfies Session
      },
    },
    {
      method: 'DELETE',
      path: '/api/session',
      caller: 'operator',
      status: 204,
      async answer(request) {
        await request.session.destroy()
        return null
      },
    },

    read('/api/people', findPeople),
    read('/api/people/:personId', personDetails(world.settings.allowsBareForm)),

    change('operator', '/api/unblocks', openUnblock, 201),
    change('operator', '/api/unblocks/:unblockId/challenge-check', checkChallenge),
    change('operator', '/api/unblocks/:unblockId/cryptogram', releaseCryptogram, 201),
    change('operator', '/api/unblocks/:unblockId/outcome', confirmUnblock),
    change('operator', '/api/cards/:cardId/outcome', closeOpenOutcome),

    change('agent', '/api/reports', reportUnblock),
    change('agent', '/api/cards', registerCard, 201),
    change('agent', '/api/cards/:cardId/holder', reissueCard),
    change('agent', '/api/cards/:cardId/issuance', issueCard),
    change('agent', '/api/cards/:cardId/personalisation', personaliseCard),
    change('agent', '/api/contacts', touchCard),
    change('agent', '/api/cards/:cardId/rotation', rotatePuk),
  ]
}
