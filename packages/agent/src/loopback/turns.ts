/** Looks, and what takes hold of a card, one after the other: two at once would find it in use by ourselves. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Begins when everything before is over, however that ended. */
  take(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}
