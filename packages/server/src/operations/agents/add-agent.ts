import { AddAgent, type AgentCode } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertAgent } from '../../records/agents/agents.ts'
import { Fault, operation } from '../operation.ts'

/** An administrator adds a computer: he gets a code, with which its agent enrols itself within a day. */
export const addAgent = operation({
  name: 'agent.add',
  permission: 'agent:write',
  input: AddAgent,
  subject: ({ name }) => `agent-name:${name}`,
  async run({ tx, now }, { name, isStation }, actor) {
    try {
      const { id, code, expiresAt } = await insertAgent(tx, { name, isStation, by: actor.id, at: now })
      const result: AgentCode = { agentId: id, code, expiresAt }
      return { result, event: { agentId: id, name, isStation, expiresAt } }
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
  },
})
