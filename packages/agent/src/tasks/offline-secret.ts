import { type Octets, readHex } from '@unlatch/card'
import { CardError, type Channel } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { agree, decipher, encodePkcs1, SIGNED_TEXT } from '@unlatch/card/piv'
import { type AttemptKeys, deriveAttemptKeys, type Variant } from '@unlatch/card/unblock'
import { Problem } from '@unlatch/contract'

/**
 * `Z` of this card: computed by its key 9E, without a PIN, touching no counter.
 *
 * @param unblockPointHex - the server's unblock key, 65 bytes.
 * @throws CardError when the card refuses for another reason than having no such key.
 */
export async function computeSecret(channel: Channel, variant: Variant, unblockPointHex: string): Promise<Octets> {
  if (variant === 1) return agree(channel, readHex(unblockPointHex))
  return nodeCrypto.sha256(await decipher(channel, encodePkcs1(nodeCrypto.sha256(SIGNED_TEXT))))
}

/**
 * The keys of one attempt, with the variant that this card can do: ECDH first, then RSA. Cards refuse the one that they do
 * not do in many ways (6A86, 6A80, 6985, 6982, 6F00…); neither touches a counter, so every refusal leads on.
 *
 * @throws Problem `card-not-supported` when 9E does neither: the card is *PUC only*; CardError `bad-response`.
 */
export async function agreeOnAttempt(
  channel: Channel,
  unblockPointHex: string,
  nonce: Uint8Array,
  cardUuid: Uint8Array,
): Promise<AttemptKeys> {
  for (const variant of [1, 2] as const) {
    try {
      const z = await computeSecret(channel, variant, unblockPointHex)
      return deriveAttemptKeys(nodeCrypto, z, nonce, variant, cardUuid)
    } catch (error) {
      if (!(error instanceof CardError) || error.code === 'bad-response') throw error
    }
  }
  throw new Problem('card-not-supported', { detail: 'key 9E does neither ECDH nor RSA without a PIN' })
}
