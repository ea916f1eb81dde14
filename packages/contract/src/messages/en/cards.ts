import type { CardFinding, MoveReason } from '../../card-api.ts'
import { cardPages } from './card-pages.ts'

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
  findings: {
    'puc-exposed': {
      title: 'PUC exposed',
      why: 'Somebody outside may know the PUC: it was used, read, or answered in a call. Whoever has the card and the PUC can set a PIN.',
    },
    'puc-undelivered': {
      title: 'PUC not delivered',
      why: 'The PUC waits for more than an hour, or its delivery was given up. Without it the holder cannot help himself.',
    },
    'puc-default': {
      title: 'PUC of the factory',
      why: 'The card has the PUC that its maker gives to all cards. Everybody can look it up.',
    },
    'puk-unknown': {
      title: 'PUC unknown',
      why: 'The card refused every PUC that is on record. If its PIN is blocked, nothing on record opens it.',
    },
    'key-factory': {
      title: 'Key of the factory',
      why: 'The card has the management key that its maker gives to all cards. Whoever has the card can change what is on it.',
    },
    'key-unknown': {
      title: 'Admin key refused',
      why: 'The card refused the admin key that is on record: something else changed it. It cannot be unblocked.',
    },
    'puc-only': {
      title: 'PUC only',
      why: 'Its key 9E does not answer: by telephone nothing but the PUC unblocks it.',
    },
  } satisfies Record<CardFinding, { title: string; why: string }>,
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
  ...cardPages,
} as const
