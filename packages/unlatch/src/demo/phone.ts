import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OfflineUnblock, tracedReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { groupCode, Problem, spellGroup } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import { CAST, FACTORY_PIN, OPERATOR } from './cast.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage, type Stage, verifies } from './stage.ts'

/** PIN that the cardholder chooses in the script. */
const NEW_PIN = '490712'

/**
 * Plays the telephone call for each kind of card, over real HTTP, on SQLite, in a folder that is removed afterwards.
 *
 * @returns 0 only if on each card the new PIN verifies, the old one does not, and the outcome is on record.
 */
export async function phone(options: { kind?: string; trace?: boolean }): Promise<number> {
  const kinds = VIRTUAL_CARD_KINDS.filter((kind) => options.kind === undefined || kind === options.kind)
  if (kinds.length === 0) {
    throw new Problem('wrong-usage', { detail: `kinds are ${VIRTUAL_CARD_KINDS.join(', ')}` })
  }
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-phone-'))
  try {
    const stage = await openStage(folder)
    try {
      await addDemoOperator(stage)
      const operator = new OperatorClient(stage.server.url)
      await operator.signIn(OPERATOR.userName, OPERATOR.password)
      let failures = 0
      for (const [index, kind] of kinds.entries()) {
        if (!(await playCall(stage, operator, kind, index, options.trace ?? false))) failures++
      }
      console.log(`\n${kinds.length - failures} passed, ${failures} failed`)
      return failures === 0 ? 0 : 1
    } finally {
      await stage.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function playCall(
  stage: Stage,
  operator: OperatorClient,
  kind: VirtualCardKind,
  index: number,
  isTraced: boolean,
): Promise<boolean> {
  console.log(`\n── ${kind} ${'─'.repeat(60 - kind.length)}`)
  const template = CAST[index % CAST.length]
  if (!template) throw new Error('nobody to play')
  const person = { ...template, userName: `${template.userName}-${kind}`, name: `${template.name} (${kind})` }
  const printedSerial = `DEMO-${kind}-${1000 + index}`
  const { id } = await addDemoPerson(stage, person)
  const card = createVirtualCard(kind)
  await issue(stage, card, { kind, label: `${kind} card`, printedSerial, isBlocked: true }, id)
  say('Station', `registered and issued card ${printedSerial}: its secrets are the key service's own now`)
  blockPin(card)
  stage.reader.insert(card)
  say('Cardholder', 'typed a wrong PIN too often: the card is blocked; presses OK')

  const { agent } = stage
  const readers = isTraced ? tracedReaders(agent.readers, console.log) : agent.readers
  const tools = { readers, journal: agent.journal, configuration: agent.configuration(), now: () => new Date() }
  const unblock = await OfflineUnblock.begin(tools, stage.reader.name)
  const groups = groupCode(unblock.way.challenge, unblock.way.form)
  say(
    'Cardholder',
    `reads the challenge: ${groups.join(' ')}  (${groups.map((group) => spellGroup(group)).join(', ')})`,
  )

  const opened = await findAndOpen(operator, printedSerial)
  const verdict = await operator.checkChallenge(opened.id, unblock.way.challenge.toLowerCase())
  say('Operator', `types it into Challenge: ${verdict.verdict}; called back on ${person.phone}`)
  const cryptogram = await operator.releaseCryptogram(opened.id, {
    challenge: unblock.way.challenge,
    verification: 'call-back',
    idempotencyKey: randomUUID(),
  })
  say('Operator', `presses Cryptogram and reads it back: ${groupCode(cryptogram.code, cryptogram.kind).join(' ')}`)

  await unblock.enterCryptogram(ascii(cryptogram.code))
  const { receipt } = await unblock.setNewPin(ascii(NEW_PIN), false)
  say('Cardholder', `types the cryptogram and a new PIN, confirms it, presses the right arrow: the card took it`)

  let outcome = 'unknown'
  if (receipt !== null) {
    say('Cardholder', `reads the receipt: ${receipt}`)
    outcome = (await operator.confirm(opened.id, { receipt })).outcome
  }
  await agent.contactServer()
  const { history } = await operator.person(id)
  outcome = history[0]?.outcome ?? outcome
  say('Server', `has on record: ${outcome}${receipt === null ? ' (by the report of the agent)' : ' (by the receipt)'}`)

  const isNewRight = verifies(card, NEW_PIN)
  const isOldRight = verifies(card, FACTORY_PIN)
  stage.reader.remove()
  say(
    'Card',
    `new PIN ${isNewRight ? 'verifies' : 'DOES NOT VERIFY'}, old PIN ${isOldRight ? 'STILL VERIFIES' : 'does not'}`,
  )
  return isNewRight && !isOldRight && outcome === 'unblocked'
}

async function findAndOpen(operator: OperatorClient, printedSerial: string) {
  const { people } = await operator.findPeople(printedSerial)
  const [person] = people
  const cardId = person?.cards.find((found) => found.printedSerial === printedSerial)?.id
  if (!person || !cardId) throw new Error(`${printedSerial} is not found`)
  say('Operator', `Actions > Smart Card Unblock, Search "${printedSerial}": ${person.name}`)
  return operator.openUnblock(cardId)
}
