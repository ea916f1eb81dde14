import { randomBytes, randomUUID } from 'node:crypto'
import {
  BeginOperatorCard,
  type CardStatement,
  Problem,
  type SignJob,
  UNBLOCK_PROTOCOL,
  writeStatement,
} from '@unlatch/contract'
import { findOperatorById, passwordHashOf } from '../../records/operators/operators.ts'
import { lastMomentOf } from '../../records/operators/signature.ts'
import { insertSigning } from '../../records/signings/signings.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/**
 * An operator wants a card of his added, and types his password for it, as for a passkey. The card signs that it becomes his:
 * a statement that opens nothing.
 */
export const beginOperatorCard = operation({
  name: 'account.begin-operator-card',
  permission: 'signed-in',
  input: BeginOperatorCard,
  subject: () => 'own-account',
  async prepare({ database, passwords, agents }, { password, agentId }, actor) {
    const agent = agents.online().find(({ id }) => id === agentId)
    if (!agent) throw new Problem('agent-offline')
    if (agent.protocol < UNBLOCK_PROTOCOL) throw new Problem('agent-too-old')
    const hash = passwordHashOf(await findOperatorById(database.reads, actor.id))
    return { agent, isRight: await passwords.verify(hash, password) }
  },
  async run({ tx, now }, { reader }, actor, { agent, isRight }) {
    const survives = await countAttempt(tx, { kind: 'password', by: actor.userName, isRight }, now)
    if (survives) throw new Fault('password-wrong', { survives })
    const statement: CardStatement = {
      operation: 'add-operator-card',
      operatorId: actor.id,
      agentKeySha256: agent.keySha256,
      reader,
      nonce: randomBytes(16).toString('hex').toUpperCase(),
      notAfter: lastMomentOf(now),
    }
    const signingId = randomUUID()
    const row = { id: signingId, operator_id: actor.id, agent_id: agent.id, statement: writeStatement(statement) }
    await insertSigning(tx, row, now)
    const nobody = { personName: '', cardLabel: '', printedSerial: '' }
    const job: SignJob = { kind: 'sign', signingId, reader, operatorName: actor.name, ...nobody, statement }
    return { claim: { agentId: agent.id, job }, event: { operatorId: actor.id, agent: agent.name, reader } }
  },
  async release({ agents }, { agentId, job }) {
    agents.order(agentId, job.signingId, job)
    return { signingId: job.signingId }
  },
})
