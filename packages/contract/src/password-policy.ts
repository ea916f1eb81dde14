/** The rules for an operator's password; the page ticks them off, the server insists. [SP 800-63B-4] */

/** Characters; longer is better than stranger, so nothing else is asked of them. */
export const PASSWORD_LENGTH = { min: 12, max: 200 } as const

/** A rule that a password can break. */
export const PASSWORD_RULES = ['length', 'name', 'obvious'] as const
export type PasswordRule = (typeof PASSWORD_RULES)[number]

/** What everybody tries first, as it stands after folding: letters and digits alone, in lower case. */
const OBVIOUS = [
  'password',
  'passwort',
  'passw0rd',
  'unlatch',
  'smartcard',
  'letmein',
  'welcome',
  'administrator',
  'changeme',
  'iloveyou',
  'qwerty',
  'qwertz',
  'azerty',
  'asdfgh',
  'zxcvbn',
  '123456789',
  '987654321',
  'abcdefgh',
  'trustno1',
  'helpdesk',
  'correcthorsebatterystaple',
]

/** Characters that must be left of a password once what is obvious in it is taken away. */
const LEFT_AT_LEAST = 8
/** Parts of a name shorter than this are in too many words. */
const NAME_PART_MIN = 4

const fold = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The rules that a password breaks for this operator; none when it may be used. */
export function findPasswordFaults(password: string, operator: { name: string; userName: string }): PasswordRule[] {
  const length = [...password].length
  const folded = fold(password)
  const names = [...operator.name.split(/\s+/), ...operator.userName.split(/[^\p{L}\p{N}]+/u), operator.userName]
  const hasName = names.map(fold).some((part) => part.length >= NAME_PART_MIN && folded.includes(part))
  const rest = OBVIOUS.reduce((left, word) => left.replaceAll(word, ''), folded)
  const isRepeated = new Set(folded).size < 5
  const broken: PasswordRule[] = []
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) broken.push('length')
  if (hasName) broken.push('name')
  if (isRepeated || (rest.length < folded.length && rest.length < LEFT_AT_LEAST)) broken.push('obvious')
  return broken
}
