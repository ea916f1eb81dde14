import type { alerts as english } from '../en/alerts.ts'
import type { Words } from '../words.ts'

/** Alarms by mail, to those whom the desk names. */
export const alerts = {
  'glass-broken': {
    subject: 'Notfreigabe ohne zweiten Operator: {{person}}',
    text: `{{operator}} hat allein freigegeben, wofür ein zweiter Operator nötig ist: für {{person}}, Karte "{{card}}", {{at}}.

Die angegebene Begründung:

    {{reason}}

Bitte gehen Sie dem noch heute nach.`,
  },
  'threat-raised': {
    subject: 'Die Bedrohungsstufe wurde erhöht',
    text: `{{operator}} hat die Bedrohungsstufe erhöht, {{at}}. Bis sie gesenkt wird, braucht jede Freigabe zwei Nachweise, die auf Verschiedenem beruhen, und einen zweiten Operator; die Selbstbedienung ist geschlossen.

Die angegebene Begründung:

    {{reason}}`,
  },
  'threat-lowered': {
    subject: 'Die Bedrohungsstufe wurde gesenkt',
    text: `{{operator}} hat die Bedrohungsstufe gesenkt, {{at}}.

Die angegebene Begründung:

    {{reason}}`,
  },
} as const satisfies Words<typeof english>
