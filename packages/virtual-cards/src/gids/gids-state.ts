import type { ReferenceData } from '../reference-data.ts'

/** A file of a GIDS card: data objects by tag, and who may read and write them. */
export interface GidsFile {
  /** Security conditions as compact access rule bytes: `00` always, `FF` never. [7816-4, 5.4.3.1] */
  write: number
  read: number
  /** Data objects by tag in hexadecimal. */
  objects: Record<string, string>
}

/** What a GIDS card remembers without power. */
export interface GidsState {
  readonly kind: 'gids'
  /** Absent until initialisation sets it. Not padded. */
  pin?: ReferenceData
  /** Three-key 3DES, 24 bytes; absent until initialisation loads it. */
  adminKeyHex?: string
  /** Tries of the admin key, on a card that counts them. */
  adminKeyTries?: { limit: number; left: number }
  /** Security condition for changing the admin key; absent until its file is made. */
  adminKeyWrite?: number
  /** Files by identifier in hexadecimal. */
  files: Record<string, GidsFile>
  /** Initialisation is over; access rules hold from here on. */
  isOperational: boolean
}

/** A card as it leaves the factory: nothing on it, and everything permitted until it is made operational. */
export function createGidsState(adminKeyTries?: number): GidsState {
  const tries = adminKeyTries === undefined ? {} : { adminKeyTries: { limit: adminKeyTries, left: adminKeyTries } }
  return { kind: 'gids', ...tries, files: {}, isOperational: false }
}
