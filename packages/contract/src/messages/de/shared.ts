import type { shared as english } from '../en/shared.ts'
import type { Words } from '../words.ts'

/** Words that both pages use. */
export const shared = {
  productName: 'Unlatch',
  errorCode: 'Code {{code}}',
  requestNumber: 'Anfrage {{id}}',
  unknownProblem: {
    happened: '{{title}}.',
    card: 'Was das für die Karte bedeutet, ist nicht bekannt.',
    now: 'Versuchen Sie es noch einmal. Geschieht es wieder, melden Sie die Anfragenummer unten.',
  },
  scheme: { toDark: 'Dunkle Farben verwenden', toLight: 'Helle Farben verwenden' },
  answerUnreadable: 'Die Antwort war nicht zu verstehen.',
  symbolStrange: '„{{symbol}}“ kommt in keinem Code vor. Fragen Sie noch einmal danach.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  show: 'Anzeigen',
  hide: 'Verbergen',
  skipToContent: 'Zum Inhalt springen',
  loading: 'Wird geladen',
} as const satisfies Words<typeof english>
