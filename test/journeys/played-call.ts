import { randomUUID } from 'node:crypto'
import { OfflineUnblock } from '@unlatch/agent'
import { ascii, readHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import {
  createVirtualCard,
  personaliseGids,
  type VirtualCard,
  type VirtualCardKind,
  type VirtualCardOptions,
} from '@unlatch/virtual-cards'
import { CAST, OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, type Stage } from '../../packages/unlatch/src/demo/stage.ts'

/** 01 to 08 three times; PIV's key 9B too. */
export const FACTORY_ADMIN_KEY = readHex('0102030405060708'.repeat(3))

/** PIN that is set by a played call. */
export const NEW_PIN = '490712'

/** A PIV card whose 9E agrees on nothing, by ECDH or by RSA: *PUC only*. */
export const PUC_ONLY: VirtualCardOptions = {
  profile: { exponentiation: 'key-management', keyAlgorithms: [0x14], yubicoCommands: [0xff] },
}

/** A card with its printed serial. */
export interface Issued {
  readonly card: VirtualCard
  readonly printedSerial: string
}

/** Adds the demo's operator and one person; returns the person's id. */
export async function populate(stage: Stage): Promise<string> {
  await addDemoOperator(stage)
  const [anna] = CAST
  if (!anna) throw new Error('nobody')
  return (await addDemoPerson(stage, anna)).id
}

/** The demo's operator, signed in. */
export async function signIn(stage: Stage): Promise<OperatorClient> {
  const operator = new OperatorClient(stage.server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  return operator
}

/** A card as a factory delivers it; GIDS: initialised, with Microsoft's admin key. */
export function makeFactoryCard(kind: VirtualCardKind): VirtualCard {
  const card = createVirtualCard(kind)
  if (kind !== 'gids') return card
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey: FACTORY_ADMIN_KEY, pin: '123456' })
  return card
}

/** A card of the person, issued at the station, then blocked by its holder. */
export async function issueBlocked(
  stage: Stage,
  personId: string,
  kind: VirtualCardKind,
  printedSerial: string,
  options: VirtualCardOptions = {},
): Promise<Issued> {
  const card = createVirtualCard(kind, options)
  await issue(stage, card, { kind, label: 'card', printedSerial, isBlocked: true }, personId)
  blockPin(card)
  return { card, printedSerial }
}

/**
 * A whole call over HTTP, or (`isUsed` false) one that ends with the cryptogram released and never typed.
 *
 * @returns the card's id.
 */
export async function playCall(
  stage: Stage,
  operator: OperatorClient,
  { card, printedSerial }: Issued,
  isUsed = true,
): Promise<string> {
  stage.reader.insert(card)
  const { agent } = stage
  const tools = {
    readers: agent.readers,
    journal: agent.journal,
    configuration: agent.configuration(),
    now: () => new Date(),
  }
  const attempt = await OfflineUnblock.begin(tools, stage.reader.name, true)
  try {
    const { people } = await operator.findPeople(printedSerial)
    const cardId = people[0]?.cards.find((found) => found.printedSerial === printedSerial)?.id ?? ''
    const { id } = await operator.openUnblock(cardId)
    const { challenge } = attempt.way
    const released = await operator.releaseCryptogram(id, {
      challenge,

      idempotencyKey: randomUUID(),
    })
    await attempt.enterCryptogram(ascii(released.code))
    if (!isUsed) return cardId
    const { receipt } = await attempt.setNewPin(ascii(NEW_PIN), false)
    await operator.confirm(id, receipt === null ? { told: 'unblocked' } : { receipt })
    return cardId
  } finally {
    await attempt.end()
    stage.reader.remove()
  }
}
