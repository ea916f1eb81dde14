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
  /** Numbers about the holder; only where the server could be asked for them. */
  readonly personal?: PersonalNumbers | undefined
}

/**
 * Numbers that others know about a holder, as an agent gets them: HMAC-SHA-256, 32 bytes in upper-case hexadecimal, of each run of
 * `PinPolicy.minLength` digits in them. Whoever tries all runs finds them: it hides a telephone number from a glance, no more.
 */
export interface PersonalNumbers {
  /** Another one for each answer, 16 bytes in hexadecimal. */
  readonly saltHex: string
  readonly hashes: readonly string[]
}

/** A rule of the policy, by name. */
export type PinRule = 'length' | 'digits' | 'repeat' | 'sequence' | 'block-list' | 'personal'

/** The rules that every policy has, in the order in which they are shown. */
export const PIN_RULES = ['length', 'digits', 'repeat', 'sequence', 'block-list'] as const satisfies readonly PinRule[]

/** The rules of this policy, in the order in which they are shown. */
export const rulesOf = ({ personal }: PinPolicy): readonly PinRule[] =>
  personal === undefined ? PIN_RULES : [...PIN_RULES, 'personal']

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
 * The rules that a PIN breaks, in the order of `PIN_RULES`; empty when it may be set, but for `personal`, which
 * `isPersonal` judges.
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

/** The runs of so many digits in a number, as the server hashes them. */
export function findRuns(digits: string, length: number): string[] {
  return Array.from({ length: Math.max(0, digits.length - length + 1) }, (_, i) => digits.slice(i, i + length))
}

/**
 * True when a PIN holds a run of digits from a number about its holder.
 *
 * @param hmacSha256 - 32 bytes.
 */
export async function isPersonal(
  { personal, minLength }: PinPolicy,
  pin: Uint8Array,
  hmacSha256: (key: Uint8Array, message: Uint8Array) => Promise<Uint8Array> | Uint8Array,
): Promise<boolean> {
  if (personal === undefined) return false
  const key = Uint8Array.from(personal.saltHex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  for (let i = 0; i + minLength <= pin.length; i++) {
    const hash = await hmacSha256(key, pin.subarray(i, i + minLength))
    if (personal.hashes.includes(toHex(hash))) return true
  }
  return false
}

const toHex = (octets: Uint8Array) =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
