import { randomUUID } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { Problem, type SignJob, type UnblockJob } from '@unlatch/contract'
import Fastify, { type FastifyInstance } from 'fastify'
import type { CardSignature } from '../tasks/sign-statement.ts'
import type { JobNews } from '../tasks/unblock-connected.ts'
import { renderProblems } from './render-problems.ts'
import { openScreenDoor, SCREEN_ACTIONS } from './screen-door.ts'
import type { ScreenTools } from './screen-tools.ts'
import { UnblockScreen } from './unblock-screen.ts'

/**
 * An agent that is a service opens no page: its screen is shown by a helper in the session of whoever sits at the computer,
 * which reaches it by a Unix socket. Anybody may connect; the kernel says who did, and each request is answered only to the
 * user whose session is the active one at the seat. What is typed is sealed in the page for the screen here: the helper sees
 * none of it.
 */

/** The screen of a service. */
export interface SessionSocket {
  /** Errors as `UnblockScreen.unblock`. */
  unblock(job: UnblockJob, news: JobNews): Promise<void>
  /** Errors as `UnblockScreen.sign`. */
  sign(job: SignJob, news: JobNews): Promise<CardSignature>
  close(): Promise<void>
}

/** Who may see the screen. */
export interface SessionGate {
  /** Whose process is at the other end. */
  readonly uidOf: (socket: Socket) => number | undefined
  /** Whose session is the active one. */
  readonly activeUser: () => number | undefined
}

/** How long a question is held open. */
const HOLD_MS = 25_000
/** Whoever starts a helper later than this is shown no page of before. */
const WANTED_MS = 30_000

export async function openSessionSocket(
  tools: Omit<ScreenTools, 'openPage' | 'openForCard' | 'panel'>,
  path: string,
  gate: SessionGate,
): Promise<SessionSocket> {
  let wantedUntil = 0
  const waiting = new Set<() => void>()
  const openPage = () => {
    wantedUntil = Date.now() + WANTED_MS
    for (const wake of waiting) wake()
  }
  const screen = new UnblockScreen({ ...tools, panel: undefined, openPage, openForCard: openPage })
  const door = openScreenDoor(screen, undefined)
  const holds = new AbortController()
  const app: FastifyInstance = Fastify({
    bodyLimit: 16 * 1024,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
  })
  const expectActive = (socket: Socket) => {
    const uid = gate.uidOf(socket)
    if (uid === undefined || uid !== gate.activeUser()) throw new Problem('session-not-active')
  }
  const held = () => AbortSignal.any([AbortSignal.timeout(HOLD_MS), holds.signal])

  renderProblems(app)
  app.addHook('onRequest', async (request) => expectActive(request.socket))
  app.get('/state', async (request) => {
    const after = Number((request.query as { after?: string }).after ?? 0)
    const state = await door.state(Number.isFinite(after) ? after : 0, held())
    // Another session may have become the active one meanwhile.
    expectActive(request.socket)
    return state
  })
  app.get('/wanted', async (request) => {
    if (wantedUntil <= Date.now()) await waitFor(waiting, held())
    expectActive(request.socket)
    const isWanted = wantedUntil > Date.now()
    wantedUntil = 0
    return { isWanted }
  })
  for (const action of SCREEN_ACTIONS) {
    app.post(action, async (request, reply) => {
      await door.act(action, request.body)
      return reply.code(204).send()
    })
  }

  rmSync(path, { force: true })
  await app.listen({ path })
  chmodSync(path, 0o666)
  return {
    unblock: (job, news) => screen.unblock(job, news),
    sign: (job, news) => screen.sign(job, news),
    async close() {
      holds.abort()
      await Promise.all([app.close(), screen.close()])
    },
  }
}

async function waitFor(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const wake = () => {
      waiting.delete(wake)
      resolve()
    }
    waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
  })
}
