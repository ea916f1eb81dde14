import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { contactCard, type Loopback, openLoopback, type VirtualReaderPanel } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { openCardFile, type VirtualCard } from '@unlatch/virtual-cards'
import { WEB_FOLDER } from '../web-folder.ts'
import { CAST, type DemoCard, OPERATOR } from './cast.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, type LogLevel, openStage, type Stage } from './stage.ts'

/** Written last: a folder without it was not finished. */
const READY_FILE = 'ready'

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
  if (!isKept) await prepare(stage, cards, folder)
  const kept = { serverUrl: stage.server.url, pinnedKeyHex: stage.server.configurationKeyHex }
  writeFileSync(join(stage.agent.folder, 'agent.json'), `${JSON.stringify(kept)}\n`, { mode: 0o600 })
  const loopback = await openLoopback(
    {
      readers: stage.agent.readers,
      journal: stage.agent.journal,
      configuration: () => stage.agent.configuration(),
      isConfigured: () => stage.agent.isConfigured(),
      contactServer: () => stage.agent.contactServer(),
      now: () => new Date(),
      panel: panelOf(stage, cards),
      contactCard: (reader) => {
        const { readers, server } = stage.agent
        return contactCard({ readers, server, configuration: stage.agent.configuration() }, reader)
      },
    },
    { webFolder: WEB_FOLDER },
  )
  tellStory(stage, loopback, isKept)
  await untilStopped(loopback)
  await loopback.close()
  await stage.close()
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

interface HeldCard extends DemoCard {
  readonly id: string
  readonly holder: string
  /** Reads the card's memory from its file: another program may have used the card meanwhile. */
  open(): VirtualCard
}

function holdCards(folder: string): HeldCard[] {
  return CAST.flatMap((person) =>
    person.cards.map((wish) => {
      const id = wish.printedSerial
      const open = () => openCardFile(join(folder, 'cards', `${id}.json`), wish.kind)
      return { ...wish, id, holder: person.name, open }
    }),
  )
}

/** Four people, five cards of theirs, two of which are blocked. */
async function prepare(stage: Stage, cards: readonly HeldCard[], folder: string): Promise<void> {
  await addDemoOperator(stage)
  for (const person of CAST) {
    const { id } = await addDemoPerson(stage, person)
    for (const held of cards.filter(({ holder }) => holder === person.name)) {
      const card = held.open()
      await issue(stage, card, held, id)
      if (held.isBlocked) blockPin(card)
    }
  }
  writeFileSync(join(folder, READY_FILE), '')
}

function panelOf({ reader }: Stage, cards: readonly HeldCard[]): VirtualReaderPanel {
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

function tellStory({ server }: Stage, loopback: Loopback, isKept: boolean): void {
  const blocked = CAST.flatMap(({ name, cards }) =>
    cards.filter((card) => card.isBlocked).map(({ label }) => ({ name, label })),
  )
  const [first] = blocked
  const surname = first?.name.split(' ').at(-1)
  console.log(`
Unlatch demo${isKept ? ' (kept from last time; --fresh starts over)' : ''} · virtual cards, nothing to plug in · not for production

  Operator Console   ${server.url}
                     user name ${OPERATOR.userName}, password ${OPERATOR.password}
  Unblock screen     ${loopback.pageAddress()}
                     good once, for a minute; press Enter here for a fresh link

  1  On the unblock screen, insert the card of ${first?.name} (${first?.label}): it is blocked. Press OK.
  2  In the console, search "${surname}", choose the card, type the challenge, press Cryptogram.
  3  Back on the unblock screen, type the cryptogram and a new PIN; read the receipt to the operator.

Ctrl C stops.`)
}

function untilStopped(loopback: Loopback): Promise<void> {
  return new Promise((stop) => {
    process.once('SIGINT', () => stop())
    process.once('SIGTERM', () => stop())
    if (!process.stdin.isTTY) return
    const lines = createInterface({ input: process.stdin })
    lines.on('line', () => console.log(`  Unblock screen     ${loopback.pageAddress()}`))
    process.once('SIGINT', () => lines.close())
  })
}
