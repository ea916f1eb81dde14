/** Words that both pages use. */
export const shared = {
  productName: 'Unlatch',
  errorCode: 'Code {{code}}',
  requestNumber: 'Request {{id}}',
  unknownProblem: {
    happened: '{{title}}.',
    card: 'What it means for the card is not known.',
    now: 'Try again. If it happens again, report the request number below.',
  },
  scheme: { toDark: 'Use dark colours', toLight: 'Use light colours' },
  answerUnreadable: 'The answer was not understood.',
  symbolStrange: '“{{symbol}}” stands in no code. Ask for it again.',
  copy: 'Copy',
  copied: 'Copied',
  show: 'Show',
  hide: 'Hide',
  skipToContent: 'Skip to the content',
  loading: 'Loading',
} as const
