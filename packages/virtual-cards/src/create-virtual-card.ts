import { randomBytes } from 'node:crypto'
import { ApplicationCard } from './application-card.ts'
import { GidsCard } from './gids/gids-card.ts'
import { createGidsState } from './gids/gids-state.ts'
import { PivCard } from './piv/piv-card.ts'
import { PIV_PROFILES } from './piv/piv-profile.ts'
import { createPivState } from './piv/piv-state.ts'
import type { VirtualCard, VirtualCardKind, VirtualCardOptions, VirtualCardState } from './virtual-card.ts'

const nodeRandom = (length: number) => new Uint8Array(randomBytes(length))

/** The kinds of virtual card, in the order in which they are offered. */
export const VIRTUAL_CARD_KINDS = [
  'gids',
  'piv-lenient',
  'piv-strict',
  'yubikey',
  'yubikey-3des',
] as const satisfies readonly VirtualCardKind[]

/**
 * A card as from the factory. PIV: PIN "123456", PUK "12345678", key 9B `01..08` over and over. GIDS: not initialised.
 */
export function createVirtualCard(kind: VirtualCardKind, options: VirtualCardOptions = {}): VirtualCard {
  if (kind === 'gids') return loadVirtualCard(createGidsState(options.adminKeyTries), options)
  const overrides = options.profile ?? {}
  const profile = { ...PIV_PROFILES[kind], ...overrides }
  return loadVirtualCard(createPivState(kind, overrides, profile, options.random ?? nodeRandom), options)
}

/** A card with the memory that `save` returned, without power yet: verifications and challenges do not come back. */
export function loadVirtualCard(state: VirtualCardState, options: VirtualCardOptions = {}): VirtualCard {
  const random = options.random ?? nodeRandom
  const memory = structuredClone(state)
  return new ApplicationCard(memory.kind === 'gids' ? new GidsCard(memory, random) : new PivCard(memory, random))
}
