/** Words of the command line. */
export const terminal = {
  blocked: 'Your smart card is blocked because a wrong PIN was entered too often. Nothing on it is lost.',
  notConfigured: 'This computer has no configuration from your organisation yet. Standard rules for the PIN are used.',
  callHelpDesk: 'Call the help desk: {{phone}}',
  keepCard: 'Leave the card in the reader until you are done.',
  readChallenge: 'Read this challenge to the help desk:',
  cryptogram: 'Cryptogram: ',
  puc: 'PUC (eight digits): ',
  pucTriesLeft: 'Tries of the PUC left: {{count}}',
  newPin: 'New PIN: ',
  confirm: 'Confirm the new PIN: ',
  consent: 'This is the last try. If the card refuses now, it can never be unblocked again. Type yes to use it: ',
  consentWord: 'yes',
  done: 'Your new PIN works. Sign in with it.',
  readReceipt: 'Stay on the line and read this receipt to the help desk:',
  reported: 'What happened was reported to the server.',
  notReported: 'What happened is kept here and will be reported when the server can be reached.',
} as const
