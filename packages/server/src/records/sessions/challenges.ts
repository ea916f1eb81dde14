import { randomBytes } from 'node:crypto'
import type { Database, Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'

/** Challenges for passkeys: good once, for two minutes, and for whoever they were given to. */

const LIFETIME_MS = 2 * 60_000

/** What a challenge is answered for. */
export type ChallengePurpose = 'sign-in' | 'add' | 'set-up' | 'prove'

export type PasskeyChallenge = Tables['passkey_challenges']

/** Draws a challenge for a holder: the hash of a pre-session, a session or a set-up code. */
export async function giveChallenge(
  target: Database | Tx,
  wish: { holder: string; purpose: ChallengePurpose; operatorId: string | null; now: Date },
): Promise<string> {
  const row: PasskeyChallenge = {
    challenge: randomBytes(32).toString('base64url'),
    holder: wish.holder,
    purpose: wish.purpose,
    operator_id: wish.operatorId,
    expires_at: new Date(wish.now.getTime() + LIFETIME_MS).toISOString(),
  }
  const write = async (tx: Tx) => {
    await tx.deleteFrom('passkey_challenges').where('expires_at', '<', wish.now.toISOString()).execute()
    await tx.insertInto('passkey_challenges').values(row).execute()
  }
  await ('reads' in target ? target.transaction(write) : write(target))
  return row.challenge
}

/** The challenge as it was given, when this holder may still answer it. */
export async function findChallenge(
  db: Db | Tx,
  challenge: string,
  wish: { holder: string; purpose: ChallengePurpose; now: Date },
): Promise<PasskeyChallenge | undefined> {
  return db
    .selectFrom('passkey_challenges')
    .selectAll()
    .where('challenge', '=', challenge)
    .where('holder', '=', wish.holder)
    .where('purpose', '=', wish.purpose)
    .where('expires_at', '>', wish.now.toISOString())
    .executeTakeFirst()
}

/** Takes a challenge out of the world. False when somebody was faster. */
export async function spendChallenge(tx: Tx, challenge: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('passkey_challenges')
    .where('challenge', '=', challenge)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
