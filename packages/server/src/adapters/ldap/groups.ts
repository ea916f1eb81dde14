import type { DirectorySettings } from '@unlatch/contract'
import type { Client } from 'ldapts'
import { findValue, textOf } from './entries.ts'
import { escapeValue } from './filter.ts'

/** Who is in a group. */

/** A group in a group in a group: deeper than that nobody is looked for, and in no more groups. */
const DEEPEST = 10
const MOST_GROUPS = 500
/** Active Directory follows groups in groups itself. [MS-ADTS, 3.1.1.3.4.4.3] */
const IN_CHAIN = '1.2.840.113556.1.4.1941'

/** Whether somebody is in a group, or in a group that is in it. */
export async function isInGroup(
  client: Client,
  settings: DirectorySettings,
  dn: string,
  group: string,
): Promise<boolean> {
  if (settings.attributes.entry === 'objectGUID') return isInGroupOfDomain(client, dn, group)
  const wanted = foldDn(group)
  const seen = new Set<string>()
  let members = [dn]
  for (let depth = 0; depth < DEEPEST && members.length > 0 && seen.size < MOST_GROUPS; depth++) {
    const some = members.flatMap((member) => [
      `(member=${escapeValue(member)})`,
      `(uniqueMember=${escapeValue(member)})`,
    ])
    const { searchEntries } = await client.search(settings.baseDn, {
      scope: 'sub',
      filter: `(|${some.join('')})`,
      attributes: ['1.1'],
    })
    const found = searchEntries.map((entry) => entry.dn).filter((name) => !seen.has(foldDn(name)))
    if (found.some((name) => foldDn(name) === wanted)) return true
    for (const name of found) seen.add(foldDn(name))
    members = found
  }
  return false
}

/** In Active Directory everybody is in one group of which nothing stands at either: it is named by a number. */
async function isInGroupOfDomain(client: Client, dn: string, group: string): Promise<boolean> {
  const below = `(memberOf:${IN_CHAIN}:=${escapeValue(group)})`
  const isFound = async (base: string, filter: string): Promise<boolean> => {
    const { searchEntries } = await client.search(base, { scope: 'base', filter, attributes: ['1.1'] })
    return searchEntries.length > 0
  }
  if (await isFound(dn, below)) return true
  const { searchEntries } = await client.search(dn, {
    scope: 'base',
    attributes: ['objectSid', 'primaryGroupID'],
    explicitBufferAttributes: ['objectSid'],
  })
  const [entry] = searchEntries
  const sid = entry && findValue(entry, 'objectSid')
  const primary = Number(textOf(entry, 'primaryGroupID'))
  if (!Buffer.isBuffer(sid) || !(primary > 0)) return false
  // The number of an account is the last part of its name in the domain, and so is that of a group. [MS-DTYP, 2.4.2.2]
  const ofGroup = Buffer.from(sid)
  ofGroup.writeUInt32LE(primary, ofGroup.length - 4)
  return isFound(`<SID=${ofGroup.toString('hex')}>`, `(|(distinguishedName=${escapeValue(group)})${below})`)
}

const foldDn = (dn: string): string => dn.toLowerCase().replace(/\s*([,=])\s*/g, '$1')
