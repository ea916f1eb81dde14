import { INVITATION_SYMBOLS, PROOF_CODE_DIGITS, readTypedCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { type Card, getCard } from '../cards/cards.ts'
import { findWayOfCode, type SelfServiceWayRow } from '../self-service/ways.ts'
import { ANSWER_MS } from '../verifications/tickets.ts'
import { findVerification, findWayByCode, type Verification, type WayRow } from '../verifications/verifications.ts'
import { findInvitation, type Invitation } from './person-passkeys.ts'

/**
 * What a typed code is for: a call in which somebody proves who he is, the same beside his own card without a call, or an
 * invitation to add a passkey.
 */
export type Proof =
  | { readonly kind: 'prove'; readonly way: WayRow; readonly verification: Verification; readonly card: Card }
  | { readonly kind: 'self'; readonly way: SelfServiceWayRow; readonly card: Card }
  | { readonly kind: 'add'; readonly invitation: Invitation }

/** What is kept of a code; its length tells what it is for. */
export async function macOfProof(keys: KeyService, typed: string): Promise<string> {
  const symbols = readTypedCode(typed)
  const what = symbols.length === INVITATION_SYMBOLS ? 'invitation' : 'proof'
  return Buffer.from(await keys.macCode(`person-passkey/${what}`, symbols)).toString('hex')
}

/** What a code is for now; undefined where it is none, or none any more. */
export async function findProof(db: Db | Tx, keys: KeyService, typed: string, now: Date): Promise<Proof | undefined> {
  const symbols = readTypedCode(typed)
  const codeMac = await macOfProof(keys, symbols)
  if (symbols.length === INVITATION_SYMBOLS) {
    const invitation = await findInvitation(db, codeMac, now)
    return invitation && { kind: 'add', invitation }
  }
  if (symbols.length !== PROOF_CODE_DIGITS) return undefined
  const way = await findWayByCode(db, codeMac)
  const isOpen = way?.state === 'asked' && Date.parse(way.asked_at) + ANSWER_MS > now.getTime()
  const verification = isOpen ? await findVerification(db, way.verification_id) : undefined
  if (!way) return findOwnProof(db, codeMac, now)
  if (!verification || verification.ended_at !== null) return undefined
  return { kind: 'prove', way, verification, card: await getCard(db, verification.card_id) }
}

/** That of a holder who unblocks his card himself. */
async function findOwnProof(db: Db | Tx, codeMac: string, now: Date): Promise<Proof | undefined> {
  const way = await findWayOfCode(db, codeMac)
  const isOpen = way?.state === 'asked' && Date.parse(way.asked_at) + ANSWER_MS > now.getTime()
  return isOpen ? { kind: 'self', way, card: await getCard(db, way.card_id) } : undefined
}

/** For whom a challenge is drawn: the code that it was asked with. */
export const holderOf = (codeMac: string): string => `proof:${codeMac}`
