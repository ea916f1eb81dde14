/** What an actor may do; each operation and view names one. */
export const PERMISSIONS = {
  'person:write': 'Add, change and remove people, import them, search the directory',
  'person:export': 'Take the list of people out as a file',
  'operator:read': 'See operators, their roles and their sessions',
  'operator:write': 'Add operators, give them roles and set-up codes, disable them',
  'role:write': 'Add, change and delete roles',
  'session:revoke': 'End the sessions of other operators',
  'person:read': 'Search people and see their cards',
  'unblock:release': 'Release cryptograms and record their outcome',
  'unblock:approve': 'Approve, as a second operator, what another one releases',
  'unblock:break-glass': 'Release without the second operator, with a reason; everybody named is told',
  'threat:set': 'Raise and lower the threat level',
  'evidence:read': 'Take out the evidence sheet of an unblock',
  'desk:read': 'See limits, threat level and by what messages leave',
  'desk:write': 'Change limits, and by what messages leave',
  'desk:watch': 'See the help desk in numbers',
  'verification:confirm': 'Say, as a manager, whether somebody is who he says to be',
  'unblock:supervise': "Release where only a card's last tries are left",
  'incident:read': 'See incidents, and what an operator did around one',
  'incident:handle': 'Close incidents, and lift the suspension that came with one',
  'card:register': 'Register cards, and have them issued at a station',
  'card:move':
    'Suspend, resume, revoke, retire and replace cards, return them to stock, move them to a newer version of their template',
  'template:read': 'See card templates',
  'template:write': 'Add, change, lock and copy card templates',
  'connection:read': 'See connections and what they deliver',
  'connection:write': 'Add, change, test and remove connections',
  'agent:read': 'See agents, and what is in their readers',
  'agent:write': 'Add, change and revoke agents',
  'puc:read': "Read a card's PUC, with a reason",
  'puc:deliver': "Send a card's PUC again",
  'card:rotate': "Rotate a card's PUK at a station",
  'restore:accept': 'Accept a restored database',
  'server:start': 'Start the server',
  'delivery:carry-out': 'Deliver what waits',
  'card:contact': 'Contact the server with a card',
  'agent:report': 'Report what happened to a card',
} as const

export type Permission = keyof typeof PERMISSIONS

/** What agents alone may do, by their kind: no role gives it. A station also has `card:register`, as operators may. */
export const AGENT_PERMISSIONS: readonly Permission[] = ['card:rotate', 'card:contact', 'agent:report']

/** What the server does by itself. */
const SERVER_PERMISSIONS: readonly Permission[] = ['server:start', 'delivery:carry-out']

/** What a role can give. */
export const ROLE_PERMISSIONS: readonly Permission[] = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => ![...AGENT_PERMISSIONS, ...SERVER_PERMISSIONS].includes(permission),
)

/** True for a permission that a role can give. */
export const isRolePermission = (name: string): name is Permission =>
  (ROLE_PERMISSIONS as readonly string[]).includes(name)
