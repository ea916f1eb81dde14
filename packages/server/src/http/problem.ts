import { PROBLEMS, Problem, type ProblemCode, type ProblemDocument, problemType } from '@unlatch/contract'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Problems of the HTTP layer itself, by Fastify's code or status. */
function codeOfHttpError(error: FastifyError): ProblemCode | undefined {
  if (error.statusCode === 413) return 'too-large'
  if (error.statusCode === 404) return 'not-found'
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return 'input-invalid'
  return undefined
}

/** A problem as its document. [RFC 9457, 3] */
function writeProblem(problem: Problem, instance: string): ProblemDocument {
  const { status, title } = PROBLEMS[problem.code]
  const detail = problem.message === title ? {} : { detail: problem.message }
  return { ...problem.facts, type: problemType(problem.code), title, status, ...detail, instance }
}

/**
 * Renders every error as a problem document. Anything that is not a `Problem` is a bug: 500 without a word, the full cause
 * chain in the log under the same request id.
 */
export function renderProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = error instanceof Problem ? undefined : codeOfHttpError(error)
    const problem = error instanceof Problem ? error : code && new Problem(code)
    reply.type('application/problem+json')
    if (problem) {
      const { status } = PROBLEMS[problem.code]
      if (status < 500) request.log.info({ problem: problem.code }, 'refused')
      else request.log.error({ problem: problem.code, err: problem }, 'not possible now')
      return reply.code(status).send(writeProblem(problem, request.id))
    }
    request.log.error({ err: error }, 'internal error')
    return reply.code(500).send({ type: 'about:blank', title: 'Internal error', status: 500, instance: request.id })
  })
  app.setNotFoundHandler((request, reply) => {
    const problem = writeProblem(new Problem('not-found'), request.id)
    return reply.code(404).type('application/problem+json').send(problem)
  })
}
