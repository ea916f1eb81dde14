/**
 * A station in a process of its own, to be killed: is told a `StationOrder`, and stands still for ever before or after the
 * command that it names; tells which one that is, or how the work ended where there was none.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type CardReaders, contactCard, issueCard } from '@unlatch/agent'
import { loadVirtualCardFile, type VirtualCard } from '@unlatch/virtual-cards'
import { openWorkplace } from './call-stage.fixture.ts'

/** What it is told, as JSON on one line. */
export interface StationOrder {
  readonly folder: string
  readonly url: string
  readonly configurationKeyHex: string
  readonly cardPath: string
  /** The card to be issued; absent: the card in the reader has its contact. */
  readonly cardId?: string
  readonly moment: 'before' | 'after'
  /** At the how-manieth command that changes the card, from 0. */
  readonly turn: number
}

/** What a command changes: that is where power and processes matter. */
function nameChange(card: VirtualCard, command: Uint8Array): string | undefined {
  const [cla = 0, ins = 0, p1 = 0, , , first] = command
  // The card does nothing before the last part of a chain.
  if (cla & 0x10) return undefined
  switch (ins) {
    case 0x24:
      return 'CHANGE REFERENCE DATA'
    case 0x47:
      return 'GENERATE ASYMMETRIC KEY PAIR'
    case 0xdb:
      return card.kind === 'gids' && p1 === 0x3f ? 'PUT DATA of the admin key' : 'PUT DATA'
    case 0xff:
      return 'SET MANAGEMENT KEY'
    case 0x87:
      // On many a GIDS card an answer may cost a try of the admin key.
      return card.kind === 'gids' && first === 0x7c && command[7] === 0x82 ? 'GENERAL AUTHENTICATE' : undefined
    default:
      return undefined
  }
}

const [line] = await once(createInterface({ input: process.stdin }), 'line')
const order: StationOrder = JSON.parse(line)
const { agent, reader } = openWorkplace(order.folder, order)
const card = loadVirtualCardFile(order.cardPath)
let turns = 0

function standStill(name: string): Promise<never> {
  console.log(JSON.stringify({ stands: name }))
  setInterval(() => {}, 1_000_000)
  return new Promise(() => {})
}

const stopping: CardReaders = {
  ...agent.readers,
  async connect(name) {
    const connection = await agent.readers.connect(name)
    return {
      ...connection,
      async transmit(command) {
        const change = nameChange(card, command)
        const isHere = change !== undefined && turns++ === order.turn
        if (isHere && order.moment === 'before') return standStill(change)
        const answer = await connection.transmit(command)
        return isHere ? standStill(change) : answer
      },
    }
  },
}

await agent.contactServer()
reader.insert(card)
const tools = { readers: stopping, server: agent.server, configuration: agent.configuration() }
const end =
  order.cardId === undefined
    ? await contactCard(tools, reader.name)
    : await issueCard(tools, reader.name, order.cardId).then(() => 'issued')
console.log(JSON.stringify({ end }))
