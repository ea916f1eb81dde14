import { existsSync, readFileSync } from 'node:fs'
import { Problem } from '@unlatch/contract'

/**
 * 127.0.0.1 as the kernel's tables print it, and where: a socket of the other family that speaks to it stands in the second.
 */
const TABLES = { '/proc/net/tcp': '0100007F', '/proc/net/tcp6': '0000000000000000FFFF00000100007F' } as const
/** The tables are read in pieces while they change: a connection can be missed once. */
const LOOKS = 3

/**
 * Whose process is at the other end of a loopback connection, from the kernel's tables. Undefined when it is in none.
 *
 * @param remotePort - the other end's port on 127.0.0.1.
 * @param localPort - ours.
 * @see [proc(5), /proc/net/tcp]
 */
export function findPeerUid(remotePort: number, localPort: number): number | undefined {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  for (const [table, loopback] of Object.entries(TABLES)) {
    for (const line of readTable(table)) {
      const [, local, remote, , , , , uid] = line.trim().split(/\s+/)
      if (local === `${loopback}:${hex(remotePort)}` && remote === `${loopback}:${hex(localPort)}`) return Number(uid)
    }
  }
  return undefined
}

/** The second table is absent where the system was built without it. */
function readTable(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(1) : []
}

/**
 * Linux only; other systems do not tell.
 *
 * @throws Problem `foreign-page` when another user of this computer asks, or nobody knows who.
 */
export function expectOwnUser(remotePort: number | undefined, localPort: number | undefined): void {
  if (remotePort === undefined || localPort === undefined) throw new Problem('foreign-page')
  if (process.platform !== 'linux') return
  for (let look = 0; look < LOOKS; look++) {
    const uid = findPeerUid(remotePort, localPort)
    if (uid === process.getuid?.()) return
    if (uid !== undefined) break
  }
  throw new Problem('foreign-page')
}
