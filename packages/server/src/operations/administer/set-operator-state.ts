import { SetOperatorState } from '@unlatch/contract'
import { findOperatorById, updateOperator } from '../../records/operators/operators.ts'
import { hasAdministrator, lockRoles } from '../../records/roles/roles.ts'
import { endSessions } from '../../records/sessions/sessions.ts'
import { voidSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { Fault, operation } from '../operation.ts'

/** Disables an operator, whose sessions end and whose set-up code is void at once; or lets him in again. */
export const setOperatorState = operation({
  name: 'operator.set-state',
  permission: 'operator:write',
  input: SetOperatorState,
  subject: ({ operatorId }) => `operator:${operatorId}`,
  async run({ tx, settings }, { operatorId, isDisabled }, actor) {
    await lockRoles(tx)
    const operator = await findOperatorById(tx, operatorId)
    if (!operator) throw new Fault('not-found')
    if (operatorId === actor.id) throw new Fault('own-account')
    await updateOperator(tx, operatorId, { is_disabled: isDisabled ? 1 : 0 })
    if (isDisabled && !(await hasAdministrator(tx, settings))) throw new Fault('last-administrator')
    const endedSessions = isDisabled ? await endSessions(tx, operatorId) : 0
    if (isDisabled) await voidSetUpCode(tx, operatorId)
    return { result: {}, event: { operatorId, isDisabled, endedSessions } }
  },
})
