import type { FourEyesReason } from '../../verification-api.ts'

/** A second operator approves, or the glass is broken. */
export const fourEyes = {
  needed: 'A second operator must approve this',
  reasons: {
    template: 'The template of this card demands it.',
    person: 'This person is marked for it.',
    action: 'The help desk demands it for this.',
    threat: 'The threat level is raised.',
    hours: 'It is outside the hours of the help desk.',
  } satisfies Record<FourEyesReason, string>,
  short: {
    template: 'template',
    person: 'person',
    action: 'this action',
    threat: 'threat level',
    hours: 'outside hours',
  } satisfies Record<FourEyesReason, string>,
  note: 'What the second operator should know',
  noteHint: 'He sees what you did to verify the caller. It is on record.',
  ask: 'Ask for the approval',
  waiting:
    'Asked. A colleague answers on the page Approvals, at a computer of his own; this page notices it by itself. It waits until',
  approved: 'A second operator approved',
  approvedBy: 'Approved by {{operator}}.',
  until: 'Good until',
  declinedBy: '{{operator}} said no.',
  expired: 'Nobody answered in time.',
  broken: 'The glass was broken: released without a second operator, with a reason.',
  break: {
    open: 'Break the glass…',
    title: 'Release without a second operator',
    lead: 'Only when nobody can be asked and it cannot wait. It is an incident: it is on record with your name and this reason, and everybody whom the help desk names is told now.',
    reason: 'Why it cannot wait',
    reasonShort: 'Say why, in ten letters at least.',
    submit: 'Break the glass, and tell everybody named',
  },
  requests: {
    title: 'A second operator is needed',
    lead: 'Look at the evidence, and ask your colleague when something is odd. You approve with your own Operator PIN, and it is on record.',
    empty: 'No colleague asks for an approval now.',
    askedBy: 'Asked by {{operator}}',
    asker: 'Asked by',
    evidence: 'How the caller was verified',
    noEvidence: 'Not at all yet: there is nothing to approve.',
    own: 'You asked for this yourself: somebody else answers.',
    approve: 'Approve…',
    decline: 'No',
    states: { asked: 'open', approved: 'approved', declined: 'declined', expired: 'not answered in time' },
  },
} as const
