import { ChangeAgent } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { lockAgent, updateAgent } from '../../records/agents/agents.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Name and kind of an agent. They count from its next request on, and its connection is closed: it comes back as what it is
 * now.
 */
export const changeAgent = operation({
  name: 'agent.change',
  permission: 'agent:write',
  input: ChangeAgent,
  subject: ({ agentId }) => `agent:${agentId}`,
  async run({ tx }, { agentId, name, isStation }) {
    const before = await lockAgent(tx, agentId)
    try {
      await updateAgent(tx, agentId, { name, is_station: isStation ? 1 : 0 })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    const was = { name: before.name, isStation: before.is_station === 1 }
    return { claim: agentId, event: { agentId, name, isStation, was } }
  },
  async release({ agents }, agentId) {
    agents.disconnect(agentId)
    return {}
  },
})
