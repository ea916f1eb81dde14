/**
 * What a new PIN must be. Checked where the PIN is typed and again in the agent, before the card sees anything; never by the
 * server, which no PIN reaches. Works on octets, so that a PIN need not become a string.
 */

/** The rules, as data; one document for all clients. */
export interface PinPolicy {
  readonly version: number
  readonly minLength: number
  readonly maxLength: number
  /** Longest run of one digit that is accepted: 2 refuses 111. */
  readonly longestRepeat: number
  /** Longest run up or down that is accepted: 3 refuses 1234 and 4321. */
  readonly longestSequence: number
  /** PINs that everybody tries first. */
  readonly blockList: readonly string[]
}

/** A rule of the policy, by name. */
export type PinRule = 'length' | 'digits' | 'repeat' | 'sequence' | 'block-list'

/** All rules, in the order in which they are shown. */
export const PIN_RULES: readonly PinRule[] = ['length', 'digits', 'repeat', 'sequence', 'block-list']

/** Used where no other policy is known: six to eight digits, nothing common. [FIPS 201-3, 4.3.1]; [SP 800-63B-4, 3.1.1.2] */
export const FIPS_201_3: PinPolicy = {
  version: 1,
  minLength: 6,
  maxLength: 8,
  longestRepeat: 2,
  longestSequence: 3,
  blockList: [
    '112233',
    '121212',
    '123123',
    '123321',
    '131313',
    '147258',
    '159753',
    '232323',
    '252525',
    '258025',
    '159357',
    '147147',
    '789456',
    '456789',
    '696969',
    '101010',
    '102030',
    '010203',
    '110110',
    '124578',
    '12341234',
    '11223344',
    '12121212',
    '14725836',
  ],
}

/**
 * A secret that the card itself checks is an activation secret: four digits at least, no rule of composition, common ones
 * refused. [SP 800-63B-4, 3.2.10]; [SP 800-63B-4, 3.1.1.2]
 */
const SP_800_63B_4: PinPolicy = {
  ...FIPS_201_3,
  minLength: 4,
  longestRepeat: 3,
  longestSequence: 8,
  blockList: [
    ...FIPS_201_3.blockList,
    ...['0000', '1111', '1122', '1212', '1234', '1313', '2000', '2222', '4321', '6969', '7777', '123456', '654321'],
  ],
}

/** Policies with a name. */
export const PIN_PRESETS = ['fips-201-3', 'sp-800-63b-4'] as const
export type PinPreset = (typeof PIN_PRESETS)[number]

/** The rules of each. */
export const POLICY_OF_PRESET = {
  'fips-201-3': FIPS_201_3,
  'sp-800-63b-4': SP_800_63B_4,
} as const satisfies Record<PinPreset, PinPolicy>

/**
 * The rules that a PIN breaks, in the order of `PIN_RULES`; empty when it may be set.
 *
 * @param pin - its octets, one ASCII digit each (anything else breaks `digits`).
 */
export function findBrokenRules(policy: PinPolicy, pin: Uint8Array): PinRule[] {
  const broken: PinRule[] = []
  if (pin.length < policy.minLength || pin.length > policy.maxLength) broken.push('length')
  if (pin.length === 0 || pin.some((octet) => octet < 0x30 || octet > 0x39)) broken.push('digits')
  if (longestRun(pin, 0) > policy.longestRepeat) broken.push('repeat')
  if (Math.max(longestRun(pin, 1), longestRun(pin, -1)) > policy.longestSequence) broken.push('sequence')
  if (policy.blockList.some((listed) => isSame(listed, pin))) broken.push('block-list')
  return broken
}

/** The longest run in which each octet differs from the one before by `step`. */
function longestRun(pin: Uint8Array, step: number): number {
  let longest = Math.min(pin.length, 1)
  let run = longest
  for (let i = 1; i < pin.length; i++) {
    run = (pin[i] as number) - (pin[i - 1] as number) === step ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  return longest
}

const isSame = (listed: string, pin: Uint8Array) =>
  listed.length === pin.length && pin.every((octet, i) => octet === listed.charCodeAt(i))
