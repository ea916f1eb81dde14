import { findProblemCode, type ProblemCode, type ProblemDocument } from '@unlatch/contract'

/** What a call to the server or the agent ended with, other than an answer. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  /** Absent when the other side told no code of ours. */
  readonly code: ProblemCode | undefined
  readonly title: string | undefined
  /** The request's number, for a report. */
  readonly requestId: string | undefined
  readonly facts: Readonly<Record<string, unknown>>
  /** What a third party said, for the operator who set it up; nobody else is shown it. */
  readonly detail: string | undefined

  constructor(told: {
    code?: ProblemCode
    title?: string
    requestId?: string
    facts?: Record<string, unknown>
    detail?: string
  }) {
    super(told.code ?? told.title ?? 'unknown')
    this.code = told.code
    this.title = told.title
    this.requestId = told.requestId
    this.facts = told.facts ?? {}
    this.detail = told.detail
  }
}

/** One call. */
export interface ApiCall<Answer> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** A file as it is, instead of a body. */
  readonly file?: Blob
  readonly bearer?: string
  readonly signal?: AbortSignal
  /** Reads the answer; without it the answer is not looked at. */
  readonly answer?: { parse(value: unknown): Answer }
}

/**
 * Calls the program that served this page.
 *
 * @throws ApiFailure `server-unreachable` when nobody answered; otherwise with the problem's code.
 */
export async function callApi<Answer>(call: ApiCall<Answer>): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  if (call.bearer !== undefined) headers.authorization = `Bearer ${call.bearer}`
  if (call.file !== undefined) headers['content-type'] = 'application/octet-stream'
  let response: Response
  let text: string
  try {
    response = await fetch(call.path, {
      method: call.method,
      headers,
      body: call.file ?? (call.body === undefined ? null : JSON.stringify(call.body)),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: call.signal ?? null,
    })
    text = await response.text()
  } catch (cause) {
    if (call.signal?.aborted) throw cause
    throw new ApiFailure({ code: 'server-unreachable' })
  }
  const document = readJson(text)
  if (!response.ok) throw readFailure(response.status, document)
  if (call.answer === undefined) return undefined as Answer
  try {
    return call.answer.parse(document)
  } catch {
    throw new ApiFailure({})
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readFailure(status: number, document: unknown): ApiFailure {
  // A gateway in front of a stopped server answers with a page of its own.
  if (typeof document !== 'object' || document === null) {
    return new ApiFailure(status >= 502 && status <= 504 ? { code: 'server-unreachable' } : { title: `HTTP ${status}` })
  }
  const { type, title, instance, detail, status: _, ...facts } = document as Partial<ProblemDocument>
  const code = findProblemCode({ type })
  return new ApiFailure({
    ...(code === undefined ? {} : { code }),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof instance === 'string' ? { requestId: instance } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    facts,
  })
}

/** Any thrown value as a failure that can be shown. */
export const toFailure = (thrown: unknown): ApiFailure => (thrown instanceof ApiFailure ? thrown : new ApiFailure({}))
