import type { VirtualCardKind } from '@unlatch/virtual-cards'

/** The people of the demo and their cards. */
export interface DemoPerson {
  readonly name: string
  readonly userName: string
  readonly department: string
  readonly email: string
  /** A mailbox of their own; absent where none is known. */
  readonly secondEmail?: string
  readonly phone: string
  readonly manager: string
  readonly cards: readonly DemoCard[]
}

export interface DemoCard {
  readonly kind: VirtualCardKind
  readonly label: string
  readonly printedSerial: string
  /** The story begins with this card blocked. */
  readonly isBlocked: boolean
}

export const CAST: readonly DemoPerson[] = [
  {
    name: 'Anna Lindqvist',
    userName: 'anna.lindqvist',
    department: 'Accounts',
    email: 'anna.lindqvist@example.org',
    secondEmail: 'anna@lindqvist.example',
    phone: '+46 8 555 0101',
    manager: 'Maya Bergström',
    cards: [{ kind: 'yubikey', label: 'Security key', printedSerial: 'YK-20417733', isBlocked: true }],
  },
  {
    name: 'Ben Okafor',
    userName: 'ben.okafor',
    department: 'Field service',
    email: 'ben.okafor@example.org',
    secondEmail: 'ben@okafor.example',
    phone: '+46 8 555 0102',
    manager: 'Maya Bergström',
    cards: [
      { kind: 'gids', label: 'Windows logon card', printedSerial: 'WL-00031842', isBlocked: true },
      { kind: 'piv-lenient', label: 'Building and VPN card', printedSerial: 'PV-00059210', isBlocked: false },
    ],
  },
  {
    name: 'Chloé Martin',
    userName: 'chloe.martin',
    department: 'Legal',
    email: 'chloe.martin@example.org',
    phone: '+46 8 555 0103',
    manager: 'Oskar Nyman',
    cards: [{ kind: 'piv-strict', label: 'PIV card', printedSerial: 'PV-00060077', isBlocked: false }],
  },
  {
    name: 'David Novák',
    userName: 'david.novak',
    department: 'Laboratory',
    email: 'david.novak@example.org',
    phone: '+46 8 555 0104',
    manager: 'Oskar Nyman',
    cards: [{ kind: 'gids', label: 'Windows logon card', printedSerial: 'WL-00031901', isBlocked: false }],
  },
]

/** One who helps herself: her card's template allows it, with a code of the sheet that the help desk printed for her. */
export const ALONE: DemoPerson = {
  name: 'Eva Berg',
  userName: 'eva.berg',
  department: 'Night shift',
  email: 'eva.berg@example.org',
  phone: '+46 8 555 0105',
  manager: 'Oskar Nyman',
  cards: [{ kind: 'yubikey-3des', label: 'Older security key', printedSerial: 'YK-09114406', isBlocked: true }],
}

/** The demo's operator. She signs in with a password alone, which is refused outside the demo. */
export const OPERATOR = { name: 'Olivia Operator', userName: 'olivia', password: 'open-sesame-demo' }

/** Her operator card, at a computer of her own. Its PIN is her Operator PIN. */
export const OPERATOR_CARD = {
  kind: 'piv-strict',
  label: 'Staff card',
  printedSerial: 'ST-00000417',
  pin: '274905',
  agent: 'Olivia’s laptop',
  reader: 'Laptop reader',
} as const

/** Her colleague has no operator card: in the demo the password stands in for one. */
export const COLLEAGUE = { name: 'Otto Operator', userName: 'otto', password: OPERATOR.password }

/** The manager of two of them: she says on the page Approvals whether it is they who ask for help. */
export const MANAGER = { name: 'Maya Bergström', userName: 'maya', password: OPERATOR.password }

/** The PIN that all virtual cards leave the factory with. */
export const FACTORY_PIN = '123456'

/** Cards fresh from their factories, for Register and Issue. */
export type FactoryCard = Pick<DemoCard, 'kind' | 'label' | 'printedSerial'>

export const FACTORY_CARDS: readonly FactoryCard[] = [
  { kind: 'yubikey', label: 'New security key', printedSerial: 'YK-NEW-1' },
  { kind: 'piv-strict', label: 'New PIV card', printedSerial: 'PIV-NEW-1' },
  { kind: 'gids', label: 'New Windows card', printedSerial: 'GIDS-NEW-1' },
]
