import type { FourEyesReason } from '../../verification-api.ts'
import type { fourEyes as english } from '../en/four-eyes.ts'
import type { Words } from '../words.ts'

/** A second operator approves, or the glass is broken. */
export const fourEyes = {
  needed: 'Ein zweiter Operator muss das genehmigen',
  reasons: {
    template: 'Die Vorlage dieser Karte verlangt es.',
    person: 'Diese Person ist dafür gekennzeichnet.',
    action: 'Der Helpdesk verlangt es hierfür.',
    threat: 'Die Bedrohungsstufe ist erhöht.',
    hours: 'Es ist außerhalb der Zeiten des Helpdesks.',
  } satisfies Record<FourEyesReason, string>,
  short: {
    template: 'Vorlage',
    person: 'Person',
    action: 'diese Handlung',
    threat: 'Bedrohungsstufe',
    hours: 'außerhalb der Zeiten',
  } satisfies Record<FourEyesReason, string>,
  note: 'Was der zweite Operator wissen sollte',
  noteHint: 'Er sieht, was Sie zur Verifizierung des Anrufers getan haben. Es wird aufgezeichnet.',
  ask: 'Um Genehmigung bitten',
  waiting:
    'Angefragt. Jemand anderes antwortet auf der Seite „Genehmigungen“, an einem eigenen Computer; diese Seite merkt es von selbst. Sie wartet bis',
  approved: 'Ein zweiter Operator hat genehmigt',
  approvedBy: 'Genehmigt von {{operator}}.',
  until: 'Gilt bis',
  declinedBy: '{{operator}} hat Nein gesagt.',
  expired: 'Niemand hat rechtzeitig geantwortet.',
  broken: 'Notfreigabe: ohne zweiten Operator freigegeben, mit einer Begründung.',
  break: {
    open: 'Notfreigabe…',
    title: 'Ohne zweiten Operator freigeben',
    lead: 'Nur, wenn niemand gefragt werden kann und es nicht warten kann. Es ist ein Vorfall: Er wird mit Ihrem Namen und dieser Begründung aufgezeichnet, und alle, die der Helpdesk dafür nennt, werden jetzt benachrichtigt.',
    reason: 'Warum es nicht warten kann',
    reasonShort: 'Geben Sie an, warum, mit mindestens zehn Buchstaben.',
    submit: 'Freigeben und alle Genannten benachrichtigen',
  },
  requests: {
    title: 'Ein zweiter Operator wird gebraucht',
    lead: 'Sehen Sie sich die Nachweise an, und fragen Sie nach, wenn etwas seltsam ist. Sie genehmigen mit Ihrer eigenen Operator-PIN, und es wird aufgezeichnet.',
    empty: 'Zurzeit bittet niemand um eine Genehmigung.',
    askedBy: 'Angefragt von {{operator}}',
    asker: 'Angefragt von',
    evidence: 'Wie der Anrufer verifiziert wurde',
    noEvidence: 'Noch gar nicht: Es gibt nichts zu genehmigen.',
    own: 'Das haben Sie selbst angefragt: Jemand anderes antwortet.',
    approve: 'Genehmigen…',
    decline: 'Nein',
    states: { asked: 'offen', approved: 'genehmigt', declined: 'abgelehnt', expired: 'nicht rechtzeitig beantwortet' },
  },
} as const satisfies Words<typeof english>
