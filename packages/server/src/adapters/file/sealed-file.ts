import { CompactEncrypt, importJWK, type JWK } from 'jose'
import { type Carrier, DeliveryError, type Message, type OpenConnection } from '../../ports/delivery.ts'
import type { ExportFolder } from '../../ports/export-folder.ts'

/**
 * Files that only a printing house can read: one JWE each, to its public key, named after the delivery.
 *
 * @see [RFC 7516, 7.1]; [RFC 7518, 4.3 and 4.6]
 */
export const fileCarrier = (exports: ExportFolder): Carrier => ({
  async send({ details }: OpenConnection, message: Message) {
    if (details.kind !== 'file') throw new Error(`a file cannot be ${details.kind}`)
    const { folder, publicKey } = details.file
    const jwe = await seal(publicKey, message)
    await exports.write(folder, `${message.id}.jwe`, Buffer.from(jwe))
  },
})

async function seal(publicKey: string, { id, isTest, to, card, puc, organisation }: Message): Promise<string> {
  const content = { type: isTest ? 'puc.test' : 'puc.print', id, to, card, puc, organisation }
  try {
    const jwk = JSON.parse(publicKey) as JWK
    if (jwk.d !== undefined) throw new Error('this is a private key: the printing house keeps that to itself')
    const alg = jwk.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW'
    const header = { alg, enc: 'A256GCM', ...(jwk.kid !== undefined && { kid: jwk.kid }), cty: 'json' }
    const key = await importJWK(jwk, alg)
    return await new CompactEncrypt(Buffer.from(JSON.stringify(content))).setProtectedHeader(header).encrypt(key)
  } catch (cause) {
    throw new DeliveryError('delivery-refused', `the public key cannot be used: ${(cause as Error).message}`, {
      isFinal: true,
      cause,
    })
  }
}
