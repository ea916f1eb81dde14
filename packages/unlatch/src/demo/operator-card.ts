import 'reflect-metadata'
import { PublicKey, X509CertificateGenerator } from '@peculiar/x509'
import { SignDesk } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import type { OperatorSignature, ScreenState, Signing, StatementToSign } from '@unlatch/contract'
import { giveAuthenticationKey, personalisePiv, type VirtualCard } from '@unlatch/virtual-cards'
import { poll } from './attended.ts'
import { OPERATOR_CARD } from './cast.ts'
import type { OperatorClient, SigningPlace } from './operator-client.ts'
import type { Stage } from './stage.ts'

/** Olivia's operator card: made, registered as hers by the product's own way, and what signs for the script. */

const DAY_MS = 86_400_000
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** What an organisation's card office does: a PIN of her own, and a certificate for the key of logons. */
export async function makeOperatorCard(card: VirtualCard): Promise<void> {
  personalisePiv(card, { cardUuid: nodeCrypto.random(16), pin: OPERATOR_CARD.pin })
  await giveAuthenticationKey(card, 'p256', certify)
}

/** A certificate, DER, for a public key (SubjectPublicKeyInfo), for a year. */
async function certify(publicKey: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const authority = await crypto.subtle.generateKey(EC, false, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Olivia Operator',
    issuer: 'CN=Example Organisation',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 365 * DAY_MS),
    signingAlgorithm: EC,
    publicKey: new PublicKey(publicKey),
    signingKey: authority.privateKey,
  })
  return new Uint8Array(certificate.rawData)
}

/** Where she signs, at her own computer: her card is in its reader. */
export interface OperatorDesk {
  /** She types these PINs until one is right; each refusal is told. */
  sign(about: { unblockId: string; toSign: StatementToSign }, ...pins: string[]): Promise<OperatorSignature>
  /** Tells a wrong PIN: its problem, and the tries that are left. */
  onRefused: (problem: string, triesLeft: number | null) => void
  close(): void
}

/** Puts her card into the reader of her computer, and has it become her operator card: she types her password and its PIN. */
export async function openOperatorDesk(
  { operator: { agent, reader } }: Stage,
  client: OperatorClient,
  card: VirtualCard,
): Promise<OperatorDesk> {
  const desk = new SignDesk(agent.readers, () => {})
  const channel = agent.openChannel({ sign: (job, news) => desk.sign(job, news, async () => {}) })
  reader.insert(card)
  const place = await untilInserted(client, reader.name)

  async function untilSigned(signingId: string, pins: readonly string[]): Promise<Signing> {
    for (const pin of pins) {
      const { signId } = await poll('what is to be signed', async () => desk.write() ?? undefined)
      await desk.enterPin(signId, ascii(pin), false).catch((error: Error) => {
        const shown: ScreenState['sign'] = desk.write()
        if (shown === null || shown.problem === null) throw error
        opened.onRefused(shown.problem, shown.triesLeft)
      })
    }
    return poll('a signature', async () => {
      const signing = await client.signing(signingId)
      return signing.state === 'asked' ? undefined : signing
    })
  }

  const opened: OperatorDesk = {
    onRefused: () => {},
    async sign({ unblockId, toSign }, ...pins) {
      const signingId = await client.askSigning({ unblockId, nonce: toSign.statement.nonce, ...place })
      const { certificate, signature } = await untilSigned(signingId, pins)
      return { kind: 'card', certificate: certificate ?? '', signature: signature ?? '' }
    },
    close: () => channel.close(),
  }
  const signingId = await client.beginOperatorCard(place)
  await untilSigned(signingId, [OPERATOR_CARD.pin])
  await client.addOperatorCard(signingId, OPERATOR_CARD.label)
  return opened
}

/** The console sees a card there; it is none that is managed here. */
function untilInserted(client: OperatorClient, name: string): Promise<SigningPlace> {
  return poll(`a card in ${name}`, async () => {
    const { readers } = await client.connectedReaders()
    return readers.find(({ reader, obstacle }) => reader === name && obstacle !== 'no-card')
  }).then(({ agentId, reader }) => ({ agentId, reader }))
}
