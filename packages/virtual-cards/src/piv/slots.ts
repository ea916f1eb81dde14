/** Slots of asymmetric keys. [SP 800-73-5 pt 1, Table 5] */

/** How a slot is named in the card's memory: its key reference in hexadecimal. */
export const slotName = (slot: number): string => slot.toString(16).toUpperCase()

/** 9A, 9C, 9D, 9E and the retired keys 82 to 95. */
export const isSlot = (slot: number): boolean =>
  [0x9a, 0x9c, 0x9d, 0x9e].includes(slot) || (slot >= 0x82 && slot <= 0x95)
