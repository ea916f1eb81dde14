import { createHash, verify, X509Certificate } from 'node:crypto'
import { type SignedByCard, writeSignedOctets } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import type { Tables } from '../../db/tables.ts'
import { hashStatement } from '../operators/statement.ts'

/** A card that an operator signs with: the certificate of its key 9A. */
export type OperatorCard = Tables['operator_cards']

export async function findOperatorCard(db: Db | Tx, certificateSha256: string): Promise<OperatorCard | undefined> {
  return db
    .selectFrom('operator_cards')
    .selectAll()
    .where('certificate_sha256', '=', certificateSha256)
    .executeTakeFirst()
}

export async function listOperatorCards(db: Db | Tx, operatorId: string): Promise<OperatorCard[]> {
  return db
    .selectFrom('operator_cards')
    .selectAll()
    .where('operator_id', '=', operatorId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @throws as the database does when it is somebody's already (`isUniqueViolation`). */
export async function insertOperatorCard(tx: Tx, card: OperatorCard): Promise<void> {
  await tx.insertInto('operator_cards').values(card).execute()
}

/** False when it was removed since it was looked at. */
export async function useOperatorCard(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operator_cards')
    .set({ last_used_at: now.toISOString() })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteOperatorCards(tx: Tx, operatorId: string, id?: string): Promise<void> {
  let deletion = tx.deleteFrom('operator_cards').where('operator_id', '=', operatorId)
  if (id !== undefined) deletion = deletion.where('id', '=', id)
  await deletion.execute()
}

/** A certificate as it was sent; undefined when it is none, or of a key that we do not take: P-256 and RSA with 2048 bits. */
export function readCertificate(certificateHex: string): { x509: X509Certificate; sha256: string } | undefined {
  try {
    const octets = Buffer.from(certificateHex, 'hex')
    const x509 = new X509Certificate(octets)
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey
    const isP256 = type === 'ec' && details?.namedCurve === 'prime256v1'
    const isRsa = type === 'rsa' && details?.modulusLength === 2048
    if (!isP256 && !isRsa) return undefined
    // Of what was parsed: octets after it would be another hash for the same certificate.
    return { x509, sha256: createHash('sha256').update(x509.raw).digest('hex').toUpperCase() }
  } catch {
    return undefined
  }
}

/** True while a certificate is valid. */
export function isInTime(x509: X509Certificate, now: Date): boolean {
  return x509.validFromDate <= now && now <= x509.validToDate
}

/** True when the key of this certificate signed the statement. */
export function isSignedBy(x509: X509Certificate, statement: SignedByCard, signatureHex: string): boolean {
  try {
    const octets = writeSignedOctets(hashStatement(statement))
    return verify('sha256', octets, x509.publicKey, Buffer.from(signatureHex, 'hex'))
  } catch {
    return false
  }
}
