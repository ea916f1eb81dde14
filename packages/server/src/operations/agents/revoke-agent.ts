import { RevokeAgent } from '@unlatch/contract'
import { hashAgentKey, lockAgent, updateAgent } from '../../records/agents/agents.ts'
import { operation } from '../operation.ts'

/** An agent is trusted no more, for good: its connection is closed at once, its code is void, its key is refused from now on. */
export const revokeAgent = operation({
  name: 'agent.revoke',
  permission: 'agent:write',
  input: RevokeAgent,
  subject: ({ agentId }) => `agent:${agentId}`,
  async run({ tx, now }, { agentId }) {
    const { name, public_key: key } = await lockAgent(tx, agentId)
    await updateAgent(tx, agentId, { revoked_at: now.toISOString(), code_hash: null })
    return { claim: agentId, event: { agentId, name, keySha256: key === null ? null : hashAgentKey(key) } }
  },
  async release({ agents }, agentId) {
    agents.disconnect(agentId)
    return {}
  },
})
