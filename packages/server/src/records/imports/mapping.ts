import { IMPORT_FIELDS, type ImportField, type ImportReading } from '@unlatch/contract'
import { foldWord } from '../people/people.ts'

/** Which column is what, told from its name. Pure. */

type Mapping = ImportReading['mapping']

/** What columns are called in files and directories, without signs and capitals. */
const NAMES: Readonly<Record<ImportField, readonly string[]>> = {
  name: ['name', 'fullname', 'displayname', 'commonname', 'cn', 'personname'],
  givenName: ['givenname', 'firstname', 'forename'],
  surname: ['surname', 'sn', 'lastname', 'familyname'],
  userName: [
    'username',
    'samaccountname',
    'uid',
    'userid',
    'user',
    'login',
    'loginname',
    'logon',
    'logonname',
    'account',
    'accountname',
    'userprincipalname',
    'upn',
  ],
  department: ['department', 'departmentname', 'dept', 'ou', 'organizationalunit', 'division', 'unit'],
  email: ['email', 'mail', 'emailaddress', 'mailaddress', 'primaryemail', 'workemail'],
  phone: ['phone', 'telephone', 'telephonenumber', 'phonenumber', 'numberonrecord', 'tel', 'workphone', 'officephone'],
  manager: ['manager', 'managername', 'linemanager', 'supervisor', 'reportsto'],
  language: ['language', 'preferredlanguage', 'sprache', 'lang', 'locale'],
}

/** The better name of a field wins, then the column further left. A file with names needs no halves of them. */
export function guessMapping(header: readonly string[]): Mapping {
  const words = header.map((name) => foldWord(name).replace(/[^a-z0-9]/g, ''))
  const mapping: Mapping = header.map(() => null)
  for (const field of IMPORT_FIELDS) {
    const word = NAMES[field].find((known) => words.includes(known))
    const at = word === undefined ? -1 : words.indexOf(word)
    if (at >= 0) mapping[at] = field
  }
  if (!mapping.includes('name')) return mapping
  return mapping.map((field) => (field === 'givenName' || field === 'surname' ? null : field))
}

/** What must have a column before anybody can be imported. */
export function findMissing(mapping: Mapping): ('name' | 'userName')[] {
  const hasName = ['name', 'givenName', 'surname'].some((field) => mapping.includes(field as ImportField))
  return [...(hasName ? [] : (['name'] as const)), ...(mapping.includes('userName') ? [] : (['userName'] as const))]
}

/** True when two columns are the same field. */
export const isTwofold = (mapping: Mapping): boolean => {
  const fields = mapping.filter((field) => field !== null)
  return new Set(fields).size < fields.length
}
