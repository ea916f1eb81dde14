import { CheckSetUpCode, type SetUpWelcome } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findOperatorById } from '../../records/operators/operators.ts'
import { findSetUpCode, hashSetUpCode } from '../../records/set-up-codes/set-up-codes.ts'
import { countAttempt } from '../../records/throttles/attempts.ts'
import { Fault, operation } from '../operation.ts'

/** Somebody shows a set-up code and learns whom it is for. It stays good until it is used. `address`: where he is. */
export const checkSetUpCode = operation({
  name: 'operator.check-set-up-code',
  permission: 'anybody',
  input: z.extend(CheckSetUpCode, { address: z.string() }),
  subject: () => 'set-up-code',
  async run({ tx, now, settings }, { code, address }) {
    const found = await findSetUpCode(tx, hashSetUpCode(code), now)
    const operator = found?.operator_id ? await findOperatorById(tx, found.operator_id) : undefined
    const isGood = found !== undefined && operator?.is_disabled !== 1
    const survives = await countAttempt(tx, { kind: 'set-up-code', by: address, isRight: isGood }, now)
    if (survives || !found) throw new Fault('set-up-code-refused', survives ? { survives } : {})
    const result: SetUpWelcome = {
      operator: operator ? { name: operator.name, userName: operator.user_name } : null,
      expiresAt: found.expires_at,
      needsPasskey: !settings.isDemo,
    }
    return { result, event: { operatorId: found.operator_id ?? null } }
  },
})
