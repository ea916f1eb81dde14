import { randomUUID } from 'node:crypto'
import { AddOperatorCard, CardStatement } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { demandAuthority } from '../../records/operator-cards/demand-authority.ts'
import {
  insertOperatorCard,
  isInTime,
  isSignedBy,
  readCertificate,
} from '../../records/operator-cards/operator-cards.ts'
import { deleteSigning, findSigning } from '../../records/signings/signings.ts'
import { Fault, operation } from '../operation.ts'

/** An operator's card becomes his, once it signed for that. */
export const addOperatorCard = operation({
  name: 'account.add-operator-card',
  permission: 'signed-in',
  input: AddOperatorCard,
  subject: () => 'own-account',
  async prepare({ database, clock, cardAuthority }, { signingId }, actor) {
    const signing = await findSigning(database.reads, signingId)
    if (signing?.operator_id !== actor.id || !signing.certificate) return
    const read = readCertificate(signing.certificate)
    if (read && isInTime(read.x509, clock.now())) demandAuthority(cardAuthority, read.x509, clock.now())
  },
  async run({ tx, now }, { signingId, label }, actor) {
    const signing = await findSigning(tx, signingId)
    if (signing?.operator_id !== actor.id || signing.state !== 'signed') throw new Fault('not-found')
    const { certificate, signature } = signing
    const statement = CardStatement.safeParse(JSON.parse(signing.statement))
    const read = certificate === null ? undefined : readCertificate(certificate)
    const isRight =
      statement.success &&
      read !== undefined &&
      isSignedBy(read.x509, statement.data, signature ?? '') &&
      statement.data.operatorId === actor.id
    if (!isRight) throw new Fault('operator-card-refused')
    if (statement.data.notAfter <= now.toISOString()) throw new Fault('statement-expired')
    if (!isInTime(read.x509, now)) throw new Fault('operator-card-expired')
    if (!(await deleteSigning(tx, signingId))) throw new Fault('not-found')
    const row = { id: randomUUID(), operator_id: actor.id, certificate_sha256: read.sha256, label }
    const certificateHex = read.x509.raw.toString('hex').toUpperCase()
    try {
      await insertOperatorCard(tx, {
        ...row,
        certificate: certificateHex,
        created_at: now.toISOString(),
        last_used_at: null,
      })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('operator-card-exists', { cause: error })
      throw error
    }
    const event = { operatorId: actor.id, operatorCard: label, certificate: certificateHex }
    return { result: {}, event: { ...event, statement: signing.statement, signature } }
  },
})
