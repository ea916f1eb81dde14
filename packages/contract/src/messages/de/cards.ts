import type { cards as english } from '../en/cards.ts'
import type { Words } from '../words.ts'
import { cardPages } from './card-pages.ts'

/** Words about a card's life cycle, and about what is wrong with a card. */
export const cards = {
  reasons: {
    lost: 'Verloren',
    stolen: 'Gestohlen',
    compromised: 'Jemand anderes könnte sie benutzt haben',
    damaged: 'Beschädigt',
    absent: 'Der Inhaber ist abwesend',
    left: 'Der Inhaber ist ausgeschieden',
    superseded: 'Eine andere Karte ersetzt sie',
    returned: 'Zurückgegeben',
    found: 'Wiedergefunden',
    cleared: 'Der Verdacht war unbegründet',
    mistake: 'Aus Versehen',
  },
  findings: {
    'puc-exposed': {
      title: 'PUC offengelegt',
      why: 'Jemand außerhalb könnte die PUC kennen: Sie wurde benutzt, gelesen oder in einem Anruf beantwortet. Wer Karte und PUC hat, kann eine PIN setzen.',
    },
    'puc-undelivered': {
      title: 'PUC nicht zugestellt',
      why: 'Die PUC wartet seit mehr als einer Stunde, oder ihre Zustellung wurde aufgegeben. Ohne sie kann sich der Inhaber nicht selbst helfen.',
    },
    'puc-default': {
      title: 'PUC ab Werk',
      why: 'Die Karte hat die PUC, die ihr Hersteller allen Karten gibt. Jeder kann sie nachschlagen.',
    },
    'puk-unknown': {
      title: 'PUC unbekannt',
      why: 'Die Karte hat jede hinterlegte PUC abgelehnt. Ist ihre PIN gesperrt, öffnet sie nichts, was hinterlegt ist.',
    },
    'key-factory': {
      title: 'Schlüssel ab Werk',
      why: 'Die Karte hat den Management-Schlüssel, den ihr Hersteller allen Karten gibt. Wer die Karte hat, kann ändern, was darauf ist.',
    },
    'key-unknown': {
      title: 'Admin-Schlüssel abgelehnt',
      why: 'Die Karte hat den hinterlegten Admin-Schlüssel abgelehnt: Etwas anderes hat ihn geändert. Sie kann nicht entsperrt werden.',
    },
    'puc-only': {
      title: 'Nur mit PUC',
      why: 'Ihr Schlüssel 9E antwortet nicht: Am Telefon entsperrt sie nichts als die PUC.',
    },
  },
  remedies: {
    'puc-exposed': 'Bringen Sie die Karte an eine Station: Beim nächsten Kontakt wird die PUC ausgetauscht.',
    'puc-undelivered':
      'Öffnen Sie die Karte, lesen Sie, was die Gegenseite sagte, berichtigen Sie Adresse oder Verbindung, und wählen Sie „Erneut senden“.',
    'puc-default': 'Bringen Sie die Karte an eine Station: Beim nächsten Kontakt wird die PUC ab Werk ausgetauscht.',
    'puk-unknown':
      'Bringen Sie die Karte an eine Station, mit einem Supervisor, der einen Versuch genehmigt. Schlägt er fehl, ersetzen Sie die Karte.',
    'key-factory': 'Stellen Sie die Karte an einer Station neu aus: Sie erhält einen eigenen Management-Schlüssel.',
    'key-unknown':
      'Stellen Sie die Karte an einer Station mit ihrem jetzigen Admin-Schlüssel neu aus, oder ersetzen Sie sie.',
    'puc-only':
      'Sie wird mit ihrer PUC oder an einer Station entsperrt, nicht am Telefon. Ersetzen Sie sie durch eine Karte mit brauchbarem Schlüssel 9E, wenn ihr Inhaber oft unterwegs ist.',
  },
  ...cardPages,
} as const satisfies Words<typeof english>
