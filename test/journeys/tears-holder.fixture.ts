/**
 * A holder's agent in a process of its own, to be killed. Is told, as JSON in one line: FOLDER, the server's URL and KEY, CARD, the
 * holder's PASSWORD and new PIN, and where it stands still for ever: `before` or `after` a word to the server, or a command.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type CardReaders, openAgent, SelfServiceUnblock, type ServerClient, virtualReaders } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { loadVirtualCardFile, VirtualReader } from '@unlatch/virtual-cards'

/** What it is told. */
export interface HolderOrder {
  readonly folder: string
  readonly url: string
  readonly configurationKeyHex: string
  readonly cardPath: string
  readonly password: string
  readonly newPin: string
  readonly moment: 'before' | 'after'
  /** A word of the agent, with its turn; or RESET RETRY COUNTER, VERIFY. */
  readonly where: string
}

const [line] = await once(createInterface({ input: process.stdin }), 'line')
const order: HolderOrder = JSON.parse(line)

const counts = new Map<string, number>()
/** True at the step where this process is to be killed. */
function isHere(name: string): boolean {
  const count = 1 + (counts.get(name) ?? 0)
  counts.set(name, count)
  return order.where === (count === 1 ? name : `${name} ${count}`)
}

async function at<T>(name: string, act: () => Promise<T>): Promise<T> {
  const stops = isHere(name)
  if (stops && order.moment === 'before') return standStill()
  const answer = await act()
  return stops ? standStill() : answer
}

function standStill(): Promise<never> {
  console.log('standing still')
  setInterval(() => {}, 1_000_000)
  return new Promise(() => {})
}

/** Names of commands that tell something apart; everything else has none. */
const nameOf = (command: Uint8Array) =>
  command[1] === 0x2c ? 'RESET RETRY COUNTER' : command[1] === 0x20 && command.length > 5 ? 'VERIFY' : 'another'

const stopping = (readers: CardReaders): CardReaders => ({
  ...readers,
  async connect(name) {
    const connection = await readers.connect(name)
    return { ...connection, transmit: (command) => at(nameOf(command), () => connection.transmit(command)) }
  },
})
const stoppingLine = (server: ServerClient): ServerClient =>
  new Proxy(server, {
    get(target, key: keyof ServerClient) {
      const call = target[key] as (...words: unknown[]) => Promise<unknown>
      return (...words: unknown[]) => at(key, () => call(...words))
    },
  })

const reader = new VirtualReader('Built-in reader')
const { readers, server, journal, keySha256, configuration, contactServer } = openAgent({
  folder: order.folder,
  serverUrl: order.url,
  pinnedKeyHex: order.configurationKeyHex,
  readers: virtualReaders([reader]),
})
await contactServer()
reader.insert(loadVirtualCardFile(order.cardPath))
const tools = { journal, keySha256, configuration: configuration(), now: () => new Date() }
const attempt = await SelfServiceUnblock.begin(
  { ...tools, readers: stopping(readers), server: stoppingLine(server) },
  reader.name,
)
attempt.onStep = (step) => {
  if (step === 'authenticate' && !attempt.view.isMet) void attempt.answer('domain', ascii(order.password))
}
await attempt.setNewPin(ascii(order.newPin), false)
console.log('done')
process.exit()
