import { type AddAgent, AgentCode, AgentsFound, AgentView, type ChangeAgent } from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about agents, one function for each call; all throw `ApiFailure`. */

const part = encodeURIComponent

export const readAgents = (wish: Readonly<Record<string, string>>, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/agents?${new URLSearchParams(wish)}`, answer: AgentsFound, signal })

export const readAgent = (agentId: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/agents/${part(agentId)}`, answer: AgentView, signal })

export const addAgent = (body: AddAgent) => callServer({ method: 'POST', path: '/api/agents', body, answer: AgentCode })

export const changeAgent = (agentId: string, body: Omit<ChangeAgent, 'agentId'>) =>
  callServer({ method: 'POST', path: `/api/agents/${part(agentId)}`, body })

export const revokeAgent = (agentId: string) =>
  callServer({ method: 'POST', path: `/api/agents/${part(agentId)}/revocation`, body: {} })
