import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Loopback, openLoopback, type VirtualReaderPanel } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { openCardFile, type VirtualCard } from '@unlatch/virtual-cards'
import { openBrowser, screenToolsOf } from '../agent.ts'
import { WEB_FOLDER } from '../web-folder.ts'
import { ALONE, CAST, COLLEAGUE, FACTORY_CARDS, type FactoryCard, MANAGER, OPERATOR, OPERATOR_CARD } from './cast.ts'
import { openDeskMail, type ReadMail } from './desk-mail.ts'
import { makeOperatorCard, openOperatorDesk } from './operator-card.ts'
import { OperatorClient } from './operator-client.ts'
import {
  type AgentWithReader,
  addDemoOperator,
  addDemoPerson,
  blockPin,
  initialise,
  issue,
  type LogLevel,
  openStage,
  type Stage,
} from './stage.ts'
import { aloneBy } from './templates.ts'

/** Written last: a folder without it was not finished, or tells the story of an older version; it is made anew. */
const READY_FILE = 'ready-5'

/** Runs the product with virtual cards until it is told to stop. */
export async function demo(options: { folder: string; fresh?: boolean; port: string; log: LogLevel }): Promise<void> {
  const folder = resolve(options.folder)
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem('wrong-usage', { detail: 'a port is 0 to 65535' })
  if (!existsSync(join(WEB_FOLDER, 'console.html')))
    throw new Problem('wrong-usage', { detail: 'npm run build comes first' })
  const isKept = existsSync(join(folder, READY_FILE)) && !options.fresh
  if (!isKept) clearFolder(folder)
  const stage = await openStage(folder, { port, logLevel: options.log })
  const cards = holdCards(folder)
  if (!isKept) await prepare(stage, folder)
  const mail = await openDeskMail(stage.server.url, tellMail)
  const kept = { serverUrl: stage.server.url, pinnedKeyHex: stage.server.configurationKeyHex }
  writeFileSync(join(stage.agent.folder, 'agent.json'), `${JSON.stringify(kept)}\n`, { mode: 0o600 })
  const station = await openPlace(stage, panelOf(stage, cards))
  const laptop = await openPlace(stage.operator, laptopPanelOf(stage.operator, folder))
  const pages = { station: station.loopback, laptop: laptop.loopback }
  tellStory(stage, pages, sheetIn(folder), isKept)
  await untilStopped(() => tellPages(station.loopback, laptop.loopback))
  await station.close()
  await laptop.close()
  await stage.close()
  await mail.close()
}

/** A computer with its agent's page and its channel. Where a person started the demo, the page opens when it is needed. */
async function openPlace({ agent }: AgentWithReader, panel: VirtualReaderPanel) {
  const openPage = () => {
    console.log(`  An operator asks   ${loopback.pageAddress()}`)
    if (!process.stdin.isTTY) return
    const opener = join(agent.folder, 'page.html')
    loopback.writeOpener(opener)
    openBrowser(opener)
  }
  const tools = { ...screenToolsOf(agent), panel, openPage }
  const loopback: Loopback = await openLoopback(tools, { webFolder: WEB_FOLDER })
  const channel = agent.openChannel({
    unblock: (job, news) => loopback.unblock(job, news),
    sign: (job, news) => loopback.sign(job, news),
  })
  return {
    loopback,
    async close() {
      channel.close()
      await loopback.close()
    },
  }
}

/** Only a folder of ours is emptied. */
function clearFolder(folder: string): void {
  if (existsSync(folder) && !existsSync(join(folder, 'server'))) {
    throw new Problem('wrong-usage', { detail: `${folder} is not a folder of this demo` })
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'cards'), { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 'server'), { mode: 0o700 })
}

interface HeldCard {
  readonly id: string
  readonly label: string
  readonly holder: string
  /** Reads the card's memory from its file: another program may have used the card meanwhile. */
  open(): VirtualCard
}

/** A card in its file in the demo's folder. */
function hold(folder: string, { kind, label, printedSerial }: FactoryCard, holder: string): HeldCard {
  const open = () => openCardFile(join(folder, 'cards', `${printedSerial}.json`), kind)
  return { id: printedSerial, label, holder, open }
}

const holdCards = (folder: string): HeldCard[] => [
  ...[...CAST, ALONE].flatMap(({ name, cards }) => cards.map((card) => hold(folder, card, name))),
  ...FACTORY_CARDS.map((card) => hold(folder, card, NOBODY)),
]

/** Whose the cards from the factory are. */
const NOBODY = 'nobody yet'

/**
 * Two operators, one with an operator card, and a manager; five people, six cards of theirs, three of them blocked; some from the
 * factory.
 */
async function prepare(stage: Stage, folder: string): Promise<void> {
  await addDemoOperator(stage)
  await addDemoOperator(stage, COLLEAGUE)
  await addDemoOperator(stage, MANAGER, 'manager')
  const operatorCard = hold(folder, OPERATOR_CARD, OPERATOR.name).open()
  await makeOperatorCard(operatorCard)
  const client = new OperatorClient(stage.server.url)
  await client.signIn(OPERATOR.userName, OPERATOR.password)
  const desk = await openOperatorDesk(stage, client, operatorCard)
  desk.close()
  for (const person of CAST) {
    const { id } = await addDemoPerson(stage, person)
    for (const wish of person.cards) {
      const card = hold(folder, wish, person.name).open()
      await issue(stage, card, wish, id)
      if (wish.isBlocked) blockPin(card)
    }
  }
  await prepareAlone(stage, folder, client)
  for (const wish of FACTORY_CARDS) initialise(hold(folder, wish, NOBODY).open())
  writeFileSync(join(folder, READY_FILE), '')
}

/** Where the sheet of unblock codes lies that one of them has in her drawer. */
const sheetIn = (folder: string) => join(folder, 'sheet-of-eva-berg.txt')

async function prepareAlone(stage: Stage, folder: string, client: OperatorClient): Promise<void> {
  const [wish] = ALONE.cards
  if (!wish) return
  const { id: templateId } = await client.addTemplate({ name: 'Self-service', document: aloneBy({}) })
  const { id } = await addDemoPerson(stage, ALONE)
  const card = hold(folder, wish, ALONE.name).open()
  const cardId = await issue(stage, card, wish, id, templateId)
  blockPin(card)
  await client.verifyInPerson(cardId, 'telephone')
  const { codes } = await client.giveUnblockCodes(cardId, 'sheet')
  await client.endAttempt(await client.openVerification(cardId, 'telephone'))
  writeFileSync(sheetIn(folder), `${codes.join('\n')}\n`, { mode: 0o600 })
}

/** Her operator card is in it from the start. */
function laptopPanelOf(laptop: AgentWithReader, folder: string): VirtualReaderPanel {
  const card = hold(folder, OPERATOR_CARD, OPERATOR.name)
  const panel = panelOf(laptop, [card])
  panel.insert(card.id)
  return panel
}

function panelOf({ reader }: AgentWithReader, cards: readonly HeldCard[]): VirtualReaderPanel {
  let inserted: string | null = null
  reader.subscribe(({ type }) => {
    if (type === 'removed') inserted = null
  })
  return {
    inserted: () => inserted,
    cards: cards.map(({ id, label, holder }) => ({ id, label, holder })),
    insert(cardId) {
      const held = cards.find(({ id }) => id === cardId)
      if (!held) throw new Problem('not-found')
      reader.remove()
      inserted = cardId
      reader.insert(held.open())
    },
    remove: () => reader.remove(),
  }
}

/** Whatever reaches a mailbox is told here: nobody has one. */
function tellMail({ to, subject, text }: ReadMail): void {
  if (to === 'administrator@example.org') return
  console.log(`\n  Mail to ${to}: ${subject}\n\n${text.replace(/^/gm, '    ')}\n`)
}

function tellStory(
  { server }: Stage,
  pages: { station: Loopback; laptop: Loopback },
  sheet: string,
  isKept: boolean,
): void {
  const { station, laptop } = pages
  const blocked = CAST.flatMap(({ name, cards }) =>
    cards.filter((card) => card.isBlocked).map(({ label }) => ({ name, label })),
  )
  const [first] = blocked
  const surname = first?.name.split(' ').at(-1)
  console.log(`
Unlatch demo${isKept ? ' (kept from last time; --fresh starts over)' : ''} · virtual cards, nothing to plug in · not for production

  Operator Console   ${server.url}
                     user name ${OPERATOR.userName}, password ${OPERATOR.password}
                     Operator PIN ${OPERATOR_CARD.pin}, of her operator card at ${OPERATOR_CARD.agent}
                     (her colleague ${COLLEAGUE.userName}, same password, has no card: his password stands in for it)
                     (${MANAGER.userName}, same password, is the manager who confirms callers, on the page Approvals)`)
  tellPages(station, laptop)
  console.log(`                     each good once, for a minute; press Enter here for fresh links

  1  On the unblock screen, insert the card of ${first?.name} (${first?.label}): it is blocked. Press OK.
  2  In the console, search "${surname}", choose the card, say how you know who is calling (mails that are sent appear
     here), type the challenge, press Cryptogram; sign with the operator card: ${OPERATOR_CARD.agent} shows what is
     signed, and asks for the Operator PIN.
  3  Back on the unblock screen, type the cryptogram and a new PIN; read the receipt to the operator.

  Without anybody's help: insert the card of ${ALONE.name}, press OK, choose a new PIN; a code of her sheet shows that it is she
  (each is good once): ${sheet}

Ctrl C stops.`)
}

function tellPages(station: Loopback, laptop: Loopback): void {
  console.log(`  Unblock screen     ${station.pageAddress()}
  Operator's laptop  ${laptop.pageAddress()}`)
}

function untilStopped(tell: () => void): Promise<void> {
  return new Promise((stop) => {
    process.once('SIGINT', () => stop())
    process.once('SIGTERM', () => stop())
    if (!process.stdin.isTTY) return
    const lines = createInterface({ input: process.stdin })
    lines.on('line', tell)
    process.once('SIGINT', () => lines.close())
  })
}
