/** Alarms by mail, to those whom the desk names. */
export const alerts = {
  'glass-broken': {
    subject: 'The glass was broken: {{person}}',
    text: `{{operator}} released alone what needs a second operator, for {{person}}, card "{{card}}", at {{at}}.

The reason that was given:

    {{reason}}

Look into it today.`,
  },
  'threat-raised': {
    subject: 'The threat level was raised',
    text: `{{operator}} raised the threat level at {{at}}. Until it is lowered every release needs two ways of verification that rest on different things, and a second operator; self-service is closed.

The reason that was given:

    {{reason}}`,
  },
  'threat-lowered': {
    subject: 'The threat level was lowered',
    text: `{{operator}} lowered the threat level at {{at}}.

The reason that was given:

    {{reason}}`,
  },
} as const
