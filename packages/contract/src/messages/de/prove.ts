import type { prove as english } from '../en/prove.ts'
import type { Words } from '../words.ts'

/** The cardholder's page for a passkey of his own, and what operators see of it. */
export const prove = {
  title: 'Weisen Sie sich aus',
  lead: 'Geben Sie die Nummer ein, die der Helpdesk Ihnen vorliest, oder die Einladung, die Sie erhalten haben.',
  code: 'Nummer oder Einladung',
  codeHint: 'Mit oder ohne Leerzeichen.',
  codeShort: 'Eine Nummer hat {{digits}} Ziffern, eine Einladung {{symbols}} Zeichen.',
  next: 'Weiter',
  otherCode: 'Anderer Code',
  who: {
    lead: '{{operator}} vom Helpdesk telefoniert mit jemandem, der angibt, Sie zu sein. Es geht um die Smartcard „{{card}}“.',
    ask: 'Sind Sie am Telefon?',
    submit: 'Ja, meinen Passkey verwenden',
    decline: 'Nein, ich habe um nichts gebeten',
  },
  add: {
    lead: '{{operator}} hat Sie persönlich gesehen und lässt Sie einen Passkey hinzufügen. Damit können Sie sich ausweisen, wenn Sie den Helpdesk anrufen.',
    leadOwn:
      'Sie haben in Meine Smartcard darum gebeten, mit Ihrer Karte und deren PIN. Mit einem Passkey können Sie zeigen, wer Sie sind, wenn Ihre Karte gesperrt ist oder wenn Sie den Helpdesk anrufen.',
    label: 'Wie dieser Passkey heißt',
    labelHint: 'Zum Beispiel: privates Telefon.',
    submit: 'Passkey erstellen',
  },
  done: {
    prove: {
      title: 'Der Helpdesk weiß jetzt, dass Sie es sind',
      text: 'Setzen Sie Ihren Anruf fort. Sie können diese Seite schließen.',
    },
    add: { title: 'Der Passkey wurde hinzugefügt', text: 'Sie können diese Seite schließen. Er zählt ab:' },
  },
  declined: {
    title: 'Der Helpdesk weiß jetzt, dass Sie es nicht sind',
    text: 'Wer anruft, bekommt dadurch nichts. Hat jemand Ihre Smartcard, rufen Sie den Helpdesk unter der Nummer an, die Sie kennen.',
  },
  section: {
    title: 'Passkeys dieser Person',
    lead: 'Mit ihnen weist sie sich auf einem eigenen Gerät aus, wenn sie anruft. Ein Passkey zählt sieben Tage nach dem Hinzufügen; die Person wird benachrichtigt.',
    empty: 'Keiner. Er kann hinzugefügt werden, während die Person vor Ihnen ist.',
    loading: 'Passkeys werden geladen',
    row: 'hinzugefügt',
    usable: 'zählt ab',
    used: 'zuletzt verwendet',
    remove: 'Entfernen',
    removeNamed: '{{label}} entfernen',
    invite: 'Zu einem Passkey einladen',
    inviteTitle: 'Einen Passkey hinzufügen lassen',
    inviteLead: 'Nur, während die Person vor Ihnen ist: Wer diesen Passkey hat, kann sich als diese Person ausweisen.',
    inviteSubmit: 'Einladung erstellen',
    invited: 'Die Person öffnet {{address}} auf ihrem eigenen Gerät und gibt innerhalb eines Tages dies ein:',
    invitedLabel: 'Einladung',
    close: 'Fertig',
  },
} as const satisfies Words<typeof english>
