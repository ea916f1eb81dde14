/** Options > Limits and threat level. */
export const desk = {
  title: 'Limits and threat level',
  lead: 'How the help desk works, for everybody: by what it reaches people, and what it may release in which time.',
  loading: 'Reading the settings',
  save: 'Save',
  saved: 'Saved.',
  messages: {
    title: 'Words, codes and notices',
    lead: 'By what they leave. Without them callers cannot be verified by a word or a code, and cardholders are not told.',
    mail: 'E-mail',
    mailHint: 'For words, codes, questions to managers, and notices to cardholders.',
    mailEmpty: 'There is no mail connection yet.',
    text: 'Text messages',
    textHint: 'For codes to a telephone number, and notices.',
    textEmpty: 'There is no connection for text messages yet.',
    revocation: 'Webhook',
    revocationHint:
      'It is called with card.suspended, and must answer with a status of 200 to 299 once it has stopped the card.',
    revocationEmpty: 'There is no webhook connection yet.',
    none: 'None',
    untested: '{{name}} (not tested as it is)',
    toConnections: 'Add one at Options > Connections',
  },
  revocation: {
    title: 'Stopping a card elsewhere',
    lead: 'A cardholder who says “this was not me” suspends the card here. Doors and sign-in go on taking it until somebody stops it there: a certification authority, a door system. Without a service, cardholders are told that the card still works elsewhere.',
  },
} as const
