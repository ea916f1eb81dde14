import { BLOCK_LENGTH, type BlockCipher, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { CodeError, isNativeChallengeOf, readNativeChallenge, readNonce } from '@unlatch/card/unblock'
import { type ChallengeForm, findForm, findStrangeSymbol, type ProblemCode, readTypedCode } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import { type AdminKeyRecord, findAdminKeyRecord } from '../../records/admin-key-records/admin-key-records.ts'
import { type Card, findStateObstacle, listOtherCards, sealedCardOf } from '../../records/cards/cards.ts'
import { findPukRecord, type StoredPukRecord } from '../../records/puk-records/puk-records.ts'
import { countMisses, findRelease, type Release, type UnblockRow } from '../../records/unblocks/unblocks.ts'
import { MISSES_PER_CARD_AND_HOUR, MISSES_PER_UNBLOCK } from './limits.ts'

/** A challenge of this card, ready to be answered. */
export interface GoodChallenge {
  readonly code: 'match'
  readonly form: ChallengeForm
  /** As it stands in records: symbols without separators. */
  readonly challenge: string
  /** Nonce or block in hexadecimal: claimed once for ever. */
  readonly challengeKey: string
  readonly unblockKeyId: string
  readonly adminKey: AdminKeyRecord | undefined
  readonly puk: StoredPukRecord | undefined
  /** A release of the same challenge, if there was one. */
  readonly answered: Release | undefined
}

/** A challenge that is not answered, and why. `isMiss` counts against the limits. */
export interface BadChallenge {
  readonly code: ProblemCode
  readonly form: ChallengeForm | null
  readonly isMiss: boolean
  readonly otherCard: Card | null
}

const bad = (code: ProblemCode, form: ChallengeForm | null, rest: Partial<BadChallenge> = {}): BadChallenge => {
  return { code, form, isMiss: false, otherCard: null, ...rest }
}

/**
 * Looks at a challenge before anything is released: the card's state, the form, the check symbols that only this card behind
 * one of our unblock keys can make, the person's other cards. Changes nothing.
 */
export async function judgeChallenge(
  context: { tx: Tx; keys: KeyService; now: Date; allowsBareForm: boolean },
  unblock: UnblockRow,
  card: Card,
  typed: string,
): Promise<GoodChallenge | BadChallenge> {
  const { tx, keys, now } = context
  const obstacle = findStateObstacle(card.state)
  if (obstacle) return bad(obstacle, null)
  const challenge = readTypedCode(typed)
  const form = findStrangeSymbol(challenge) === undefined ? findForm(challenge) : undefined
  if (!form) return bad('challenge-malformed', null)

  const adminKey = await findAdminKeyRecord(tx, card.id)
  if (form === 'bare' && !adminKey) return bad('challenge-wrong-screen', form)
  if (form === 'bare' && !context.allowsBareForm) return bad('bare-form-not-allowed', form)

  const misses = await countMisses(tx, unblock, new Date(now.getTime() - 3_600_000))
  if (misses.inUnblock >= MISSES_PER_UNBLOCK || misses.ofCard >= MISSES_PER_CARD_AND_HOUR) {
    return bad('too-many-misses', form)
  }

  const match = await findMatch(keys, card, adminKey, challenge, form)
  if (!match) {
    const otherCard = await findCardOfChallenge(tx, keys, card, challenge, form)
    return bad(otherCard ? 'challenge-other-card' : 'challenge-misheard', form, { isMiss: true, otherCard })
  }
  const answered = await findRelease(tx, card.id, match.challengeKey)
  const puk = adminKey ? undefined : await findPukRecord(tx, card.id)
  return { code: 'match', form, challenge, adminKey, puk, answered, ...match }
}

/** What a challenge claims on this card; undefined when it is not of this card. */
async function findMatch(
  keys: KeyService,
  card: Card,
  adminKey: AdminKeyRecord | undefined,
  challenge: string,
  form: ChallengeForm,
): Promise<{ challengeKey: string; unblockKeyId: string } | undefined> {
  try {
    if (form === 'masked') {
      const sealed = sealedCardOf(card)
      const match = sealed && (await keys.checkChallenge(sealed, challenge))
      return match && { challengeKey: writeHex(readNonce(challenge)), unblockKeyId: match.unblockKeyId }
    }
    if (!adminKey) return undefined
    const block = form === 'bare' ? readHex(challenge) : readNativeChallenge(challenge)
    if (block.length !== BLOCK_LENGTH[adminKey.cipher as BlockCipher]) return undefined
    const isOurs = form === 'bare' || isNativeChallengeOf(nodeCrypto, challenge, readHex(card.card_uuid))
    return isOurs ? { challengeKey: writeHex(block), unblockKeyId: 'native' } : undefined
  } catch (error) {
    if (error instanceof CodeError) return undefined
    throw error
  }
}

/** Which other card of the same person made this challenge. Bare hexadecimal names no card. */
async function findCardOfChallenge(
  tx: Tx,
  keys: KeyService,
  card: Card,
  challenge: string,
  form: ChallengeForm,
): Promise<Card | null> {
  if (form === 'bare') return null
  for (const other of await listOtherCards(tx, card)) {
    if (await findMatch(keys, other, await findAdminKeyRecord(tx, other.id), challenge, form)) return other
  }
  return null
}
