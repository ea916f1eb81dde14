import type { terminal as english } from '../en/terminal.ts'
import type { Words } from '../words.ts'

/** Words of the command line. */
export const terminal = {
  blocked:
    'Ihre Smartcard ist gesperrt, weil zu oft eine falsche PIN eingegeben wurde. Auf der Karte ist nichts verloren.',
  notConfigured:
    'Dieser Computer hat von Ihrer Organisation noch keine Konfiguration erhalten. Für die PIN gelten die üblichen Regeln.',
  callHelpDesk: 'Rufen Sie den Helpdesk an: {{phone}}',
  keepCard: 'Lassen Sie die Karte im Leser, bis Sie fertig sind.',
  readChallenge: 'Lesen Sie dem Helpdesk diese Challenge vor:',
  cryptogram: 'Kryptogramm: ',
  puc: 'PUC (acht Ziffern): ',
  pucTriesLeft: 'Verbleibende Versuche der PUC: {{count}}',
  newPin: 'Neue PIN: ',
  confirm: 'Neue PIN wiederholen: ',
  consent:
    'Das ist der letzte Versuch. Lehnt die Karte jetzt ab, kann sie nie wieder entsperrt werden. Geben Sie ja ein, um ihn zu verwenden: ',
  consentWord: 'ja',
  hints: {
    rules: 'Hinweis: nicht eingehaltene Regeln: {{rules}}',
    wrongGroups: 'Hinweis: falsche Gruppen: {{groups}}',
    entriesLeft: 'Hinweis: verbleibende Eingaben: {{count}}',
    triesLeft: 'Hinweis: verbleibende Versuche: {{count}}',
  },
  done: 'Ihre neue PIN funktioniert. Melden Sie sich damit an.',
  readReceipt: 'Bleiben Sie am Telefon und lesen Sie dem Helpdesk diese Quittung vor:',
  reported: 'Was geschah, wurde dem Server gemeldet.',
  notReported: 'Was geschah, wird hier aufbewahrt und gemeldet, sobald der Server zu erreichen ist.',
} as const satisfies Words<typeof english>
