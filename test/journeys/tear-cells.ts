import { appendFileSync } from 'node:fs'
import type { VirtualCardKind } from '@unlatch/virtual-cards'

/** What the tear tests did, for the table in docs/tears.md. */

/** Cells of one procedure with one kind of card: something broke there, and afterwards the card was saved. */
export interface TearCells {
  readonly procedure: Procedure
  readonly card: VirtualCardKind
  readonly event: TearEvent
  readonly moment: 'before' | 'after'
  readonly cells: number
  /** The commands or rounds, by name; every command where the power is cut. */
  readonly where: readonly string[]
}

/** In the order of the table. */
export const PROCEDURES = {
  issuance: 'Register and Issue',
  'issuance-again': 'Issue for another person',
  unblock: 'Unblock by telephone',
  connected: 'Unblock in a reader',
  'self-service': 'Self-service',
  'connected-puc-only': "PUC only: unblock in a station's reader",
  puc: 'Unblock with the PUC',
  contact: 'Contact with a station',
  'contact-puc-only': 'PUC only: contact after that',
  'holder-contact': "Contact at the holder's computer",
} as const
export type Procedure = keyof typeof PROCEDURES

export const TEAR_EVENTS = ['power cut', 'line cut', 'agent killed', 'server killed'] as const
export type TearEvent = (typeof TEAR_EVENTS)[number]

export const EACH_COMMAND = ['each command to the card']

/** Writes down cells whose assertions all held, where the environment names a file for them. */
export function recordCells(cells: TearCells): void {
  const file = process.env.UNLATCH_TEAR_CELLS
  if (file) appendFileSync(file, `${JSON.stringify(cells)}\n`)
}
