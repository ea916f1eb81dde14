import type { AgentJob, JobProblem, ReaderSight } from '@unlatch/contract'

/** Agents that are connected now: what they see, and what they are sent to do. */
export interface Agents {
  /** Connected agents, in the order of their names. */
  online(): readonly OnlineAgent[]
  /**
   * Sends an agent a job.
   *
   * @throws Problem `agent-offline`.
   */
  order(agentId: string, jobId: string, job: AgentJob): void
  /**
   * Tells an agent that something changed for a job, or that it is not wanted any more; the latter also once it is back, where it
   * is not there now.
   */
  tell(agentId: string, message: { readonly type: 'nudge' | 'cancel'; readonly jobId: string }): void
  /** Closes an agent's connection; it may open another one. Says nothing when it is not there. */
  disconnect(agentId: string): void
  /** The last job about a card, or for a signature, that was sent since this server started; undefined when there was none. */
  findJob(about: string): JobState | undefined
}

/** An agent with its readers. */
export interface OnlineAgent {
  readonly id: string
  /** SHA-256 of its public key, in upper-case hexadecimal. */
  readonly keySha256: string
  /** What it speaks. */
  readonly protocol: number
  readonly name: string
  readonly isStation: boolean
  readonly version: string
  readonly readers: readonly ReaderSight[]
}

/** How a job stands. `lost`: the agent went away before it said how the job ended. */
export type JobState =
  | { readonly jobId: string; readonly state: 'running' | 'done' | 'lost' }
  | { readonly jobId: string; readonly state: 'failed'; readonly problem: JobProblem }

/** A connection that an agent opened; texts only. */
export interface AgentSocket {
  send(message: string): void
  close(): void
  onMessage(listener: (message: string) => void): void
  onClose(listener: () => void): void
}

/** The side of it that the door sees: connections are handed in once the agent has proved who it is. */
export interface AgentChannel extends Agents {
  attach(socket: AgentSocket, agent: Omit<OnlineAgent, 'readers'>): void
  close(): void
}
