import type { NoticeKind, NoticeProcedure, ReportState } from '../../notice-api.ts'

/** What cardholders are told, the page behind its link, and how operators see it. */
export const notices = {
  states: {
    stock: 'back in stock',
    registered: 'registered',
    issued: 'in use again',
    active: 'in use',
    suspended: 'suspended',
    revoked: 'revoked for good',
    retired: 'retired',
  },
  mail: {
    subject: {
      'cryptogram-released': 'Somebody is unblocking your smart card',
      'pin-unblocked': 'Your smart card has a new PIN',
      'puc-read': 'Somebody read the PUC of your smart card',
      'card-state-changed': 'Your smart card is {{state}} now',
      'passkey-added': 'A passkey proves from now on that somebody is you',
      'passkey-removed': 'A passkey of yours was removed',
      'one-time-password-added': 'A one-time password proves from now on that somebody is you',
      'one-time-password-removed': 'A one-time password of yours was removed',
      'unblock-codes-given': 'Somebody got an unblock code for your smart card',
    } satisfies Record<NoticeKind, string>,
    happened: {
      'cryptogram-released':
        '{{operator}} gave out a cryptogram by telephone. Whoever has the card can choose a new PIN with it.',
      'unblock-authorised':
        '{{operator}} allowed a new PIN for the card in a reader. Whoever is at the card can choose it.',
      'self-service-released':
        'Somebody who has the card showed in self-service that it is you. Whoever is at the card can choose a new PIN.',
      'self-service-done': 'The card was unblocked in self-service and has a new PIN.',
      'pin-unblocked': 'The card was unblocked and has a new PIN. {{operator}} helped with it.',
      'unblocked-by-telephone':
        '{{operator}} gave out a cryptogram by telephone on {{released}}. With it the card was unblocked, and has a new PIN.',
      'unblocked-in-a-reader':
        '{{operator}} allowed a new PIN for the card in a reader on {{released}}. The card was unblocked, and has that PIN.',
      'puc-used': 'The card was unblocked with its PUC and has a new PIN.',
      'puc-read': '{{operator}} read the PUC of the card. Whoever knows it and has the card can choose a new PIN.',
      'card-state-changed': 'The card is {{state}} now. It was changed by {{operator}}.',
      'unblock-codes-given':
        '{{operator}} gave out an unblock code, or a sheet of them. Whoever has one and the card can choose a new PIN.',
      'passkey-added':
        'A passkey was added, by which whoever has it proves that they are you. Invited by {{operator}}.',
      'passkey-added-by-holder':
        'A passkey was added with the working card and its PIN. Whoever has it proves in a week from now that they are you.',
      'passkey-removed': 'A passkey was removed with the working card and its PIN. It proves nothing any more.',
      'one-time-password-added':
        'A one-time password was set up with the working card and its PIN. Whoever has that app or device proves in a week from now that they are you.',
      'one-time-password-removed':
        'A one-time password was removed with the working card and its PIN. It proves nothing any more.',
    },
    noOperator: 'nobody of the help desk',
    text: `{{name}},

something was done with your smart card "{{card}}" (number {{serial}}) on {{time}}:

{{happened}}

If that was you, there is nothing to do.

{{unsolicited}}

{{help}} The two words of this message are "{{words}}": say them, and the help desk finds it.

Nobody from {{organisation}} will ever ask you for your PIN or your PUC.`,
    withLink: `If that was NOT you, say so here; the card is then suspended until somebody has seen you in person:

    {{link}}`,
    withoutLink: 'If that was NOT you, call the help desk.',
    help: 'The help desk: {{phone}}.',
    helpWithoutPhone: 'If in doubt, ask your help desk.',
  },
  page: {
    title: 'Was this you?',
    lead: 'Something was done with your smart card. Please say whether it was you.',
    loading: 'Reading what happened',
    noLink: 'This page needs the whole link of the message that you got.',
    noLinkNow: 'Open the link in the message itself, or call the help desk.',
    facts: 'What happened',
    what: {
      'cryptogram-released': 'A cryptogram was given out, with which a new PIN can be chosen',
      'pin-unblocked': 'The card was unblocked and has a new PIN',
      'puc-read': 'The PUC of the card was read',
      'card-state-changed': 'The card is {{state}} now',
      'unblock-codes-given': 'An unblock code was given out, with which a new PIN can be chosen',
      'passkey-added': 'A passkey was added that proves that somebody is you',
      'passkey-removed': 'A passkey of yours was removed',
      'one-time-password-added': 'A one-time password was set up that proves that somebody is you',
      'one-time-password-removed': 'A one-time password of yours was removed',
    } satisfies Record<NoticeKind, string>,
    thing: 'What',
    when: 'When',
    released: 'What it took was given out',
    card: 'Card',
    holder: 'Holder',
    operator: 'Who did it',
    nobody: 'Nobody of the help desk',
    procedure: 'How',
    procedures: {
      telephone: 'On the telephone',
      connected: 'With the card in a reader',
      puc: 'With the PUC of the card',
      'self-service': 'In self-service, by whoever had the card',
    } satisfies Record<NoticeProcedure, string>,
    words: 'Two words',
    question: 'Was this you?',
    me: 'This was me',
    notMe: 'This was not me',
    notMeMeans: 'If it was not you, the card is suspended until somebody of your organisation has seen you in person.',
    choose: 'Choose one of the two.',
    send: 'Send my answer',
    sending: 'Sending your answer',
    answered: {
      me: {
        title: 'Thank you',
        text: 'You said that this was you. There is nothing else to do.',
      },
      'not-me': {
        title: 'You said that this was not you',
        text: 'The help desk is alerted and looks into what was done.',
        suspended: 'Here your card is suspended: nobody can unblock it, read its PUC or change anything on it.',
        over: 'Here your card is not suspended any more.',
      },
    },
    report: {
      none: 'The card itself still works elsewhere (doors, sign-in) until your organisation has stopped it there.',
      waiting:
        'The card itself still works elsewhere (doors, sign-in) until {{to}} has acted. We are telling them now.',
      reported: 'Your card was reported as stopped to {{to}}.',
      failed: 'The card itself still works elsewhere (doors, sign-in): {{to}} could not be told.',
    } satisfies Record<ReportState, string>,
    call: 'Call the help desk at {{phone}} now, and say the two words "{{words}}".',
    callWithoutPhone: 'Call your help desk now, and say the two words "{{words}}".',
    help: 'In doubt, call the help desk at {{phone}} and say the two words "{{words}}".',
    helpAlone: 'The help desk: {{phone}}',
    helpWithoutPhone: 'In doubt, call your help desk and say the two words "{{words}}".',
    at: 'Answered',
  },
  card: {
    title: 'What the cardholder was told',
    loading: 'Reading what the cardholder was told',
    none: 'Nothing yet. The cardholder is told of each unblock, each PUC that somebody reads, and each change of the card’s state.',
    list: 'Notices',
    kinds: {
      'cryptogram-released': 'Cryptogram given out',
      'pin-unblocked': 'New PIN chosen',
      'puc-read': 'PUC read',
      'card-state-changed': 'Card {{state}}',
      'passkey-added': 'Passkey added',
      'passkey-removed': 'Passkey removed',
      'one-time-password-added': 'One-time password added',
      'one-time-password-removed': 'One-time password removed',
      'unblock-codes-given': 'Unblock codes given out',
    } satisfies Record<NoticeKind, string>,
    by: 'by {{name}}',
    words: 'Words of the message: {{words}}',
    released: 'given out at',
    planning: 'The cardholder is told within a minute',
    nobody: 'Nobody was told',
    states: {
      queued: 'Waiting',
      sending: 'On its way',
      delivered: 'Told',
      failed: 'Not told',
      void: 'Over',
    },
    previousHidden: 'the address of before the last change',
    previous: '{{address}} (of before the last change)',
    answers: { me: 'said: this was me', 'not-me': 'said: this was not me' },
    nextTry: 'Next try',
    again: 'Send again',
    againNamed: 'Send again: the notice of {{time}}',
    sent: 'It is sent again.',
  },
  call: {
    waiting: 'The cardholder is being told',
    told: 'The cardholder has been told at {{addresses}}.',
    nobody: 'Nobody was told of this: {{why}}',
    notYet: 'The cardholder could not be told yet: {{why}}',
    someOtherAddress: 'the address of before the last change',
  },
} as const
