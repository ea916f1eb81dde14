import { PROBLEMS, Problem, problemType } from '@unlatch/contract'
import type { FastifyInstance } from 'fastify'

/** What the framework refuses, by its status. */
function problemOfStatus(status: number): Problem | undefined {
  if (status === 413) return new Problem('too-large')
  return status < 500 ? new Problem('input-invalid') : undefined
}

/** Problems as problem documents; of anything else nothing but an id is said. */
export function renderProblems(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw new Problem('not-found')
  })
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    reply.type('application/problem+json')
    const problem = error instanceof Problem ? error : problemOfStatus(error.statusCode ?? 500)
    if (!problem) {
      return reply.code(500).send({ type: 'about:blank', title: 'Internal error', status: 500, instance: request.id })
    }
    const { status, title } = PROBLEMS[problem.code]
    return reply
      .code(status)
      .send({ ...problem.facts, type: problemType(problem.code), title, status, instance: request.id })
  })
}
