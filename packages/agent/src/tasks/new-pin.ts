import { createHmac } from 'node:crypto'
import { findBrokenRules, isPersonal, type PinPolicy, Problem } from '@unlatch/contract'

/**
 * Checks a new PIN before the card sees it.
 *
 * @throws Problem `pin-policy` with the broken `rules`.
 */
export async function checkNewPin(policy: PinPolicy, newPin: Uint8Array): Promise<void> {
  const isAbout = await isPersonal(policy, newPin, (key, run) => createHmac('sha256', key).update(run).digest())
  const rules = [...findBrokenRules(policy, newPin), ...(isAbout ? ['personal'] : [])]
  if (rules.length > 0) throw new Problem('pin-policy', { facts: { rules } })
}
