import type { SelfServiceWay } from '../../self-service-api.ts'

/** Words of My Smartcard: a cardholder helps himself. */
export const selfService = {
  choose: 'How do you want to unblock it?',
  ways: {
    crypto: {
      label: 'Unblock PIN (Crypto)',
      hint: 'You choose a new PIN here and show in another way that it is you. About a minute, and nobody to call.',
    },
    puc: { label: 'With a PUC', hint: 'The eight digits that you got by letter or mail. Works without a network.' },
    cryptogram: {
      label: 'With the help desk’s cryptogram',
      hint: 'You call the help desk, read a code to them and type the one that they read back. Works without a network.',
    },
  },
  offline:
    'The server cannot be reached from here, so you cannot unblock the card alone. These ways work all the same:',
  newPin: {
    title: 'Choose a new PIN',
    text: 'It goes from this page to the card and nowhere else. Leave the card where it is.',
    for: 'The card “{{card}}”, number {{serial}}, of {{name}}.',
    submit: 'Unblock',
    leave: 'Unblock in another way',
  },
  authenticate: {
    title: 'Show in another way that it is you',
    one: 'One of these is enough. Your card is unblocked right after it.',
    two: 'Two of these are needed, {{done}} of 2 done. Your card is unblocked right after them.',
    who: 'You are taken for {{name}}, whose card this is.',
    choose: 'How',
    met: 'done',
    asked: 'waiting for your answer',
    submit: 'OK',
    leave: 'Stop, and leave the card as it is',
    until: 'You have time until {{time}}.',
    late: 'Less than a minute is left. After that you begin once more; nothing is lost.',
    triesLeft_one: '{{count}} try is left with this card.',
    triesLeft_other: '{{count}} tries are left with this card.',
    none: 'Nothing of what this card asks for is set up for you.',
    noneNow: 'Leave the card as it is, and unblock it in another way.',
  },
  names: {
    domain: 'Password of your account',
    'one-time-password': 'One-time password',
    'unblock-code': 'Unblock code',
    'identity-provider': 'Sign in with {{provider}}',
    passkey: 'Passkey on another device',
  } satisfies Record<SelfServiceWay, string>,
  fields: {
    domain: 'Password of {{user}}',
    domainHint: 'As you sign in to your computer or your mail.',
    'one-time-password': 'The six digits',
    'one-time-passwordHint': 'Your authenticator app shows them.',
    'unblock-code': 'Unblock code',
    'unblock-codeHint': 'Seven digits that the help desk gave you, or one of the codes on your sheet.',
    show: 'Show what I type',
  },
  elsewhere: {
    'identity-provider': 'A page of {{provider}} opens. Sign in there and come back; this page goes on by itself.',
    'identity-providerLink': 'Open the page of {{provider}}',
    passkey:
      'Take the device that has your passkey. Open this address there, or photograph the square, and type the code:',
    passkeyAddress: 'Address',
    passkeyCode: 'Code',
    begin: 'Go on',
    again: 'Begin anew',
  },
  signedIn: {
    done: { title: 'That was you', text: 'Close this page and go back: your card gets its new PIN there.' },
    refused: {
      title: 'That did not do',
      text: 'Close this page and go back: there it stands why, and what to do.',
    },
  },
  working: 'Your card gets its new PIN',
  done: 'You unblocked your card yourself. That is on record, and we tell you at the addresses that we know.',
} as const
