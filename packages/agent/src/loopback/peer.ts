import { readFileSync } from 'node:fs'
import { Problem } from '@unlatch/contract'

/**
 * Whose process is at the other end of a loopback connection, from the kernel's table. Linux only; undefined elsewhere, and
 * when the connection is not in the table.
 *
 * @param remotePort - the other end's port on 127.0.0.1.
 * @param localPort - ours.
 * @see [proc(5), /proc/net/tcp]
 */
function findPeerUid(remotePort: number, localPort: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/)
    if (local?.endsWith(`:${hex(remotePort)}`) && remote?.endsWith(`:${hex(localPort)}`)) return Number(uid)
  }
  return undefined
}

/** @throws Problem `foreign-page` when another user of this computer asks. */
export function expectOwnUser(remotePort: number | undefined, localPort: number | undefined): void {
  if (remotePort === undefined || localPort === undefined) throw new Problem('foreign-page')
  const uid = findPeerUid(remotePort, localPort)
  if (uid !== undefined && uid !== process.getuid?.()) throw new Problem('foreign-page')
}
