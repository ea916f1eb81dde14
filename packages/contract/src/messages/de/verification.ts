import type { AddressKind, DocumentKind, VerificationWay } from '../../verification-api.ts'
import type { verification as english, approvals as englishApprovals } from '../en/verification.ts'
import type { Words } from '../words.ts'

/** Who is calling, and how do we know. */
export const verification = {
  title: 'Wer ruft an, und woher wissen wir das?',
  loading: 'Was diese Karte verlangt, wird geladen',
  demandOne: 'Diese Karte verlangt einen dieser Wege',
  demandTwo: 'Diese Karte verlangt zwei dieser Wege, die auf Verschiedenem beruhen',
  never:
    'Einen Geburtstag, eine Personalnummer oder eine Anschrift zu kennen beweist nichts. Verwenden Sie nie eine Nummer oder Adresse, die der Anrufer nennt.',
  met: 'Der Anrufer ist verifiziert',
  until: 'Gilt bis',
  uses_one: 'Gilt für {{count}} weitere Freigabe.',
  uses_other: 'Gilt für {{count}} weitere Freigaben.',
  impossible: 'Jetzt nicht möglich',
  standings: 'Was zur Verifizierung des Anrufers getan wurde',
  states: { asked: 'wartet', met: 'erledigt', failed: 'gescheitert' },
  sentTo: 'gesendet an {{address}}',
  check: 'Prüfen',
  triesLeft_one: 'Noch {{count}} Versuch.',
  triesLeft_other: 'Noch {{count}} Versuche.',
  seen: 'Ich habe die Person gesehen',
  faceMissing:
    'Geben Sie an, dass Sie die Gesichter verglichen haben; sind sie verschieden, ist das nicht der Karteninhaber.',
  changed: 'Eine Adresse dieser Person wurde vor weniger als 14 Tagen geändert',
  before: 'vorher: {{address}}',
  ways: {
    'call-back': {
      label: 'Zurückrufen und zwei Wörter hören',
      hint: 'Wählen Sie {{phone}}; die Wörter gehen an eine andere Adresse.',
    },
    'address-code': {
      label: 'Code an eine hinterlegte Adresse',
      hint: 'Der Anrufer liest Ihnen den Code vor, der ankommt.',
    },
    manager: { label: 'Die Führungskraft bestätigt', hint: '{{manager}} meldet sich an und sagt Ja oder Nein.' },
    passkey: {
      label: 'Der Passkey der Person auf einem anderen Gerät',
      hint: 'Die Person öffnet eine Seite und verwendet ihren Passkey.',
    },
    'in-person': {
      label: 'Persönlich, mit einem Ausweis',
      hint: 'Die Person ist hier; Sie sehen Ausweis und Gesicht.',
    },
    video: { label: 'Per Video, mit dem Dienstausweis', hint: 'Sie sehen den Dienstausweis und das Gesicht.' },
  } satisfies Record<VerificationWay, { label: string; hint: string }>,
  addresses: {
    email: 'E-Mail',
    secondEmail: 'Zweite E-Mail',
    phone: 'Telefon',
  } satisfies Record<AddressKind, string>,
  documents: {
    'identity-card': 'Personalausweis',
    passport: 'Reisepass',
    'driving-licence': 'Führerschein',
    'company-badge': 'Dienstausweis',
  } satisfies Record<DocumentKind, string>,
  callBack: {
    dial: 'Legen Sie auf und wählen Sie die hinterlegte Nummer:',
    where: 'Zwei Wörter senden an',
    send: 'Wörter senden',
    said: 'Die zwei Wörter',
    saidHint: 'Fragen Sie danach, sobald Sie zurückgerufen haben. Sagen Sie sie nicht zuerst.',
  },
  code: {
    where: 'Einen Code senden an',
    send: 'Code senden',
    said: 'Der Code, den der Anrufer vorliest',
    saidHint: 'Sieben Ziffern. Mit oder ohne Leerzeichen.',
  },
  manager: {
    lead: '{{manager}} wird per E-Mail gefragt, und nach dem Anmelden auf der Seite „Genehmigungen“.',
    ask: '{{manager}} fragen',
    waiting: 'Die Antwort von {{manager}} wird zehn Minuten lang erwartet. Diese Seite merkt es von selbst.',
  },
  passkey: {
    lead: 'Der Anrufer öffnet die Seite dieses Servers, die auf /prove endet, auf einem Gerät mit seinem Passkey.',
    ask: 'Nummer zum Vorlesen anzeigen',
    waiting: 'Der Passkey des Anrufers wird erwartet. Diese Seite merkt es von selbst.',
  },
  inPerson: {
    document: 'Ausweis',
    choose: 'Wählen, was vorgelegt wird',
    documentMissing: 'Wählen Sie, welcher Ausweis vorgelegt wurde.',
    face: 'Das Gesicht ist das auf dem Ausweis',
  },
  video: {
    badge: 'Was auf dem Dienstausweis steht',
    badgeHint: 'Name oder Nummer, wie Sie es dort lesen.',
    badgeMissing: 'Geben Sie ein, was Sie auf dem Dienstausweis lesen.',
    face: 'Das Gesicht ist das auf dem Dienstausweis',
  },
} as const satisfies Words<typeof english>

/** The page on which a manager answers. */
export const approvals = {
  title: 'Genehmigungen',
  own: 'Jemand gibt an, zu Ihren Leuten zu gehören',
  lead: 'Jemand bittet den Helpdesk um Hilfe mit einer Smartcard und gibt an, zu Ihren Leuten zu gehören. Sprechen Sie selbst mit dieser Person, unter einer Nummer oder in einem Raum, den Sie kennen, bevor Sie Ja sagen.',
  loading: 'Was Sie gefragt werden, wird geladen',
  empty:
    'Zurzeit fragt Sie niemand etwas. Wenn jemand den Helpdesk anruft, der angibt, zu Ihren Leuten zu gehören, steht die Frage zehn Minuten lang hier.',
  question: 'Bittet hier wirklich {{person}} um Hilfe?',
  facts: '{{department}} · Karte „{{card}}“ · gefragt von {{operator}}',
  until: 'Antworten bis',
  confirm: 'Ja, wir haben miteinander gesprochen',
  decline: 'Nein, oder ich erreiche die Person nicht',
  answered: {
    asked: 'Offen',
    met: 'Sie haben Ja gesagt',
    failed: 'Sie haben Nein gesagt, oder es dauerte zu lange',
  },
  earlier: 'Vom letzten Tag',
} as const satisfies Words<typeof englishApprovals>
