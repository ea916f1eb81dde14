/** What time it is; injected, so that tests can say. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
