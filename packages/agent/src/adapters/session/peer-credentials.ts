import type { Socket } from 'node:net'
import { Problem } from '@unlatch/contract'

/** Whose process is at the other end of a Unix socket, as the kernel noted it when it connected; undefined: it does not say. */
export type UidOf = (socket: Socket) => number | undefined

// [socket(7), unix(7)]
const SOL_SOCKET = 1
const SO_PEERCRED = 17
/** struct ucred: process, user, group; four octets each. */
const UCRED_LENGTH = 12

/**
 * SO_PEERCRED of Linux, which Node does not show: through the system's own C library, as PC/SC is.
 *
 * @throws Problem `wrong-usage` on another system.
 */
export async function loadUidOf(): Promise<UidOf> {
  if (process.platform !== 'linux') throw new Problem('wrong-usage', { detail: '--service is for Linux' })
  const { default: koffi } = await import('koffi')
  const getsockopt = koffi
    .load('libc.so.6')
    .func('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)')
  return (socket) => {
    const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } | null }
    if (handle?.fd === undefined || handle.fd < 0) return undefined
    const value = Buffer.alloc(UCRED_LENGTH)
    const length = [UCRED_LENGTH]
    if (getsockopt(handle.fd, SOL_SOCKET, SO_PEERCRED, value, length) !== 0 || length[0] !== UCRED_LENGTH)
      return undefined
    return new DataView(value.buffer, value.byteOffset).getInt32(4, true)
  }
}
