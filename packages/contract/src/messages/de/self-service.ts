import type { selfService as english } from '../en/self-service.ts'
import type { Words } from '../words.ts'

/** Words of My Smartcard: a cardholder helps himself. */
export const selfService = {
  choose: 'Wie möchten Sie sie entsperren?',
  ways: {
    crypto: {
      label: 'PIN entsperren (Crypto)',
      hint: 'Sie wählen hier eine neue PIN und zeigen auf andere Weise, dass Sie es sind. Etwa eine Minute, und niemand ist anzurufen.',
    },
    puc: {
      label: 'Mit einer PUC',
      hint: 'Die acht Ziffern, die Sie per Brief oder E-Mail bekommen haben. Geht ohne Netz.',
    },
    cryptogram: {
      label: 'Mit dem Kryptogramm des Helpdesks',
      hint: 'Sie rufen den Helpdesk an, lesen einen Code vor und tippen den, der Ihnen vorgelesen wird. Geht ohne Netz.',
    },
  },
  offline:
    'Der Server ist von hier aus nicht zu erreichen; darum können Sie die Karte nicht allein entsperren. Diese Wege gehen trotzdem:',
  newPin: {
    title: 'Wählen Sie eine neue PIN',
    text: 'Sie geht von dieser Seite zur Karte und sonst nirgendwohin. Lassen Sie die Karte, wo sie ist.',
    for: 'Die Karte „{{card}}“, Nummer {{serial}}, von {{name}}.',
    submit: 'Entsperren',
    leave: 'Auf andere Weise entsperren',
  },
  authenticate: {
    title: 'Zeigen Sie auf andere Weise, dass Sie es sind',
    one: 'Eines davon genügt. Gleich danach wird Ihre Karte entsperrt.',
    two: 'Zwei davon sind nötig, {{done}} von 2 sind erledigt. Gleich danach wird Ihre Karte entsperrt.',
    who: 'Sie werden für {{name}} gehalten, auf deren Namen diese Karte lautet.',
    choose: 'Wie',
    met: 'erledigt',
    asked: 'wartet auf Ihre Antwort',
    submit: 'OK',
    leave: 'Aufhören und die Karte lassen, wie sie ist',
    until: 'Sie haben Zeit bis {{time}}.',
    late: 'Es bleibt weniger als eine Minute. Danach beginnen Sie noch einmal; verloren geht nichts.',
    triesLeft_one: 'Mit dieser Karte bleibt {{count}} Versuch.',
    triesLeft_other: 'Mit dieser Karte bleiben {{count}} Versuche.',
    none: 'Von dem, was diese Karte verlangt, ist für Sie nichts eingerichtet.',
    noneNow: 'Lassen Sie die Karte, wie sie ist, und entsperren Sie sie auf andere Weise.',
  },
  names: {
    domain: 'Passwort Ihres Kontos',
    'one-time-password': 'Einmalpasswort',
    'unblock-code': 'Entsperrcode',
    'identity-provider': 'Anmelden bei {{provider}}',
    passkey: 'Passkey auf einem anderen Gerät',
  },
  fields: {
    domain: 'Passwort von {{user}}',
    domainHint: 'Wie Sie sich an Ihrem Computer oder bei Ihrer E-Mail anmelden.',
    'one-time-password': 'Die sechs Ziffern',
    'one-time-passwordHint': 'Ihre Authenticator-App zeigt sie.',
    'unblock-code': 'Entsperrcode',
    'unblock-codeHint': 'Sieben Ziffern, die Ihnen der Helpdesk gegeben hat, oder einer der Codes auf Ihrem Bogen.',
    show: 'Zeigen, was ich tippe',
  },
  elsewhere: {
    'identity-provider':
      'Es öffnet sich eine Seite von {{provider}}. Melden Sie sich dort an und kommen Sie zurück; diese Seite geht von selbst weiter.',
    'identity-providerLink': 'Die Seite von {{provider}} öffnen',
    passkey:
      'Nehmen Sie das Gerät, auf dem Ihr Passkey ist. Öffnen Sie dort diese Adresse, oder fotografieren Sie das Quadrat, und tippen Sie den Code:',
    passkeyAddress: 'Adresse',
    passkeyCode: 'Code',
    begin: 'Weiter',
    again: 'Neu beginnen',
  },
  signedIn: {
    done: {
      title: 'Das waren Sie',
      text: 'Schließen Sie diese Seite und gehen Sie zurück: Dort bekommt Ihre Karte die neue PIN.',
    },
    refused: {
      title: 'Das genügte nicht',
      text: 'Schließen Sie diese Seite und gehen Sie zurück: Dort steht, warum, und was zu tun ist.',
    },
  },
  codes: {
    title: 'Entsperrcode',
    lead: 'Damit, und mit der Karte, entsperrt der Inhaber sie selbst in Meine Smartcard. Was gegeben wird, macht das frühere ungültig.',
    spoken: 'Einen Code zum Vorlesen geben',
    sheet: 'Einen Bogen mit zehn drucken',
    verifyFirst: 'Prüfen Sie zuerst, wer anruft.',
    spokenScript: 'Sagen Sie ihn Ziffer für Ziffer. Er gilt eine Stunde lang, einmal:',
    sheetScript: 'Für {{name}}, Karte {{serial}}. Jeder gilt einmal. Bewahren Sie dies getrennt von der Karte auf.',
    label: 'Entsperrcode',
    print: 'Drucken',
    recorded: 'Dass Sie ihn gegeben haben, ist festgehalten, und der Inhaber erfährt es.',
    giving: 'Wird festgehalten, dann gegeben',
  },
  identities: {
    title: 'Bei Identitätsanbietern',
    lead: 'Mit welchen ihrer Konten dort Personen in der Selbstbedienung zeigen, wer sie sind. Jedes zählt sieben Tage, nachdem es eingetragen wurde.',
    empty: 'Keine.',
    loading: 'Die Konten werden gelesen',
    issuer: 'Aussteller',
    subject: 'Kennung (Subject)',
    subjectHint: 'Wie der Anbieter die Person für immer nennt (sub); keine E-Mail-Adresse.',
    add: 'Hinzufügen',
    usable: 'zählt ab',
    remove: 'Entfernen',
    removeNamed: '{{subject}} entfernen',
  },
  prove: {
    lead: 'Jemand mit der Smartcard „{{card}}“ möchte sie entsperren und sagt, er sei Sie.',
    ask: 'Sind Sie das, an Ihrem eigenen Computer?',
    done: {
      title: 'Das waren Sie',
      text: 'Gehen Sie zurück an Ihren Computer: Dort bekommt Ihre Karte die neue PIN. Sie können diese Seite schließen.',
    },
    declined: {
      title: 'Das waren nicht Sie: es ist festgehalten',
      text: 'Wer gefragt hat, kommt mit Ihrem Passkey nicht weiter. Jemand hat Ihre Smartcard: Rufen Sie jetzt den Helpdesk an, unter der Nummer, die Sie kennen.',
    },
  },
  working: 'Ihre Karte bekommt ihre neue PIN',
  done: 'Sie haben Ihre Karte selbst entsperrt. Das ist festgehalten, und wir teilen es Ihnen an den Adressen mit, die wir kennen.',
} as const satisfies Words<typeof english>
