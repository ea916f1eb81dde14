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
      'passkey-removed': 'Ein Passkey von Ihnen wurde entfernt',
      'one-time-password-added': 'Ein Einmalpasswort zeigt künftig, dass jemand Sie ist',
      'one-time-password-removed': 'Ein Einmalpasswort von Ihnen wurde entfernt',
      'unblock-codes-given': 'Jemand hat einen Entsperrcode für Ihre Smartcard erhalten',
    } satisfies Record<NoticeKind, string>,
    happened: {
      'cryptogram-released':
        '{{operator}} hat am Telefon ein Kryptogramm herausgegeben. Wer die Karte hat, kann damit eine neue PIN wählen.',
      'unblock-authorised':
        '{{operator}} hat eine neue PIN für die Karte in einem Leser erlaubt. Wer an der Karte ist, kann sie wählen.',
      'passkey-added-by-holder':
        'Mit der funktionierenden Karte und ihrer PIN wurde ein Passkey hinzugefügt. Wer ihn hat, zeigt in einer Woche damit, dass er Sie ist.',
      'passkey-removed':
        'Mit der funktionierenden Karte und ihrer PIN wurde ein Passkey entfernt. Er beweist nichts mehr.',
      'one-time-password-added':
        'Mit der funktionierenden Karte und ihrer PIN wurde ein Einmalpasswort eingerichtet. Wer diese App oder dieses Gerät hat, zeigt in einer Woche damit, dass er Sie ist.',
      'one-time-password-removed':
        'Mit der funktionierenden Karte und ihrer PIN wurde ein Einmalpasswort entfernt. Es beweist nichts mehr.',
      'self-service-released':
        'Jemand, der die Karte hat, hat in der Selbstbedienung gezeigt, dass er Sie ist. Wer bei der Karte ist, kann eine neue PIN wählen.',
      'self-service-done': 'Die Karte wurde in der Selbstbedienung entsperrt und hat eine neue PIN.',
      'unblocked-by-telephone':
        '{{operator}} hat am {{released}} per Telefon ein Kryptogramm herausgegeben. Damit wurde die Karte entsperrt, und sie hat eine neue PIN.',
      'unblocked-in-a-reader':
        '{{operator}} hat am {{released}} eine neue PIN für die Karte in einem Leser erlaubt. Die Karte wurde entsperrt und hat diese PIN.',
      'unblock-codes-given':
        '{{operator}} hat einen Entsperrcode herausgegeben, oder einen Bogen davon. Wer einen hat und dazu die Karte, kann eine neue PIN wählen.',
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
      'passkey-removed': 'Ein Passkey von Ihnen wurde entfernt',
      'one-time-password-added': 'Ein Einmalpasswort wurde eingerichtet, das zeigt, dass jemand Sie ist',
      'one-time-password-removed': 'Ein Einmalpasswort von Ihnen wurde entfernt',
      'unblock-codes-given': 'Ein Entsperrcode wurde herausgegeben, mit dem eine neue PIN gewählt werden kann',
    } satisfies Record<NoticeKind, string>,
    thing: 'Was',
    when: 'Wann',
    card: 'Karte',
    holder: 'Inhaber',
    operator: 'Wer es tat',
    nobody: 'Niemand vom Helpdesk',
    released: 'Was dazu nötig ist, wurde herausgegeben',
    procedure: 'Wie',
    procedures: {
      telephone: 'Am Telefon',
      connected: 'Mit der Karte in einem Leser',
      puc: 'Mit der PUC der Karte',
      'self-service': 'In der Selbstbedienung, durch den, der die Karte hatte',
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
      'passkey-removed': 'Passkey entfernt',
      'one-time-password-added': 'Einmalpasswort hinzugefügt',
      'one-time-password-removed': 'Einmalpasswort entfernt',
      'unblock-codes-given': 'Entsperrcodes herausgegeben',
    } satisfies Record<NoticeKind, string>,
    released: 'herausgegeben am',
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
