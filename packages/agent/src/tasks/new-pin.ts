import { findBrokenRules, type PinPolicy, Problem } from '@unlatch/contract'

/**
 * Checks a new PIN before the card sees it.
 *
 * @throws Problem `pin-policy` with the broken `rules`.
 */
export function checkNewPin(policy: PinPolicy, newPin: Uint8Array): void {
  const rules = findBrokenRules(policy, newPin)
  if (rules.length > 0) throw new Problem('pin-policy', { facts: { rules } })
}
