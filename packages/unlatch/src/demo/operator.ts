import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { type CardSide, openChannels, untilSeen, untilState } from './attended.ts'
import { CAST, FACTORY_PIN, OPERATOR, OPERATOR_CARD } from './cast.ts'
import { makeOperatorCard, type OperatorDesk, openOperatorDesk } from './operator-card.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage, type Stage, verifies } from './stage.ts'

/** PIN that the cardholder chooses in the script. */
const NEW_PIN = '490712'
const WRONG_OPERATOR_PIN = '999999'

interface Desk {
  readonly stage: Stage
  readonly operator: OperatorClient
  readonly side: CardSide
  /** Where the operator signs with a card. */
  readonly signs: OperatorDesk
}

/**
 * Plays the unblock of a card in a reader for each kind of card: at the operator's station, and at its holder's laptop; with a
 * wrong Operator PIN and a swapped card, which are refused. Over real HTTP and WebSockets, on SQLite, in a folder that is
 * removed afterwards.
 *
 * @returns 0 only if both times the new PIN verifies, the old one does not, and everything that must be refused was.
 */
export async function operator(options: { kind?: string }): Promise<number> {
  const kinds = VIRTUAL_CARD_KINDS.filter((kind) => options.kind === undefined || kind === options.kind)
  if (kinds.length === 0) {
    throw new Problem('wrong-usage', { detail: `kinds are ${VIRTUAL_CARD_KINDS.join(', ')}` })
  }
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-operator-'))
  try {
    const stage = await openStage(folder)
    await addDemoOperator(stage)
    const client = new OperatorClient(stage.server.url)
    await client.signIn(OPERATOR.userName, OPERATOR.password)
    const side: CardSide = { agrees: async () => {}, types: (attempt) => attempt.setNewPin(ascii(NEW_PIN), false) }
    const closeChannels = openChannels(stage, side)
    const card = createVirtualCard(OPERATOR_CARD.kind)
    await makeOperatorCard(card)
    const signs = await openOperatorDesk(stage, client, card)
    say(
      'Operator',
      `My account > Add an operator card: ${OPERATOR_CARD.label}, in the reader of ${OPERATOR_CARD.agent}`,
    )
    try {
      let failures = 0
      for (const [index, kind] of kinds.entries()) {
        if (!(await playCard({ stage, operator: client, side, signs }, kind, index))) failures++
      }
      console.log(`\n${kinds.length - failures} passed, ${failures} failed`)
      return failures === 0 ? 0 : 1
    } finally {
      signs.close()
      closeChannels()
      await stage.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function playCard(desk: Desk, kind: VirtualCardKind, index: number): Promise<boolean> {
  console.log(`\n── ${kind} ${'─'.repeat(60 - kind.length)}`)
  const template = CAST[index % CAST.length]
  if (!template) throw new Error('nobody to play')
  const person = { ...template, userName: `${template.userName}-${kind}`, name: `${template.name} (${kind})` }
  const { id } = await addDemoPerson(desk.stage, person)
  const card = createVirtualCard(kind)
  await issue(desk.stage, card, { kind, label: `${kind} card`, printedSerial: `DESK-${kind}`, isBlocked: true }, id)
  blockPin(card)
  say('Cardholder', `${person.name} comes to the desk: the card is blocked`)
  const isDirect = await playDirect(desk, card)
  blockPin(card)
  say('Cardholder', 'blocks the card again, at home')
  const isRemote = await playRemote(desk, card)
  const other = createVirtualCard(kind)
  const wish = { kind, label: `other ${kind} card`, printedSerial: `DESK-${kind}-2`, isBlocked: true }
  await issue(desk.stage, other, wish, id)
  blockPin(other)
  blockPin(card)
  const isRefused = await playSwapped(desk, card, other)
  return isDirect && isRemote && isRefused
}

/** At the station: a wrong Operator PIN first, then the right one; the PUK is exchanged in the same visit. */
async function playDirect(desk: Desk, card: VirtualCard): Promise<boolean> {
  const { stage, operator, side } = desk
  side.agrees = async () => say('Cardholder', "types a new PIN, twice, on the page of the station's agent")
  stage.reader.insert(card)
  const seen = await untilSeen(operator, stage)
  say('Operator', `Actions > Smart Card Unblock, the card is here: ${seen.card?.label}, ${seen.card?.printedSerial}`)
  const id = await ask(operator, seen)
  await untilState(operator, id, 'ready')
  const refused = await sign(desk, id, WRONG_OPERATOR_PIN, OPERATOR_CARD.pin)
  const { state } = await untilState(operator, id, 'unblocked', 'refused', 'unknown', 'ended')
  say('Server', `has on record: ${state}`)
  const { agent } = stage
  const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
  say('Station', `contacts the card in the same visit: ${await contactCard(tools, stage.reader.name)}`)
  stage.reader.remove()
  return refused === 'pin-wrong' && state === 'unblocked' && isSet(card)
}

/** At the holder's laptop: he compares two digits, and agrees. */
async function playRemote(desk: Desk, card: VirtualCard): Promise<boolean> {
  const { stage, operator, side } = desk
  let shown = ''
  side.agrees = async ({ code, operatorName }) => {
    shown = code
    say('Cardholder', `sees that ${operatorName} asks, and the digits ${code}: the same, goes on; types a new PIN`)
  }
  stage.holder.reader.insert(card)
  const seen = await untilSeen(operator, stage.holder)
  const id = await ask(operator, seen)
  const { code, agentName } = await operator.connectedUnblock(id)
  say('Operator', `the card is online at ${agentName}; reads out two digits: ${code}`)
  await untilState(operator, id, 'ready')
  await sign(desk, id, OPERATOR_CARD.pin)
  const { state } = await untilState(operator, id, 'unblocked', 'refused', 'unknown', 'ended')
  say('Server', `has on record: ${state}`)
  stage.holder.reader.remove()
  return shown === code && state === 'unblocked' && isSet(card)
}

/** The card is swapped once the operator has asked: neither is touched. */
async function playSwapped({ stage, operator, side }: Desk, card: VirtualCard, other: VirtualCard): Promise<boolean> {
  side.agrees = async () => {
    stage.holder.reader.insert(other)
    say('Somebody', 'swaps the card for another one of the same person')
  }
  stage.holder.reader.insert(card)
  const id = await ask(operator, await untilSeen(operator, stage.holder))
  const { problem } = await untilState(operator, id, 'ended')
  say('Agent', `refuses it: ${problem}; neither card was changed`)
  stage.holder.reader.remove()
  return problem === 'card-swapped' && !verifies(card, NEW_PIN) && !verifies(other, NEW_PIN)
}

function ask(operator: OperatorClient, seen: Awaited<ReturnType<typeof untilSeen>>): Promise<string> {
  const { agentId, reader, card } = seen
  return operator.askUnblock({ cardId: card?.id ?? '', agentId, reader })
}

/** With her card, at her own computer. @returns the problem of a PIN that was refused before. */
async function sign({ operator, signs }: Desk, id: string, ...pins: string[]): Promise<string | undefined> {
  let refused: string | undefined
  signs.onRefused = (problem, triesLeft) => {
    refused = problem
    say('Operator', `types a wrong Operator PIN at her laptop: ${problem}, ${triesLeft} tries left; nothing was signed`)
  }
  const toSign = await operator.writeStatement(id)
  const signature = await signs.sign({ unblockId: id, toSign }, ...pins)
  await operator.sign(id, toSign.statement.nonce, signature)
  say('Operator', 'reads at her laptop what she signs, and types her Operator PIN: her card has signed')
  return refused
}

function isSet(card: VirtualCard): boolean {
  const isNewRight = verifies(card, NEW_PIN)
  const isOldRight = verifies(card, FACTORY_PIN)
  const words = [isNewRight ? 'verifies' : 'DOES NOT VERIFY', isOldRight ? 'STILL VERIFIES' : 'does not']
  say('Card', `new PIN ${words[0]}, old PIN ${words[1]}`)
  return isNewRight && !isOldRight
}
