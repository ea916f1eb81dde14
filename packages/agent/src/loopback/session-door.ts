import { statSync } from 'node:fs'
import { request } from 'node:http'
import { dirname } from 'node:path'
import { findProblemCode, Problem, type ProblemDocument, ScreenState } from '@unlatch/contract'
import type { ScreenDoor } from './screen-door.ts'

/** The screen of this computer's service, as its helper in a session reaches it. */
export interface SessionDoor extends ScreenDoor {
  /** Resolves true when the service wants its page opened, false after a while. */
  wanted(signal: AbortSignal): Promise<boolean>
}

/** Longer than the service holds a question. */
const PATIENCE_MS = 35_000

/**
 * @throws Problem `wrong-usage` where another user could have put the socket; later, `agent-service-unreachable` while nobody
 *   listens, `session-not-active`, and what the screen says.
 */
export function openSessionDoor(path: string): SessionDoor {
  expectOwnFolder(path)
  return {
    async state(after, signal) {
      return ScreenState.parse(await call(path, 'GET', `/state?after=${after}`, undefined, signal))
    },
    async act(action, body) {
      await call(path, 'POST', action, body ?? {}, AbortSignal.timeout(PATIENCE_MS))
    },
    async wanted(signal) {
      const answer = (await call(path, 'GET', '/wanted', undefined, signal)) as { isWanted?: boolean } | undefined
      return answer?.isWanted === true
    },
  }
}

/** A folder that others may write in would let them show a screen of their own, and have a PIN sealed for it. */
function expectOwnFolder(path: string): void {
  const { mode } = stat(dirname(path)) ?? { mode: 0 }
  if ((mode & 0o022) !== 0) throw new Problem('wrong-usage', { detail: `others may write in ${dirname(path)}` })
}

const stat = (path: string) => statSync(path, { throwIfNoEntry: false })

async function call(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { status, text } = await send(socketPath, method, path, body, signal)
  if (status === 204) return undefined
  const answer: unknown = JSON.parse(text)
  if (status < 300) return answer
  const document = answer as ProblemDocument
  const code = findProblemCode(document)
  if (!code) throw new Problem('agent-service-unreachable', { detail: `the service answered ${status}` })
  const { type: _type, title: _title, status: _status, instance: _instance, detail: _detail, ...facts } = document
  throw new Problem(code, { facts })
}

function send(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new Problem('agent-service-unreachable', { cause }))
    // A connection for each question: who asks is noted when it is made.
    const asked = request({ socketPath, method, path, headers, signal, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 500, text })).on('error', fail)
    })
    asked.on('error', fail).end(body === undefined ? undefined : JSON.stringify(body))
  })
}
