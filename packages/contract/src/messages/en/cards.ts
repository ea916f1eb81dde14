import type { CardFinding, MoveReason } from '../../card-api.ts'

/** Words about a card's life cycle, and about what is wrong with a card. */
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
  remedies: {
    'puc-exposed': 'Bring the card to a station: its next contact replaces the PUC.',
    'puc-undelivered':
      'Open the card, read what the other side said, correct the address or the connection, and press Send again.',
    'puc-default': 'Bring the card to a station: its next contact replaces the PUC of the factory.',
    'puk-unknown':
      'Bring the card to a station, with a supervisor who approves one try. If that fails, replace the card.',
    'key-factory': 'Issue the card again at a station: it gets a management key of its own.',
    'key-unknown': 'Issue the card again at a station with its current admin key, or replace it.',
    'puc-only':
      'It is unblocked with its PUC or at a station, not by telephone. Replace it by a card with a usable 9E key if its holder is often away.',
  } satisfies Record<CardFinding, string>,
} as const
