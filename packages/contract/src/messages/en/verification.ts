import type { AddressKind, DocumentKind, VerificationWay } from '../../verification-api.ts'

/** Who is calling, and how do we know. */
export const verification = {
  title: 'Who is calling, and how do we know?',
  loading: 'Reading what this card demands',
  demandOne: 'This card demands one of these',
  demandTwo: 'This card demands two of these that rest on different things',
  never:
    'Knowing a birthday, a personnel number or an address proves nothing. Never use a number or address that the caller tells you.',
  met: 'The caller is verified',
  until: 'Good until',
  uses_one: 'Good for {{count}} more release.',
  uses_other: 'Good for {{count}} more releases.',
  impossible: 'Not possible now',
  standings: 'What was done to verify the caller',
  states: { asked: 'waiting', met: 'done', failed: 'failed' },
  sentTo: 'sent to {{address}}',
  check: 'Check',
  triesLeft_one: '{{count}} try is left.',
  triesLeft_other: '{{count}} tries are left.',
  seen: 'I have seen them',
  faceMissing: 'Say that you compared the faces; if they differ, this is not the cardholder.',
  changed: 'An address of this person changed less than 14 days ago',
  before: 'before: {{address}}',
  ways: {
    'call-back': { label: 'Call back and hear two words', hint: 'Dial {{phone}}; the words go to another address.' },
    'address-code': { label: 'Code to a registered address', hint: 'The caller reads you the code that arrives.' },
    manager: { label: 'The manager confirms', hint: '{{manager}} signs in and says yes or no.' },
    passkey: { label: "The person's passkey on another device", hint: 'They open a page and use their passkey.' },
    'in-person': { label: 'In person, with a document', hint: 'They are here; you see document and face.' },
    video: { label: 'By video, with the badge', hint: 'You see the badge and the face.' },
  } satisfies Record<VerificationWay, { label: string; hint: string }>,
  addresses: {
    email: 'E-mail',
    secondEmail: 'Second e-mail',
    phone: 'Telephone',
  } satisfies Record<AddressKind, string>,
  documents: {
    'identity-card': 'Identity card',
    passport: 'Passport',
    'driving-licence': 'Driving licence',
    'company-badge': 'Company badge',
  } satisfies Record<DocumentKind, string>,
  callBack: {
    dial: 'Hang up, then dial the number on record:',
    where: 'Send two words to',
    send: 'Send the words',
    said: 'The two words',
    saidHint: 'Ask for them once you have called back. Do not say them first.',
  },
  code: {
    where: 'Send a code to',
    send: 'Send the code',
    said: 'The code that the caller reads',
    saidHint: 'Seven digits. With or without blanks.',
  },
  manager: {
    lead: '{{manager}} is asked by mail, and on the page Approvals after signing in.',
    ask: 'Ask {{manager}}',
    waiting: 'Waiting for {{manager}} to answer, for ten minutes. This page notices it by itself.',
  },
  passkey: {
    lead: 'The caller opens the page of this server that ends in /prove, on a device that has their passkey.',
    ask: 'Show the number to read out',
    waiting: 'Waiting for the caller to use the passkey. This page notices it by itself.',
  },
  inPerson: {
    document: 'Document',
    choose: 'Choose what they show',
    documentMissing: 'Choose which document they showed.',
    face: 'The face is the one on the document',
  },
  video: {
    badge: 'What the badge says',
    badgeHint: 'Name or number, as you read it on the badge.',
    badgeMissing: 'Type what you read on the badge.',
    face: 'The face is the one on the badge',
  },
} as const

/** The page on which a manager answers. */
export const approvals = {
  title: 'Approvals',
  own: 'Somebody says to be one of your people',
  lead: 'Somebody asks the help desk for help with a smart card and says to be one of your people. Speak with that person yourself, at a number or in a room that you know, before you say yes.',
  loading: 'Reading what you are asked',
  empty:
    'Nobody asks you anything now. When somebody who says to be one of your people calls the help desk, the question stands here for ten minutes.',
  question: 'Is it {{person}} who is asking for help?',
  facts: '{{department}} · card “{{card}}” · asked by {{operator}}',
  until: 'Answer until',
  confirm: 'Yes, I spoke with them',
  decline: 'No, or I cannot reach them',
  answered: { asked: 'Open', met: 'You said yes', failed: 'You said no, or it took too long' },
  earlier: 'Of the last day',
} as const
