import { readAll, TlvError } from '../iso7816/tlv.ts'

/** Discovery object. [SP 800-73-5 pt 1, 3.3.2] */
const TAG_AID = 0x4f
const TAG_PIN_USAGE_POLICY = 0x5f2f
/** Second octet of the PIN usage policy: the Global PIN is the holder's everyday PIN. */
const GLOBAL_PIN_PREFERRED = 0x20

/**
 * True when the Discovery object says that the everyday PIN is the Global PIN, which RESET RETRY COUNTER of PIV cannot reset.
 *
 * @param discovery - the value of tag `7E`.
 * @throws TlvError when it is malformed.
 * @see [SP 800-73-5 pt 1, 3.3.2]
 */
export function isGlobalPinPreferred(discovery: Uint8Array): boolean {
  return readAll(discovery, (cursor) => {
    cursor.read(TAG_AID)
    const policy = cursor.read(TAG_PIN_USAGE_POLICY, 2)
    while (!cursor.isAtEnd) cursor.next()
    const [usage, preferred] = policy
    if (usage === undefined) throw new TlvError('empty PIN usage policy')
    return preferred === GLOBAL_PIN_PREFERRED
  })
}
