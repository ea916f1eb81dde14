import { createHash, randomBytes } from 'node:crypto'
import {
  AGENT_PROTOCOL,
  type AgentJob,
  type AgentMessage,
  agentSignatureText,
  CHANNEL_PATH,
  type Hello,
  isProblemCode,
  type JobProblem,
  Problem,
  type ProblemCode,
  type ReaderSight,
  ServerMessage,
  type SignedHello,
  TICK_SECONDS,
  type Welcome,
} from '@unlatch/contract'
import { asProblem } from '../tasks/card-problems.ts'
import type { JobNews } from '../tasks/unblock-connected.ts'

/** What the channel is made of. */
export interface ChannelOptions {
  readonly serverUrl: string
  readonly identity: { readonly publicKeyHex: string; sign(text: string): Buffer }
  readonly hello: Omit<Hello, 'protocol'>
  /** Does a job of the server; what it throws is how it ended. */
  run(job: AgentJob, news: JobNews): Promise<void>
  /** Told of each change: connected as whom, or why not. */
  onState?(state: ChannelState): void
}

export type ChannelState =
  | { readonly kind: 'connected'; readonly welcome: Welcome }
  /** `secondsAhead`: with `agent-clock`, how wrong this computer's clock is; negative where it is behind. */
  | { readonly kind: 'disconnected'; readonly problem: ProblemCode; readonly secondsAhead?: number }

/** Pauses before another try, in milliseconds: doubled each time up to the longest, and never at the same moment for all. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** Three ticks missed: the line is dead, whatever the system says. */
const SILENCE_MS = TICK_SECONDS * 3 * 1000
/** Jobs that are remembered, so that none is done twice. */
const JOBS_REMEMBERED = 200
/** Ends of jobs that are told again after each connection; the server takes one that it has once more. */
const ENDINGS_KEPT = 20

/**
 * The agent's own connection to the server: opened outwards, kept, and opened again. What is in the readers is told after each
 * connection; how the last jobs ended too, since nobody knows what a broken line delivered; a job that was sent twice is done once.
 */
export class ServerChannel {
  readonly #options: ChannelOptions
  readonly #jobs = new Set<string>()
  /** Those that are under way. */
  readonly #running = new Map<string, { readonly ending: AbortController; readonly nudged: Set<() => void> }>()
  readonly #endings = new Map<string, AgentMessage>()
  #readers: readonly ReaderSight[] = []
  #socket: WebSocket | undefined
  #isWelcome = false
  #isClosed = false
  #pauseMs = FIRST_PAUSE_MS
  #retry: NodeJS.Timeout | undefined
  #silence: NodeJS.Timeout | undefined

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#open()
  }

  /** What is in the readers now. */
  see(readers: readonly ReaderSight[]): void {
    this.#readers = readers
    this.#say({ type: 'readers', readers: [...readers] })
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    clearTimeout(this.#silence)
    this.#socket?.close()
  }

  #open(): void {
    const url = new URL(CHANNEL_PATH, this.#options.serverUrl)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    this.#socket = socket
    this.#isWelcome = false
    let refusal: { problem: ProblemCode; secondsAhead?: number } = { problem: 'server-unreachable' }
    socket.addEventListener('open', () => socket.send(JSON.stringify(this.#signHello())))
    socket.addEventListener('message', ({ data }) => {
      const message = readMessage(data)
      if (message?.type === 'refused') {
        const { problem, secondsAhead } = message
        if (isProblemCode(problem)) refusal = { problem, ...(secondsAhead !== undefined && { secondsAhead }) }
      } else if (message) this.#take(message)
    })
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', () => {
      if (this.#socket !== socket || this.#isClosed) return
      this.#isWelcome = false
      clearTimeout(this.#silence)
      this.#options.onState?.({ kind: 'disconnected', ...refusal })
      this.#retry = setTimeout(() => this.#open(), this.#pauseMs * (0.5 + Math.random()))
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
    })
    this.#expectWord(socket)
  }

  #signHello(): SignedHello {
    const { hello, identity } = this.#options
    const body = JSON.stringify({ protocol: AGENT_PROTOCOL.newest, ...hello } satisfies Hello)
    const time = new Date().toISOString()
    const nonce = randomBytes(16).toString('hex')
    const bodySha256Hex = createHash('sha256').update(body).digest('hex')
    const text = agentSignatureText({ method: 'GET', path: CHANNEL_PATH, time, nonce, bodySha256Hex })
    const signature = identity.sign(text).toString('base64')
    return { type: 'hello', hello: body, agent: identity.publicKeyHex, time, nonce, signature }
  }

  #take(message: Exclude<ServerMessage, { type: 'refused' }>): void {
    if (this.#socket) this.#expectWord(this.#socket)
    switch (message.type) {
      case 'tick':
        return
      case 'welcome':
        this.#isWelcome = true
        this.#pauseMs = FIRST_PAUSE_MS
        this.#options.onState?.({ kind: 'connected', welcome: message.welcome })
        this.see(this.#readers)
        for (const ending of this.#endings.values()) this.#say(ending)
        return
      case 'nudge':
        for (const listener of this.#running.get(message.jobId)?.nudged ?? []) listener()
        return
      case 'cancel':
        this.#running.get(message.jobId)?.ending.abort()
        return
      case 'job':
        void this.#do(message.jobId, message.job)
    }
  }

  async #do(jobId: string, job: AgentJob): Promise<void> {
    if (this.#jobs.has(jobId)) {
      const ending = this.#endings.get(jobId)
      if (ending) this.#say(ending)
      return
    }
    const [oldest] = this.#jobs
    if (oldest !== undefined && this.#jobs.size >= JOBS_REMEMBERED) this.#jobs.delete(oldest)
    this.#jobs.add(jobId)
    const running = { ending: new AbortController(), nudged: new Set<() => void>() }
    this.#running.set(jobId, running)
    const onNudge = (listener: () => void) => {
      running.nudged.add(listener)
      return () => void running.nudged.delete(listener)
    }
    const problem = await this.#options.run(job, { signal: running.ending.signal, onNudge }).then(
      () => null,
      (error: unknown) => describe(error),
    )
    this.#running.delete(jobId)
    const ending: AgentMessage = { type: 'job-ended', jobId, problem }
    // It is kept also when it is sent: a line that is dying takes messages and delivers none.
    const [first] = this.#endings.keys()
    if (first !== undefined && this.#endings.size >= ENDINGS_KEPT) this.#endings.delete(first)
    this.#endings.set(jobId, ending)
    this.#say(ending)
  }

  #say(message: AgentMessage): void {
    const isOpen = this.#isWelcome && this.#socket?.readyState === WebSocket.OPEN
    if (isOpen) this.#socket?.send(JSON.stringify(message))
  }

  #expectWord(socket: WebSocket): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => socket.close(), SILENCE_MS)
    this.#silence.unref()
  }
}

function describe(error: unknown): JobProblem {
  const problem = asProblem(error)
  if (!(problem instanceof Problem)) return { code: 'card-fault' }
  const { why } = problem.facts
  return { code: problem.code, detail: problem.message, ...(typeof why === 'string' && { why }) }
}

function readMessage(data: unknown): ServerMessage | undefined {
  try {
    const parsed = ServerMessage.safeParse(JSON.parse(String(data)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
