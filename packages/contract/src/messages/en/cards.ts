import type { MoveReason } from '../../card-api.ts'

/** Words about a card's life cycle. */
export const cards = {
  reasons: {
    lost: 'Lost',
    stolen: 'Stolen',
    compromised: 'Somebody else may have used it',
    damaged: 'Damaged',
    absent: 'Its holder is away',
    left: 'Its holder has left',
    superseded: 'Another card takes its place',
    returned: 'Given back',
    found: 'Found again',
    cleared: 'The suspicion was none',
    mistake: 'By mistake',
  } satisfies Record<MoveReason, string>,
} as const
