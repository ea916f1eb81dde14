import {
  type AgentJob,
  AgentMessage,
  Problem,
  type ReaderSight,
  type ServerMessage,
  TICK_SECONDS,
} from '@unlatch/contract'
import type { AgentChannel, AgentSocket, JobState, OnlineAgent } from '../../ports/agents.ts'

/** Jobs that are remembered; the state of a card is in the database, this is for the page that waits. */
const JOBS_KEPT = 1000
/** Jobs of an agent that went away, to be cancelled once it is back. */
const CANCELS_KEPT = 100

interface Connection {
  readonly socket: AgentSocket
  readonly agent: Omit<OnlineAgent, 'readers'>
  readers: readonly ReaderSight[]
}

/** Agents of one server, by the WebSockets that they opened. An agent that connects again replaces its older connection. */
export function openAgentChannel(tickMs = TICK_SECONDS * 1000): AgentChannel {
  const connections = new Map<string, Connection>()
  /** By card, the newest last. */
  const jobs = new Map<string, { agentId: string; job: AgentJob; state: JobState }>()
  /** By agent: what nobody wants any more, and it could not be told. */
  const cancelled = new Map<string, string[]>()
  const say = ({ socket }: Connection, message: ServerMessage) => socket.send(JSON.stringify(message))
  const ticking = setInterval(() => {
    for (const connection of connections.values()) say(connection, { type: 'tick' })
  }, tickMs)
  ticking.unref()

  function take(connection: Connection, text: string): void {
    const message = readMessage(text)
    if (connections.get(connection.agent.id) !== connection) return
    if (!message) connection.socket.close()
    else if (message.type === 'readers') connection.readers = message.readers
    else end(connection, message)
  }

  function end(connection: Connection, { jobId, problem }: Extract<AgentMessage, { type: 'job-ended' }>): void {
    for (const [cardId, job] of jobs) {
      if (job.state.jobId !== jobId || job.agentId !== connection.agent.id) continue
      jobs.set(cardId, { ...job, state: problem ? { jobId, state: 'failed', problem } : { jobId, state: 'done' } })
    }
  }

  function forget(connection: Connection): void {
    if (connections.get(connection.agent.id) !== connection) return
    connections.delete(connection.agent.id)
    for (const [cardId, job] of jobs) {
      if (job.agentId !== connection.agent.id || job.state.state !== 'running') continue
      jobs.set(cardId, { ...job, state: { jobId: job.state.jobId, state: 'lost' } })
    }
  }

  /** Somebody waits for an unblock: an agent that comes back is told again, and does it once. */
  function resume(connection: Connection): void {
    for (const [cardId, { agentId, job, state }] of jobs) {
      const { jobId } = state
      const isOpen = state.state === 'lost' || state.state === 'running'
      if (agentId !== connection.agent.id || job.kind !== 'unblock' || !isOpen) continue
      jobs.set(cardId, { agentId, job, state: { jobId, state: 'running' } })
      say(connection, { type: 'job', jobId, job })
    }
  }

  return {
    online: () =>
      [...connections.values()]
        .map(({ agent, readers }) => ({ ...agent, readers }))
        .sort((a, b) => a.name.localeCompare(b.name)),

    order(agentId, jobId, job: AgentJob) {
      const connection = connections.get(agentId)
      if (!connection) throw new Problem('agent-offline')
      // A signature is about no card of ours.
      const about = job.kind === 'sign' ? job.signingId : job.cardId
      jobs.delete(about)
      const [oldest] = jobs.keys()
      if (oldest !== undefined && jobs.size >= JOBS_KEPT) jobs.delete(oldest)
      jobs.set(about, { agentId, job, state: { jobId, state: 'running' } })
      say(connection, { type: 'job', jobId, job })
    },

    tell(agentId, message) {
      if (message.type === 'cancel') {
        for (const [cardId, { state }] of jobs) if (state.jobId === message.jobId) jobs.delete(cardId)
      }
      const connection = connections.get(agentId)
      if (connection) say(connection, message)
      else if (message.type === 'cancel')
        cancelled.set(agentId, [...(cancelled.get(agentId) ?? []), message.jobId].slice(-CANCELS_KEPT))
    },

    disconnect(agentId) {
      const connection = connections.get(agentId)
      if (!connection) return
      // Nobody is sent anything over it, or seen through it, while it closes.
      forget(connection)
      connection.socket.close()
    },

    findJob: (about) => jobs.get(about)?.state,

    attach(socket, agent) {
      const older = connections.get(agent.id)
      const connection: Connection = { socket, agent, readers: [] }
      connections.set(agent.id, connection)
      older?.socket.close()
      socket.onMessage((text) => take(connection, text))
      socket.onClose(() => forget(connection))
      for (const jobId of cancelled.get(agent.id) ?? []) say(connection, { type: 'cancel', jobId })
      cancelled.delete(agent.id)
      resume(connection)
    },

    close() {
      clearInterval(ticking)
      for (const { socket } of connections.values()) socket.close()
      connections.clear()
    },
  }
}

function readMessage(text: string): AgentMessage | undefined {
  try {
    return AgentMessage.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
