import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, tracedReaders, UnblockWithPuc } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCardKind } from '@unlatch/virtual-cards'
import PostalMime from 'postal-mime'
import { CAST, FACTORY_PIN, OPERATOR } from './cast.ts'
import { type MailServer, smtpOf, startMailServer } from './mail-server.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage, type Stage, verifies } from './stage.ts'
import { mailedBy } from './templates.ts'

/** PIN that the cardholder chooses in the script. */
const NEW_PIN = '490712'
/** Nothing on this computer takes longer. */
const PATIENCE_MS = 20_000

/**
 * Plays a PUC from its template to its replacement, for each kind of PIV card: over real HTTP, with a real mail server, on
 * SQLite, in a folder that is removed afterwards.
 *
 * @returns 0 only if on each card the new PIN verifies, the old one does not, and another PUC came once it was used.
 */
export async function puc(options: { kind?: string; trace?: boolean }): Promise<number> {
  const pivKinds = VIRTUAL_CARD_KINDS.filter((kind) => kind !== 'gids')
  const kinds = pivKinds.filter((kind) => options.kind === undefined || kind === options.kind)
  if (kinds.length === 0) {
    throw new Problem('wrong-usage', { detail: `a PUC is for PIV cards: kinds are ${pivKinds.join(', ')}` })
  }
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-puc-'))
  const mail = await startMailServer()
  try {
    const stage = await openStage(folder)
    try {
      await addDemoOperator(stage)
      const operator = new OperatorClient(stage.server.url)
      await operator.signIn(OPERATOR.userName, OPERATOR.password)
      const templateId = await prepare(operator, mail)
      let failures = 0
      for (const [index, kind] of kinds.entries()) {
        if (!(await playCard({ stage, mail, templateId }, kind, index, options.trace ?? false))) failures++
      }
      console.log(`\n${kinds.length - failures} passed, ${failures} failed`)
      return failures === 0 ? 0 : 1
    } finally {
      await stage.close()
    }
  } finally {
    await mail.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prepare(operator: OperatorClient, mail: MailServer): Promise<string> {
  const { id } = await operator.addConnection({
    kind: 'smtp',
    name: 'Mail',
    smtp: smtpOf(mail),
    secret: mail.user.password,
  })
  say('Administrator', `Options > Connections: a mail server with TLS, port ${mail.port}`)
  await operator.testConnection(id, 'administrator@example.org')
  await arrived(mail, 'administrator@example.org', 0)
  say('Administrator', 'presses Test: the mail is there')
  const template = await operator.addTemplate({ name: 'Staff', document: mailedBy(id) })
  say('Administrator', 'Templates > Card templates: "Staff", PUC delivered by mail, the card handed over')
  return template.id
}

async function playCard(
  { stage, mail, templateId }: { stage: Stage; mail: MailServer; templateId: string },
  kind: VirtualCardKind,
  index: number,
  isTraced: boolean,
): Promise<boolean> {
  console.log(`\n── ${kind} ${'─'.repeat(60 - kind.length)}`)
  const cast = CAST[index % CAST.length]
  if (!cast) throw new Error('nobody to play')
  const email = `${kind}@example.org`
  const person = { ...cast, userName: `${cast.userName}-${kind}`, email }
  const { id } = await addDemoPerson(stage, person)
  const card = createVirtualCard(kind)
  const wish = { kind, label: `${kind} card`, printedSerial: `DEMO-${kind}-${1000 + index}`, isBlocked: true }
  await issue(stage, card, wish, id, templateId)
  say('Station', `Register and Issue: ${wish.printedSerial} for ${person.name}, by the template`)
  const first = await arrived(mail, email, 0)
  say('Cardholder', `gets a mail with the PUC ${first.slice(0, 4)} ${first.slice(4)}`)
  blockPin(card)
  stage.reader.insert(card)
  say('Cardholder', 'typed a wrong PIN too often: the card is blocked; no connection to the server')

  const { agent, reader } = stage
  const readers = isTraced ? tracedReaders(agent.readers, console.log) : agent.readers
  const configuration = agent.configuration()
  const tools = { readers, journal: agent.journal, configuration, now: () => new Date() }
  const unblock = await UnblockWithPuc.begin(tools, reader.name)
  unblock.enterPuc(ascii(first))
  await unblock.setNewPin(ascii(NEW_PIN), false)
  say('Cardholder', 'types the PUC and a new PIN, confirms it: the card took it')
  await agent.contactServer()
  say('Agent', 'reports it, now that the server can be reached: the PUC counts as spent')
  const end = await contactCard({ readers, server: agent.server, configuration }, reader.name)
  say('Station', `has the card in its reader: another PUC is set (${end})`)
  const second = await arrived(mail, email, 1)
  say('Cardholder', `gets a mail with another PUC: ${second.slice(0, 4)} ${second.slice(4)}`)
  const [isNewRight, isOldRight] = [verifies(card, NEW_PIN), verifies(card, FACTORY_PIN)]
  reader.remove()
  say(
    'Card',
    `new PIN ${isNewRight ? 'verifies' : 'DOES NOT VERIFY'}, old PIN ${isOldRight ? 'STILL VERIFIES' : 'does not'}`,
  )
  return isNewRight && !isOldRight && end === 'done' && second !== first
}

/** The PUC in the mail that arrived for an address as its first, second… */
async function arrived(mail: MailServer, address: string, number: number): Promise<string> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until) {
    const found = mail.mails.filter(({ to }) => to.includes(address))[number]
    if (found) {
      const { text = '' } = await PostalMime.parse(found.text)
      return /^ {4}(\d{4}) (\d{4})$/m.exec(text)?.slice(1).join('') ?? ''
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`no mail for ${address}`)
}
