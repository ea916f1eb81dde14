import { readHex, writeHex } from '@unlatch/card'
import { CardError } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { select } from '@unlatch/card/piv'
import { type AttemptKeys, deriveAttemptKeys, writeRehearsal } from '@unlatch/card/unblock'
import { Problem, type Rehearsal } from '@unlatch/contract'
import { agreeOnAttempt, computeSecret } from './offline-secret.ts'
import type { CardConnection, Configuration } from './ports.ts'

/**
 * Proves twice, across a reset and without a PIN, that key 9E agrees. Touches no counter.
 *
 * @returns both proofs in hexadecimal; none when the card does not do it.
 * @throws Problem `configuration-missing`; ReaderError.
 * @see [piv-unblock/v1, Slot 9E, and the rehearsal]
 */
export async function rehearse(
  connection: CardConnection,
  rehearsal: Rehearsal,
  { unblockKeys: [unblockKey] }: Configuration,
): Promise<string[]> {
  if (!unblockKey) throw new Problem('configuration-missing')
  const proofs: string[] = []
  try {
    for (let time = 0; time < 2; time++) {
      await connection.reset()
      await select(connection)
      proofs.push(writeHex(writeRehearsal(nodeCrypto, await attemptKeys(connection, rehearsal, unblockKey))))
    }
    return proofs
  } catch (error) {
    if (error instanceof CardError || (error instanceof Problem && error.code === 'card-not-supported')) return []
    throw error
  }
}

async function attemptKeys(
  connection: CardConnection,
  { cardUuid, nonce, variant }: Rehearsal,
  unblockKey: string,
): Promise<AttemptKeys> {
  const uuid = readHex(cardUuid)
  if (variant === null) return agreeOnAttempt(connection, unblockKey, readHex(nonce), uuid)
  const z = await computeSecret(connection, variant, unblockKey)
  return deriveAttemptKeys(nodeCrypto, z, readHex(nonce), variant, uuid)
}
