import { concat, type Octets } from '@unlatch/card'

/** Cuts a stream into vpcd's messages: two octets of length, big-endian, then the body. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0)

  /** Takes what arrived, and returns the bodies that are now whole. */
  read(octets: Uint8Array): Octets[] {
    const bodies: Octets[] = []
    let rest: Uint8Array = concat(this.#rest, octets)
    for (;;) {
      const [high, low] = rest
      if (high === undefined || low === undefined) break
      const end = 2 + high * 256 + low
      if (rest.length < end) break
      bodies.push(new Uint8Array(rest.subarray(2, end)))
      rest = rest.subarray(end)
    }
    this.#rest = rest
    return bodies
  }
}
