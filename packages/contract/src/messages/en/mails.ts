/** What people get by mail. `{{…}}` is filled in; lines are as they are sent. */
export const mails = {
  help: 'Call the help desk: {{phone}}.',
  helpWithoutPhone: 'Tell your help desk.',
  word: {
    subject: 'Two words for the help desk',
    text: `{{name}},

{{operator}} of the help desk is about to help you with your smart card "{{card}}", and calls you back at the number on record. Read these two words then:

    {{code}}

Read them to nobody who does not call you at that number. They are good for ten minutes.

If you did not ask for help: read nothing to anybody. {{help}}`,
  },
  code: {
    subject: 'A code for the help desk',
    text: `{{name}},

somebody asked {{operator}} of the help desk for help with your smart card "{{card}}". If that is you, read this code to them:

    {{code}}

It is good for ten minutes.

If it is not you: read it to nobody, whoever asks. {{help}}`,
  },
  approval: {
    subject: 'Is this {{person}} on the telephone?',
    text: `{{name}},

somebody who says to be {{person}} asked {{operator}} of the help desk for help with the smart card "{{card}}". Speak with {{person}} yourself, at a number or in a room that you know. Then sign in and say yes or no:

    {{link}}

The question is open for ten minutes. If you cannot reach {{person}}, say no: nothing is lost by that.`,
  },
  puc: {
    subject: 'The PUC of your smart card',
    text: `{{name}},

this is the PUC (PIN Unblock Code) of your smart card "{{card}}" (number {{serial}}):

    {{puc}}

Keep it away from the card. You need it only if a wrong PIN was entered too often and the card is blocked: on any computer, without a connection to us, choose "I have a PUC" on the unblock screen, enter the PUC and choose a new PIN. Afterwards you get another PUC.
{{windows}}
Nobody from {{organisation}} will ever ask you for your PUC or your PIN.
{{help}}`,
    windows: 'At the unblock screen of Windows, type this as the response: {{form}}',
    help: 'If you did not expect this mail, call the help desk: {{phone}}.',
    helpWithoutPhone: 'If you did not expect this mail, tell your help desk.',
    test: 'This is a test. The PUC in it is made up.',
    unknownOrganisation: 'your organisation',
  },
  letter: {
    title: 'The PUC of your smart card',
    dear: 'Dear {{name}},',
    about: 'This is the PUC (PIN Unblock Code) of your smart card “{{card}}”, number {{serial}}.',
    keep: 'Keep this letter away from the card. You need it only if a wrong PIN was entered too often and the card is blocked.',
    use: 'On any computer, without a connection to us, choose “I have a PUC” on the unblock screen, enter the PUC and choose a new PIN.',
    windows: 'At the unblock screen of Windows, type this as the response, without the blanks: {{form}}',
    dies: 'This PUC is replaced after it was used, and after the card was unblocked in another way. Then you get a new letter: a newer letter makes this one void.',
    never: 'Nobody from {{organisation}} will ever ask you for your PUC or your PIN.',
    broken: 'If the seal was broken when this letter reached you, do not use the PUC: tell the help desk.',
    test: 'This is a test. The PUC in it is made up.',
  },
} as const
