import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OfflineUnblock, tracedReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { groupCode, Problem, spellGroup } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { CAST, FACTORY_PIN, OPERATOR } from './cast.ts'
import { chooseDeskMail, readMail } from './desk-mail.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { playNotMe } from './not-me.ts'
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
  const mail = await startMailServer()
  try {
    const stage = await openStage(folder)
    try {
      await addDemoOperator(stage)
      const operator = new OperatorClient(stage.server.url)
      await operator.signIn(OPERATOR.userName, OPERATOR.password)
      await chooseDeskMail(operator, mail)
      let failures = 0
      const served: ServedCard[] = []
      for (const [index, kind] of kinds.entries()) {
        const end = await playCall({ stage, operator, mail }, kind, index, options.trace ?? false)
        if (!end.isRight) failures++
        served.push(end)
      }
      const [first] = served
      if (first && !(await playLimit(operator, first.cardId))) failures++
      if (first && !(await playNotMe({ stage, operator, mail }, first))) failures++
      console.log(`\n${kinds.length + 2 - failures} passed, ${failures} failed`)
      return failures === 0 ? 0 : 1
    } finally {
      await stage.close()
    }
  } finally {
    await mail.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A card that a call was about, and whether all was as it should be. */
interface ServedCard {
  readonly card: VirtualCard
  readonly cardId: string
  readonly email: string
  readonly isRight: boolean
}

async function playCall(
  { stage, operator, mail }: { stage: Stage; operator: OperatorClient; mail: MailServer },
  kind: VirtualCardKind,
  index: number,
  isTraced: boolean,
): Promise<ServedCard> {
  console.log(`\n── ${kind} ${'─'.repeat(60 - kind.length)}`)
  const template = CAST[index % CAST.length]
  if (!template) throw new Error('nobody to play')
  const email = `${kind}@example.org`
  const person = { ...template, userName: `${template.userName}-${kind}`, name: `${template.name} (${kind})`, email }
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
  say('Operator', `types it into Challenge: ${verdict.verdict}`)
  const wish = { challenge: unblock.way.challenge, idempotencyKey: randomUUID() }
  const refused = await operator.writeOfflineStatement(opened.id, wish).catch((error) => error)
  if (!(refused instanceof Problem) || refused.code !== 'caller-not-verified') throw new Error('nobody was verified')
  say('Server', `releases nothing: ${refused.message.toLowerCase()}`)
  await callBack({ operator, mail }, opened.cardId, person)
  const cryptogram = await operator.releaseCryptogram(opened.id, wish)
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
  return { card, cardId: opened.cardId, email, isRight: isNewRight && !isOldRight && outcome === 'unblocked' }
}

/** Somebody tries and tries: one person is asked to prove who they are so often in an hour, and no more. */
async function playLimit(operator: OperatorClient, cardId: string): Promise<boolean> {
  console.log(`\n── a limit ${'─'.repeat(51)}`)
  const verificationId = await operator.openVerification(cardId, 'telephone')
  for (let asked = 1; asked <= MOST_WORDS; asked++) {
    const answer = await operator
      .beginWay(verificationId, { way: 'call-back', address: 'email' })
      .catch((error) => error)
    if (!(answer instanceof Problem)) continue
    say('Operator', `has words sent to the same person, and at last is refused: ${answer.message.toLowerCase()}`)
    return answer.code === 'verification-limit'
  }
  return false
}

/** More than anybody may be asked in an hour. */
const MOST_WORDS = 20

/** The operator calls the number on record, and hears two words that went to another address. */
async function callBack(
  { operator, mail }: { operator: OperatorClient; mail: MailServer },
  cardId: string,
  { email, phone: number }: { email: string; phone: string },
): Promise<void> {
  const verificationId = await operator.openVerification(cardId, 'telephone')
  const way = await operator.beginWay(verificationId, { way: 'call-back', address: 'email' })
  say('Operator', `hangs up, sends two words to ${email} and dials the number on record, ${number}`)
  const arrived = mail.mails.findLast(({ to }) => to.includes(email))
  const words = arrived && /^ {4}([a-z]+ [a-z]+)$/m.exec((await readMail(arrived)).text)?.[1]
  if (words === undefined) throw new Error('no words arrived')
  const wrong = await operator.answerWay(verificationId, way.id, 'open sesame').catch((error) => error)
  if (!(wrong instanceof Problem)) throw new Error('words that nobody sent were taken')
  say('Operator', `types what somebody guesses: ${wrong.message.toLowerCase()}`)
  await operator.answerWay(verificationId, way.id, words)
  say('Cardholder', `reads the words out of the mail, "${words}": the caller is verified, for a quarter of an hour`)
}

async function findAndOpen(operator: OperatorClient, printedSerial: string) {
  const { people } = await operator.findPeople(printedSerial)
  const [person] = people
  const cardId = person?.cards.find((found) => found.printedSerial === printedSerial)?.id
  if (!person || !cardId) throw new Error(`${printedSerial} is not found`)
  say('Operator', `Actions > Smart Card Unblock, Search "${printedSerial}": ${person.name}`)
  return operator.openUnblock(cardId)
}
