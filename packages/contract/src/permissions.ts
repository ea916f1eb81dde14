/** What an actor may do; each operation and view names one. */
export const PERMISSIONS = {
  'person:write': 'Add people',
  'operator:write': 'Add operators',
  'person:read': 'Search people and see their cards',
  'unblock:release': 'Release cryptograms and record their outcome',
  'unblock:supervise': "Release where only a card's last tries are left",
  'card:register': 'Register and issue cards at a station',
  'card:rotate': "Rotate a card's PUK at a station",
  'restore:accept': 'Accept a restored database',
  'card:contact': 'Contact the server with a card',
  'agent:report': 'Report what happened to a card',
} as const

export type Permission = keyof typeof PERMISSIONS
