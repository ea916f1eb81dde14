import { randomBytes, randomUUID } from 'node:crypto'
import { writeSymbols } from '@unlatch/card/unblock'
import { readTypedCode } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import type { KeyService } from '../../ports/key-service.ts'
import type { Card } from '../cards/cards.ts'
import { drawCode } from '../verifications/codes.ts'

/**
 * Codes with which a holder shows that the organisation knows him: once each, bound to person, card and procedure. A code of six
 * digits is guessed in half a second where a bare hash of it is stored: a MAC under a key of the key service is.
 *
 * @see [security.md, Self-service]
 */
export type UnblockCode = Tables['unblock_codes']

/** So long a code that was said is good. */
const SPOKEN_MS = 60 * 60_000
/** Wrong tries after which the codes that were said are void. */
const WRONG_TRIES = 5
/** Codes on a sheet, and random octets of each: 13 symbols. */
const SHEET_CODES = 10
const SHEET_OCTETS = 8

/** Fresh codes, and until when they are good. */
export function drawUnblockCodes(kind: 'spoken' | 'sheet', now: Date): { codes: string[]; expiresAt: string | null } {
  if (kind === 'spoken') return { codes: [drawCode()], expiresAt: new Date(now.getTime() + SPOKEN_MS).toISOString() }
  return { codes: Array.from({ length: SHEET_CODES }, () => writeSymbols(randomBytes(SHEET_OCTETS))), expiresAt: null }
}

const macOf = async (keys: KeyService, card: Card, code: string): Promise<string> => {
  const context = `unblock-code/self-service/${card.card_uuid}/${card.person_id}`
  return Buffer.from(await keys.macCode(context, readTypedCode(code))).toString('hex')
}

/** Keeps codes of a card's holder; those of the same kind that he had before are void. */
export async function insertUnblockCodes(
  tx: Tx,
  keys: KeyService,
  wish: {
    card: Card
    kind: 'spoken' | 'sheet'
    codes: readonly string[]
    expiresAt: string | null
    operatorId: string
  },
  now: Date,
): Promise<void> {
  const { card, kind, codes, expiresAt, operatorId } = wish
  const at = now.toISOString()
  await voidCodes(tx, card.id, kind, at)
  const rows: UnblockCode[] = []
  for (const code of codes) {
    rows.push({
      id: randomUUID(),
      code_mac: await macOf(keys, card, code),
      card_id: card.id,
      person_id: card.person_id,
      kind,
      operator_id: operatorId,
      created_at: at,
      expires_at: expiresAt,
      wrong_tries: 0,
      used_at: null,
      voided_at: null,
    })
  }
  await tx.insertInto('unblock_codes').values(rows).execute()
}

async function voidCodes(tx: Tx, cardId: string, kind: string, at: string): Promise<void> {
  await tx
    .updateTable('unblock_codes')
    .set({ voided_at: at })
    .where('card_id', '=', cardId)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
    .execute()
}

/** Codes of a card's holder that are good now. */
export async function listOpenCodes(db: Db | Tx, card: Card, now: Date): Promise<UnblockCode[]> {
  return db
    .selectFrom('unblock_codes')
    .selectAll()
    .where('card_id', '=', card.id)
    .where('person_id', '=', card.person_id)
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now.toISOString())]))
    .execute()
}

/** Uses a code up, while the card is held: once. Undefined for one that is not good. */
export async function spendUnblockCode(
  tx: Tx,
  keys: KeyService,
  { card, typed, now }: { card: Card; typed: string; now: Date },
): Promise<UnblockCode | undefined> {
  const mac = await macOf(keys, card, typed)
  const found = (await listOpenCodes(tx, card, now)).find(({ code_mac }) => code_mac === mac)
  if (!found) return undefined
  await tx.updateTable('unblock_codes').set({ used_at: now.toISOString() }).where('id', '=', found.id).execute()
  return found
}

/** Somebody typed a code that is none: a code that was said is void after five of these. */
export async function noteWrongCode(tx: Tx, cardId: string, now: Date): Promise<void> {
  const open = tx
    .updateTable('unblock_codes')
    .where('card_id', '=', cardId)
    .where('kind', '=', 'spoken')
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
  await open.set((e) => ({ wrong_tries: e('wrong_tries', '+', 1) })).execute()
  await open.set({ voided_at: now.toISOString() }).where('wrong_tries', '>=', WRONG_TRIES).execute()
}

/** After a restore nobody knows which were used: none is good. */
export async function voidAllCodes(tx: Tx, now: Date): Promise<void> {
  await tx
    .updateTable('unblock_codes')
    .set({ voided_at: now.toISOString() })
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
    .execute()
}
