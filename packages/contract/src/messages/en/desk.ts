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
    none: 'None',
    untested: '{{name}} (not tested as it is)',
    toConnections: 'Add one at Options > Connections',
  },
} as const
