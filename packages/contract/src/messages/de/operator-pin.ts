import type { operatorPin as english } from '../en/operator-pin.ts'
import type { Words } from '../words.ts'

/** Words of the Operator PIN: what an operator confirms, and with what. */
export const operatorPin = {
  title: 'Operator-PIN',
  lead: 'Sie bestätigen dieses eine Entsperren, einmal, innerhalb von zwei Minuten:',
  card: 'Karte',
  holder: 'Karteninhaber',
  at: 'An',
  challenge: 'Challenge',
  verified: 'Verifiziert',
  until: 'Gilt bis',
  recorded: 'Ihre Signatur bleibt bei der Aufzeichnung: Jeder kann sie später prüfen.',
  passkey: 'Mit meinem Passkey bestätigen',
  password: 'Passwort, anstelle einer Operator-PIN',
  passwordHint: 'Nur in der Demo. Sonst unterschreibt ein Passkey oder eine Operator-Karte.',
  submitPassword: 'Bestätigen',
  noPasskey:
    'Sie haben noch keinen Passkey. Fügen Sie unter „Mein Konto“ einen hinzu; mit ihm wird hier unterschrieben.',
  writing: 'Was Sie bestätigen, wird aufgeschrieben',
  cancel: 'Jetzt nicht',
  open: 'Operator-PIN eingeben',
  signWithCard: 'Mit meiner Operator-Karte unterschreiben',
  reader: 'Meine Karte steckt in',
  noReader:
    'In keinem Leser ist eine Karte zu sehen. Stecken Sie Ihre Operator-Karte an diesem Computer ein; sein Agent muss laufen.',
  typeThere:
    'Lesen Sie auf der Seite von {{agent}}, was unterschrieben wird, und geben Sie dort die PIN Ihrer Karte ein',
  account: {
    title: 'Operator-Karten',
    lead: 'Eine Smartcard von Ihnen, die anstelle eines Passkeys Entsperrungen bestätigt. Ihre PIN geben Sie an Ihrem eigenen Computer ein; dort steht, was Sie unterschreiben.',
    none: 'Noch keine Operator-Karte. Eine Karte mit einem Zertifikat zum Anmelden (PIV-Authentisierung) kann eine sein.',
    add: 'Operator-Karte hinzufügen',
    addLead: 'Zuerst Ihr jetziges Passwort. Dann unterschreibt die Karte, dass sie Ihre wird; das gibt nichts frei.',
    labelHint: 'Woran Sie sie von einer anderen unterscheiden: zum Beispiel „Dienstausweis“.',
    submit: 'Diese Karte hinzufügen',
    validUntil: 'gültig bis',
    remove: 'Entfernen',
    removeNamed: 'Operator-Karte {{label}} entfernen',
    removeTitle: 'Diese Operator-Karte entfernen?',
    removeLead: '„{{label}}“ bestätigt dann kein Entsperren mehr. Die Karte selbst bleibt, wie sie ist.',
    removeSubmit: 'Operator-Karte entfernen',
  },
} as const satisfies Words<typeof english>
