import type { NoticeKind, NoticeProcedure, ReportState } from '../../notice-api.ts'
import type { notices as english } from '../en/notices.ts'
import type { Words } from '../words.ts'

/** What cardholders are told, the page behind its link, and how operators see it. */
export const notices = {
  states: {
    stock: 'wieder im Lager',
    registered: 'registriert',
    issued: 'wieder in Gebrauch',
    active: 'in Gebrauch',
    suspended: 'suspendiert',
    revoked: 'endgültig widerrufen',
    retired: 'ausgemustert',
  },
  mail: {
    subject: {
      'cryptogram-released': 'Jemand entsperrt gerade Ihre Smartcard',
      'pin-unblocked': 'Ihre Smartcard hat eine neue PIN',
      'puc-read': 'Jemand hat die PUC Ihrer Smartcard gelesen',
      'card-state-changed': 'Ihre Smartcard ist jetzt {{state}}',
      'passkey-added': 'Ein Passkey weist von nun an jemanden als Sie aus',
    } satisfies Record<NoticeKind, string>,
    happened: {
      'cryptogram-released':
        '{{operator}} hat am Telefon ein Kryptogramm herausgegeben. Wer die Karte hat, kann damit eine neue PIN wählen.',
      'unblock-authorised':
        '{{operator}} hat eine neue PIN für die Karte in einem Leser erlaubt. Wer an der Karte ist, kann sie wählen.',
      'pin-unblocked': 'Die Karte wurde entsperrt und hat eine neue PIN. Dabei half: {{operator}}.',
      'puc-used': 'Die Karte wurde mit ihrer PUC entsperrt und hat eine neue PIN.',
      'puc-read':
        '{{operator}} hat die PUC der Karte gelesen. Wer sie kennt und die Karte hat, kann eine neue PIN wählen.',
      'card-state-changed': 'Die Karte ist jetzt {{state}}. Geändert von: {{operator}}.',
      'passkey-added':
        'Ein Passkey wurde hinzugefügt. Wer ihn hat, weist sich damit beim Helpdesk als Sie aus. Eingeladen von: {{operator}}.',
    },
    noOperator: 'niemand vom Helpdesk',
    text: `Guten Tag {{name}},

mit Ihrer Smartcard "{{card}}" (Nummer {{serial}}) geschah am {{time}} etwas:

{{happened}}

Wenn Sie das waren, ist nichts zu tun.

{{unsolicited}}

{{help}} Die zwei Wörter dieser Nachricht sind "{{words}}": Nennen Sie sie, und der Helpdesk findet sie.

Niemand von {{organisation}} wird Sie jemals nach Ihrer PIN oder Ihrer PUC fragen.`,
    withLink: `Wenn Sie das NICHT waren, sagen Sie es hier; die Karte wird dann suspendiert, bis jemand Sie persönlich gesehen hat:

    {{link}}`,
    withoutLink: 'Wenn Sie das NICHT waren, rufen Sie den Helpdesk an.',
    help: 'Der Helpdesk: {{phone}}.',
    helpWithoutPhone: 'Im Zweifel fragen Sie Ihren Helpdesk.',
  },
  page: {
    title: 'Waren Sie das?',
    lead: 'Mit Ihrer Smartcard geschah etwas. Bitte sagen Sie, ob Sie das waren.',
    loading: 'Was geschah, wird geladen',
    noLink: 'Diese Seite braucht den ganzen Link der Nachricht, die Sie erhalten haben.',
    noLinkNow: 'Öffnen Sie den Link in der Nachricht selbst, oder rufen Sie den Helpdesk an.',
    facts: 'Was geschah',
    what: {
      'cryptogram-released': 'Ein Kryptogramm wurde herausgegeben, mit dem eine neue PIN gewählt werden kann',
      'pin-unblocked': 'Die Karte wurde entsperrt und hat eine neue PIN',
      'puc-read': 'Die PUC der Karte wurde gelesen',
      'card-state-changed': 'Die Karte ist jetzt {{state}}',
      'passkey-added': 'Ein Passkey wurde hinzugefügt, der beim Helpdesk jemanden als Sie ausweist',
    } satisfies Record<NoticeKind, string>,
    thing: 'Was',
    when: 'Wann',
    card: 'Karte',
    holder: 'Inhaber',
    operator: 'Wer es tat',
    nobody: 'Niemand vom Helpdesk',
    procedure: 'Wie',
    procedures: {
      telephone: 'Am Telefon',
      connected: 'Mit der Karte in einem Leser',
      puc: 'Mit der PUC der Karte',
    } satisfies Record<NoticeProcedure, string>,
    words: 'Zwei Wörter',
    question: 'Waren Sie das?',
    me: 'Das war ich',
    notMe: 'Das war ich nicht',
    notMeMeans:
      'Waren Sie es nicht, wird die Karte suspendiert, bis jemand aus Ihrer Organisation Sie persönlich gesehen hat.',
    choose: 'Wählen Sie eines von beiden.',
    send: 'Antwort senden',
    sending: 'Ihre Antwort wird gesendet',
    answered: {
      me: {
        title: 'Vielen Dank',
        text: 'Sie haben gesagt, dass Sie das waren. Sonst ist nichts zu tun.',
      },
      'not-me': {
        title: 'Sie haben gesagt, dass Sie das nicht waren',
        text: 'Der Helpdesk ist alarmiert und geht dem nach, was geschah.',
        suspended:
          'Hier ist Ihre Karte suspendiert: Niemand kann sie entsperren, ihre PUC lesen oder etwas an ihr ändern.',
        over: 'Hier ist Ihre Karte nicht mehr suspendiert.',
      },
    },
    report: {
      none: 'Die Karte selbst funktioniert anderswo weiter (Türen, Anmeldung), bis Ihre Organisation sie dort gestoppt hat.',
      waiting:
        'Die Karte selbst funktioniert anderswo weiter (Türen, Anmeldung), bis dort gehandelt wurde: {{to}}. Wir melden es gerade.',
      reported: 'Ihre Karte wurde als gestoppt gemeldet an: {{to}}.',
      failed:
        'Die Karte selbst funktioniert anderswo weiter (Türen, Anmeldung): Die Meldung an {{to}} ist nicht gelungen.',
    } satisfies Record<ReportState, string>,
    call: 'Rufen Sie jetzt den Helpdesk unter {{phone}} an und nennen Sie die zwei Wörter „{{words}}“.',
    callWithoutPhone: 'Rufen Sie jetzt Ihren Helpdesk an und nennen Sie die zwei Wörter „{{words}}“.',
    help: 'Im Zweifel rufen Sie den Helpdesk unter {{phone}} an und nennen die zwei Wörter „{{words}}“.',
    helpAlone: 'Der Helpdesk: {{phone}}',
    helpWithoutPhone: 'Im Zweifel rufen Sie Ihren Helpdesk an und nennen die zwei Wörter „{{words}}“.',
    at: 'Beantwortet',
  },
  card: {
    title: 'Was dem Karteninhaber mitgeteilt wurde',
    loading: 'Was dem Karteninhaber mitgeteilt wurde, wird geladen',
    none: 'Noch nichts. Der Karteninhaber wird über jedes Entsperren benachrichtigt, über jede PUC, die jemand liest, und wenn sich der Zustand der Karte ändert.',
    list: 'Benachrichtigungen',
    kinds: {
      'cryptogram-released': 'Kryptogramm herausgegeben',
      'pin-unblocked': 'Neue PIN gewählt',
      'puc-read': 'PUC gelesen',
      'card-state-changed': 'Karte {{state}}',
      'passkey-added': 'Passkey hinzugefügt',
    } satisfies Record<NoticeKind, string>,
    by: 'von {{name}}',
    words: 'Wörter der Nachricht: {{words}}',
    planning: 'Es wird nachgesehen, wer benachrichtigt wird',
    nobody: 'Niemand wurde benachrichtigt',
    states: {
      queued: 'Wartet',
      sending: 'Unterwegs',
      delivered: 'Mitgeteilt',
      failed: 'Nicht mitgeteilt',
      void: 'Hinfällig',
    },
    previousHidden: 'die Adresse von vor der letzten Änderung',
    previous: '{{address}} (von vor der letzten Änderung)',
    answers: { me: 'sagte: Das war ich', 'not-me': 'sagte: Das war ich nicht' },
    nextTry: 'Nächster Versuch',
    again: 'Erneut senden',
    againNamed: 'Erneut senden: die Benachrichtigung von {{time}}',
    sent: 'Sie wird noch einmal gesendet.',
  },
  call: {
    waiting: 'Der Karteninhaber wird benachrichtigt',
    told: 'Der Karteninhaber wurde benachrichtigt: {{addresses}}.',
    nobody: 'Davon wurde niemand benachrichtigt: {{why}}',
    notYet: 'Der Karteninhaber konnte noch nicht benachrichtigt werden: {{why}}',
    someOtherAddress: 'die Adresse von vor der letzten Änderung',
  },
} as const satisfies Words<typeof english>
