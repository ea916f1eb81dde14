import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Operation, perform, type World } from '../operations/operation.ts'
import type { Actor, Demand } from '../records/actors.ts'
import { look, type View } from '../records/view.ts'

/** Who calls a route. */
export type Caller = 'operator' | 'agent' | 'anybody'

/** One line of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly caller: Caller
  readonly status: number
  /** What is demanded of the caller, by the operation or view behind the route. */
  readonly demands: Demand
  /** The operation or view that answers; absent where the route itself does. */
  readonly asks?: string
  /** Where the body is a file and not JSON: how many octets it may have. */
  readonly largestFile?: number
  answer(request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<unknown>
}

/** Path parameters, query and body as one input. */
export const inputOf = (request: FastifyRequest): object => ({
  ...(request.query as object),
  ...(request.body as object),
  ...(request.params as object),
})

/** How a line of the API leads to an operation or a view. */
export interface Doors {
  change<I, P, C, R>(caller: Caller, path: string, op: Operation<I, P, C, R>, code?: number): Route
  read<I, R>(path: string, view: View<I, R>): Route
  /** The same for an agent, which signs what it asks. */
  ask<I, R>(path: string, view: View<I, R>): Route
}

export function openDoors(world: World): Doors {
  const change = <I, P, C, R>(caller: Caller, path: string, op: Operation<I, P, C, R>, code = 200): Route => {
    return {
      method: 'POST',
      path,
      caller,
      status: code,
      demands: op.permission,
      asks: op.name,
      answer: (request, _, actor) => perform(op, world, inputOf(request), actor),
    }
  }
  const read = <I, R>(path: string, view: View<I, R>): Route => {
    return {
      method: 'GET',
      path,
      caller: 'operator',
      status: 200,
      demands: view.permission,
      asks: view.name,
      answer: (request, _, actor) => look(view, world, inputOf(request), actor),
    }
  }
  const ask = <I, R>(path: string, view: View<I, R>): Route => ({
    ...read(path, view),
    method: 'POST',
    caller: 'agent',
  })
  return { change, read, ask }
}
