/** Digits and letters of a typed code, as octets, upper case; everything else is a separator. */
export function stripSeparators(typed: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = Uint8Array.from(typed.filter((octet) => isDigit(octet) || isLetter(octet)))
  return kept.map((octet) => (octet >= 0x61 ? octet - 0x20 : octet))
}

export const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39
const isLetter = (octet: number) => (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)
