import {
  type AddressView,
  DEFAULT_DEMAND,
  ROOT_OF_WAY,
  type VerificationView,
  type VerificationWay,
  type WayView,
} from '@unlatch/contract'
import type { Reply } from './page-host.ts'

/** What the pretended server knows of the caller; it follows what the operator does. */

const address = (kind: AddressView['kind'], text: string, root: AddressView['root']): AddressView => ({
  kind,
  address: text,
  root,
  obstacle: null,
  changed: null,
})

export function calmVerification(): VerificationView {
  return {
    cardId: 'card-1',
    demand: DEFAULT_DEMAND,
    offers: DEFAULT_DEMAND.ways.map((way) => ({ way, obstacle: null })),
    addresses: [
      address('email', 'ada.lindqvist@clinic.example', 'domain'),
      address('secondEmail', 'ada@home.example', 'mailbox'),
      address('phone', '+49 30 5550 142', 'phone'),
    ],
    managerName: 'Tomas Brandt',
    isElsewhere: false,
    admitsUnblockCodes: false,
    fourEyes: { reasons: [], isForRelease: false, approval: null },
    open: null,
  }
}

export function respondAboutVerification(
  view: VerificationView,
  method: string,
  path: string,
  body: unknown,
): Reply | undefined {
  if (method === 'GET' && /^\/api\/cards\/[^/]+\/verification$/.test(path)) return { json: view }
  if (path === '/api/verifications') {
    view.open ??= { id: 'verification-1', ways: [], isMet: false, expiresAt: null, usesLeft: 3 }
    return { json: { id: 'verification-1' }, status: 201 }
  }
  if (!path.startsWith('/api/verifications/') || !view.open) return undefined
  const { open } = view
  const { way } = body as { way: VerificationWay }
  if (path.endsWith('/ways') || path.endsWith('/sightings')) {
    const isSighting = path.endsWith('/sightings')
    open.ways.push(tried(way, isSighting ? 'met' : 'asked', `way-${open.ways.length + 1}`))
    if (isSighting) meet(view)
    return { json: { id: `way-${open.ways.length}`, readOut: way === 'passkey' ? '4271 9034' : null }, status: 201 }
  }
  const asked = open.ways.findLast(({ state }) => state === 'asked')
  if (asked) Object.assign(asked, { state: 'met', metAt: new Date().toISOString() })
  meet(view)
  return { json: {} }
}

/** Counts ways as roots. */
function meet(view: VerificationView): void {
  if (!view.open) return
  const roots = new Set(view.open.ways.filter(({ state }) => state === 'met').map(({ root }) => root))
  if (roots.size < view.demand.count) return
  view.open.isMet = true
  view.open.expiresAt = new Date(Date.now() + 15 * 60_000).toISOString()
}

/** A way that was tried. */
export function tried(way: VerificationWay, state: WayView['state'], id = 'way-1'): WayView {
  const isSent = way === 'call-back' || way === 'address-code' || way === 'manager'
  return {
    id,
    way,
    root: way === 'address-code' ? 'mailbox' : ROOT_OF_WAY[way],
    state,
    askedAt: new Date().toISOString(),
    metAt: state === 'met' ? new Date().toISOString() : null,
    sentTo: isSent ? 'ada@home.example' : null,
    triesLeft: way === 'call-back' || way === 'address-code' ? 5 : null,
  }
}
