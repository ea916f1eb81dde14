/** The status words that virtual cards answer. [7816-4, 5.1.3] */
export const SW = {
  ok: 0x9000,
  /** `63Cx`: add the tries left, at most 15. */
  wrongReference: 0x63c0,
  wrongLength: 0x6700,
  secureMessagingNotSupported: 0x6882,
  securityStatus: 0x6982,
  blocked: 0x6983,
  invalidData: 0x6984,
  conditionsNotSatisfied: 0x6985,
  notAllowed: 0x6986,
  wrongData: 0x6a80,
  functionNotSupported: 0x6a81,
  notFound: 0x6a82,
  memoryFull: 0x6a84,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
  internal: 0x6f00,
} as const

/** The card refuses a command; thrown inside a card, answered as its status word. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly sw: number

  constructor(sw: number) {
    super(sw.toString(16))
    this.sw = sw
  }
}

/** Refuses with this status word unless the condition holds. */
export function demand(condition: boolean, sw: number): asserts condition {
  if (!condition) throw new Refusal(sw)
}
