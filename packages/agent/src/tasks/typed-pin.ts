import { Problem } from '@unlatch/contract'
import type { CardReading } from './read-card.ts'

/**
 * What a person can get wrong about the PIN that a card has never reaches the card: its form, and the last try without a word
 * about it.
 *
 * @throws Problem `pin-wrong` with no try left for a blocked card; `global-pin`, `pin-malformed`, `last-try`.
 */
export function expectTypedPin(reading: CardReading, pin: Uint8Array, hasConsent: boolean): void {
  if (reading.isBlocked) throw new Problem('pin-wrong', { facts: { triesLeft: 0 } })
  if (reading.isGlobalPin) throw new Problem('global-pin')
  if (!mayBePin(reading, pin)) throw new Problem('pin-malformed')
  if (reading.triesLeft === 1 && !hasConsent) throw new Problem('last-try')
}

/** PINs of these forms are compared; others would be refused, or padded into something else. [SP 800-73-5 pt 2, 2.4.3]; [GidsApplet] */
function mayBePin({ family }: CardReading, pin: Uint8Array): boolean {
  if (family === 'gids') return pin.length >= 4 && pin.length <= 16
  return pin.length >= 6 && pin.length <= 8 && pin.every((octet) => octet >= 0x30 && octet <= 0x39)
}
