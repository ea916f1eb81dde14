import { writeHex } from '@unlatch/card'
import { EnrolAgent, type Enrolled } from '@unlatch/contract'
import * as z from 'zod/mini'
import { isUniqueViolation } from '../../db/errors.ts'
import { hashAgentKey, hashEnrolmentCode, isKeyTaken, lockByCode, updateAgent } from '../../records/agents/agents.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An agent enrols itself: with the code that an administrator made for it, and a key whose possession the door has seen
 * proved. A code that was used, expired or never made is one answer, counted by where it came from. `address`: where it is.
 */
export const enrolAgent = operation({
  name: 'agent.enrol',
  permission: 'anybody',
  input: z.extend(EnrolAgent, {
    address: z.string(),
    publicKeyHex: z.string().check(z.regex(/^[0-9A-F]{64}$/)),
  }),
  subject: () => 'enrolment-code',
  async run({ tx, keys, now, settings }, { code, address, publicKeyHex, protocol, version, platform }) {
    const agent = await lockByCode(tx, hashEnrolmentCode(code), now)
    const attempt = { kind: 'enrolment-code', by: address, isRight: agent !== undefined } as const
    const survives = await countAttempt(tx, attempt, now)
    if (survives || !agent) throw new Fault('enrolment-code-refused', survives ? { survives } : {})
    const isConfigured = settings.agents.some((configured) => configured.publicKeyHex === publicKeyHex)
    if (isConfigured || (await isKeyTaken(tx, publicKeyHex))) throw new Fault('agent-exists')
    const at = now.toISOString()
    const seen = { protocol, version, platform, last_seen_at: at }
    try {
      await updateAgent(tx, agent.id, { public_key: publicKeyHex, code_hash: null, enrolled_at: at, ...seen })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('agent-exists', { cause: error })
      throw error
    }
    const isStation = agent.is_station === 1
    const result: Enrolled = {
      agentId: agent.id,
      name: agent.name,
      isStation,
      configurationKeyHex: writeHex(keys.configurationKey),
    }
    const event = { agentId: agent.id, name: agent.name, isStation, keySha256: hashAgentKey(publicKeyHex) }
    return { result, event: { ...event, version, platform, address } }
  },
})
