import { expect } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  beliefOf,
  block,
  call,
  type HeldCard,
  openHeld,
  pukTries,
  type Workplace,
} from './call-stage.fixture.ts'

/** Nothing is wrong with the card, nobody outside knows a secret of it, and a call is answered. */
export async function expectSavedCard(
  workplace: Workplace,
  operator: OperatorClient,
  held: HeldCard,
  newPin: string,
): Promise<void> {
  const { card } = await beliefOf(operator, held)
  const telephoneWay = held.kind === 'gids' ? 'native-admin-key' : 'masked-puk'
  expect(card).toMatchObject({ state: 'issued', telephoneWay, obstacle: null, exposedSince: null })
  expect(card?.triesAtLeast ?? 0).toBeLessThanOrEqual(pukTries(held))
  block(held)
  workplace.reader.insert(openHeld(held))
  expect(await call(workplace, operator, held, newPin)).toBeUndefined()
  expect(acceptsPin(held, newPin)).toBe(true)
}
