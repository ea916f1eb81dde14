/** What `unlatch agent doctor` looks at, what it finds, and what to do then. */
export const doctor = {
  levels: { ok: 'ok', warning: 'warning', failed: 'failed' },
  remedy: 'do: {{remedy}}',
  checks: {
    pcsc: 'PC/SC service',
    readers: 'Readers',
    cards: 'Cards',
    server: 'Server',
    enrolment: 'Enrolment',
    clock: 'Clock',
    'apdu-log': 'APDU log',
    'core-dumps': 'Core dumps',
    'unblock-screen': 'Unblock screen of Windows',
  },
  findings: {
    'pcsc-runs': { says: 'it answers' },
    'pcsc-absent': {
      says: 'it does not answer',
      remedy:
        'Linux: install pcscd and start it (systemctl enable --now pcscd.socket). Windows: start the service Smart Card.',
    },
    'readers-there': { says: '{{names}}' },
    'readers-none': {
      says: 'there is none',
      remedy: 'plug one in; on Linux its driver must be installed too (libccid fits most)',
    },
    'card-free': { says: 'a card in {{reader}}, and it can be reached' },
    'card-none': { says: 'there is none in any reader', remedy: 'put one in, to try it' },
    'card-in-use': {
      says: 'another program has the card in {{reader}} open',
      remedy: 'close what uses it (a browser, a signing program, an unblock that is under way), then look again',
    },
    'card-silent': {
      says: 'the card in {{reader}} does not answer',
      remedy: 'clean its contacts, put it in the right way round, try another reader',
    },
    'server-trusted': { says: '{{url}} answers, with a certificate that is trusted' },
    'server-unsaid': { says: 'this computer does not know which it is', remedy: 'enrol it: unlatch agent enrol' },
    'server-unreachable': {
      says: '{{url}} does not answer ({{why}})',
      remedy: 'check the address, the network, a proxy in between, and that the server runs',
    },
    'server-untrusted': {
      says: 'the certificate of {{url}} is not trusted ({{why}})',
      remedy:
        'give the right authority with --ca; if it was right before, somebody may stand in between: ask an administrator',
    },
    'enrolled-station': { says: 'station {{name}}' },
    'enrolled-holder': { says: "holder's agent {{name}}" },
    'enrolled-not': {
      says: 'the server does not know this computer, or has revoked it',
      remedy: 'have it added (Options > Agents), then: unlatch agent enrol',
    },
    'agent-old': { says: 'the server no longer understands this agent', remedy: 'install the current agent here' },
    'server-old': { says: 'the server is older than this agent', remedy: 'update the server' },
    'enrolled-unknown': { says: 'the server could not say ({{why}})', remedy: 'look again later, or into its log' },
    'clock-right': { says: 'it differs from the server’s by {{seconds}} seconds' },
    'clock-off': {
      says: 'it differs from the server’s by {{seconds}} seconds',
      remedy: 'have it set by a time server; from 300 seconds on nothing works',
    },
    'clock-wrong': {
      says: 'it differs from the server’s by {{seconds}} seconds: the server refuses this computer',
      remedy: 'set it, and have it set by a time server',
    },
    'apdu-log-off': { says: 'nothing was found that records what cards are sent' },
    'apdu-log-on': {
      says: 'what cards are sent is recorded, PINs among it: {{where}}',
      remedy: 'switch it off, restart pcscd, and destroy what it wrote',
    },
    'core-dumps-off': { says: 'a crash writes nothing of the memory' },
    'core-dumps-on': {
      says: 'a crash writes the memory to a disk, PINs among it (limit {{limit}}, {{pattern}})',
      remedy: 'run the agent by its systemd unit (LimitCORE=0), or say ulimit -c 0 before it starts',
    },
    'unblock-screen-on': { says: 'the policy allows it' },
    'unblock-screen-off': {
      says: 'the policy does not allow it',
      remedy: 'group policy Smart Card > Allow Integrated Unblock screen to be displayed at the time of logon',
    },
  },
} as const
