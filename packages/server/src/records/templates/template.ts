import {
  type CARD_KINDS,
  isSelfServicePossible,
  judgeStandard,
  rootsOf,
  type TemplateDocument,
  type TemplateFault,
} from '@unlatch/contract'
import { type Connection, routeOf } from '../connections/connections.ts'

/** What is wrong with a card template. Pure: rows are elsewhere. */

/** Least digits of a PIN that a card takes. [SP 800-73-5 pt 1, 2.4.3]; GIDS cards take what they were set up for. */
const LEAST_PIN = { piv: 6, gids: 4 } as const

/** By which application a kind of card is managed; a CAC is by none of ours. */
const FAMILY_OF_KIND = {
  yubikey: 'piv',
  'piv-applet': 'piv',
  piv: 'piv',
  gids: 'gids',
  cac: undefined,
  idprime: 'gids',
} as const satisfies Record<(typeof CARD_KINDS)[number], TemplateDocument['family'] | undefined>

/**
 * Why no card can be issued by a template now; empty when it can be.
 *
 * @param connection - the one that the template names, as it stands; undefined where there is none.
 */
export function findTemplateFaults(document: TemplateDocument, connection: Connection | undefined): TemplateFault[] {
  const { family, kinds, pin, puc, connectionId, allows, cardRoute, verification } = document
  const faults: TemplateFault[] = []
  if (family === 'gids' && puc !== 'none') faults.push('puc-on-gids')
  if (puc === 'delivered') {
    if (connectionId === null) faults.push('connection-missing')
    else if (!connection || connection.isRemoved) faults.push('connection-removed')
    // Nothing leaves by a directory.
    else if (routeOf(connection) === undefined) faults.push('connection-missing')
    else {
      if (connection.testedAt === null) faults.push('connection-untested')
      if (routeOf(connection) === cardRoute) faults.push('same-route')
    }
  }
  if (pin.minLength > pin.maxLength || pin.minLength < LEAST_PIN[family]) faults.push('pin-lengths')
  if (kinds.some((kind) => FAMILY_OF_KIND[kind] !== family)) faults.push('kind-of-other-family')
  const hasPuc = family === 'piv' && puc !== 'none'
  if (!hasPuc && !allows.operator && !allows.telephone && !allows.selfService) faults.push('no-way-to-unblock')
  if (rootsOf(verification.ways).size < verification.count) faults.push('verification-impossible')
  if (allows.selfService && !isSelfServicePossible(document.selfService)) faults.push('self-service-impossible')
  if (judgeStandard(document).some(({ isMet }) => !isMet)) faults.push('standard-unmet')
  return faults
}
