/** The user whose session is the active one at a seat: who sits in front of this computer now; undefined: nobody, or nobody knows. */
export type ActiveUser = () => number | undefined

/**
 * Asks systemd-logind, through its own library: it reads one file, so it is asked at each request.
 *
 * @returns what knows of nobody where the library is not there: then nobody is shown anything.
 * @see [sd_seat_get_active(3)]
 */
export async function loadActiveUser(seat = 'seat0'): Promise<ActiveUser> {
  const { default: koffi } = await import('koffi')
  try {
    const getActive = koffi
      .load('libsystemd.so.0')
      .func('int sd_seat_get_active(const char *seat, void *session, _Out_ uint32_t *uid)')
    return () => {
      const uid: [number?] = [undefined]
      return getActive(seat, null, uid) >= 0 ? uid[0] : undefined
    }
  } catch {
    return () => undefined
  }
}
