import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Agent, OfflineUnblock, openAgent, openIdentity, personalise, virtualReaders } from '@unlatch/agent'
import { ascii, readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { Problem } from '@unlatch/contract'
import { type RunningServer, startServer } from '@unlatch/server'
import {
  loadVirtualCardFile,
  openCardFile,
  personaliseGids,
  type VirtualCard,
  type VirtualCardKind,
  VirtualReader,
} from '@unlatch/virtual-cards'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'

/** A real server, a real agent and virtual cards in files, for journeys in which something breaks. */

const OLD_PIN = '123456'
const OPERATOR = { name: 'Olivia Operator', userName: 'olivia', password: 'open-sesame-test' }
const SELECT = {
  gids: readHex('00A4040009A0000003974254465900'),
  piv: readHex('00A4040009A0000003080000100000'),
}
const selectOf = (card: VirtualCard) => (card.kind === 'gids' ? SELECT.gids : SELECT.piv)

/** How the server of these journeys is started, in whatever process. */
function serverOptions(folder: string) {
  const { publicKeyHex } = openIdentity(join(folder, 'agent', 'agent-key.pem'))
  return {
    folder: join(folder, 'server'),
    webFolder: folder,
    isDemo: true,
    allowsBareForm: true,
    releasesPerCardAndDay: 1000,
    releasesPerOperatorAndHour: 1000,
    releasesPerPersonAndDay: 1000,
    personsPerOperatorInTenMinutes: 1000,
    outstandingPerOperator: 1000,
    releasesPerHour: 1000,
    agents: [{ publicKeyHex, name: 'test station', isStation: true }],
    logLevel: 'silent' as const,
  }
}

/** Starts the server over its folder and adds the operator where there is none yet. */
export async function openServer(folder: string, isNew = true): Promise<RunningServer> {
  const server = await startServer(serverOptions(folder))
  if (isNew) await server.addOperator({ ...OPERATOR, roles: ['supervisor'] })
  return server
}

/** Where a server can be reached, in whatever process it runs. */
export type Reachable = Pick<RunningServer, 'url' | 'configurationKeyHex'>

export async function signIn(server: Pick<Reachable, 'url'>): Promise<OperatorClient> {
  const operator = new OperatorClient(server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  return operator
}

/** The agent from its folder, as after a restart, and a reader of its own. */
export function openWorkplace(folder: string, { url, configurationKeyHex }: Reachable) {
  const reader = new VirtualReader('reader')
  const agent = openAgent({
    folder: join(folder, 'agent'),
    serverUrl: url,
    pinnedKeyHex: configurationKeyHex,
    readers: virtualReaders([reader]),
  })
  return { agent, reader }
}
export type Workplace = ReturnType<typeof openWorkplace>

/** A person's card: its row at the server, its memory in a file. */
export interface HeldCard {
  readonly kind: VirtualCardKind
  readonly path: string
  readonly personId: string
  readonly printedSerial: string
}

/** A person, and a card from the factory for them (GIDS: initialised). */
export async function addHolder(server: RunningServer, folder: string, kind: VirtualCardKind): Promise<HeldCard> {
  const printedSerial = `T-${randomUUID()}`
  const person = { name: 'Pia Person', userName: printedSerial, department: 'd', email: 'p@example.org', phone: '+1' }
  const { id: personId } = await server.addPerson({ ...person, manager: 'm' })
  const path = join(folder, `${printedSerial}.json`)
  const card = openCardFile(path, kind)
  if (kind === 'gids') {
    const adminKey = readHex('0102030405060708'.repeat(3))
    personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: OLD_PIN })
  }
  return { kind, path, personId, printedSerial }
}

/** Register and Issue at the station, with whatever card lies in the reader. */
export async function issue({ agent, reader }: Workplace, { kind, personId, printedSerial }: HeldCard): Promise<void> {
  const family = familyOf(kind)
  const limit = family === 'gids' ? { adminKeyTriesLimit: 0 } : {}
  await personalise(stationToolsOf(agent), reader.name, { personId, family, label: kind, printedSerial, ...limit })
}

export const familyOf = (kind: VirtualCardKind) => (kind === 'gids' ? 'gids' : 'piv')

/** What a station works with. */
export const stationToolsOf = ({ readers, server, configuration }: Agent) => ({
  readers,
  server,
  configuration: configuration(),
})

/** The card from its file, with the commands that it hears since then, in hexadecimal. */
export function openHeld({ path }: HeldCard): VirtualCard & { readonly heard: string[] } {
  const card = loadVirtualCardFile(path)
  const heard: string[] = []
  return {
    kind: card.kind,
    atr: card.atr,
    heard,
    reset: () => card.reset(),
    save: () => card.save(),
    transmit(command) {
      heard.push(writeHex(command))
      return card.transmit(command)
    },
  }
}

function verify(held: HeldCard, pin: string): string {
  const card = loadVirtualCardFile(held.path)
  card.transmit(selectOf(card))
  const padding = card.kind === 'gids' ? [] : new Uint8Array(8 - pin.length).fill(0xff)
  const octets = Uint8Array.of(...ascii(pin), ...padding)
  return writeHex(card.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x80, octets.length, ...octets)))
}

export const acceptsPin = (held: HeldCard, pin: string): boolean => verify(held, pin) === '9000'

/** Types wrong PINs until the card is blocked. */
export function block(held: HeldCard): void {
  while (verify(held, '999999') !== '6983');
}

export function isBlocked(held: HeldCard): boolean {
  const card = loadVirtualCardFile(held.path)
  card.transmit(selectOf(card))
  return writeHex(card.transmit(readHex('00200080'))) === '6983'
}

/** Tries that the card's PUK really has left; Infinity for a card without a PUK. */
export function pukTries(held: HeldCard): number {
  const state = loadVirtualCardFile(held.path).save()
  return state.kind === 'gids' ? Number.POSITIVE_INFINITY : state.puk.left
}

/** What the server believes of the card and of its releases, newest first. */
export async function beliefOf(operator: OperatorClient, held: HeldCard) {
  const { cards, history } = await operator.person(held.personId)
  const [card] = cards
  return { card, outcomes: history.map(({ outcome }) => outcome) }
}

/** The operator takes a call about the card. */
export async function openCall(operator: OperatorClient, held: HeldCard): Promise<string> {
  const { card } = await beliefOf(operator, held)
  if (!card) throw new Error('the person has no card')
  return (await operator.openUnblock(card.id)).id
}

/** The cryptogram for a challenge. */
export async function release(operator: OperatorClient, unblockId: string, challenge: string): Promise<string> {
  const wish = { challenge, idempotencyKey: randomUUID() }
  return (await operator.releaseCryptogram(unblockId, wish)).code
}

/** The operator's part of a call: from the challenge to the cryptogram. */
export async function answerCall(operator: OperatorClient, held: HeldCard, challenge: string): Promise<string> {
  return release(operator, await openCall(operator, held), challenge)
}

/** Windows' own screen shows a challenge, and its answer is released; whether anybody typed it is not known. */
export async function releaseBare(operator: OperatorClient, held: HeldCard): Promise<void> {
  const card = loadVirtualCardFile(held.path)
  card.transmit(SELECT.gids)
  card.transmit(readHex('0022C1A403830180'))
  const challenge = writeHex(card.transmit(readHex('00870000047C02810000'))).slice(8, 24)
  const unblockId = await openCall(operator, held)
  const bare = { challengeAgain: challenge, serialEnd: held.printedSerial.replaceAll('-', '').slice(-4) }
  const wish = { challenge, idempotencyKey: randomUUID(), bare } as const
  await operator.releaseCryptogram(unblockId, wish)
}

/** Every kind of virtual card: where something breaks at the card. */
export const ALL_KINDS = ['gids', 'piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const
/** Those that server and agent do not treat alike: where a process is killed. */
export const KILLED_KINDS = ['gids', 'piv-strict', 'yubikey-3des'] as const

/** A whole call without the receipt read back; the problem that it ended with, if one did. */
export async function call(
  { agent, reader }: Workplace,
  operator: OperatorClient,
  held: HeldCard,
  newPin: string,
): Promise<Problem | undefined> {
  try {
    const attempt = await OfflineUnblock.begin(toolsOf(agent), reader.name)
    try {
      const code = await answerCall(operator, held, attempt.way.challenge)
      await attempt.enterCryptogram(ascii(code))
      await attempt.setNewPin(ascii(newPin), false)
      return undefined
    } finally {
      await attempt.end()
    }
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

export const toolsOf = ({ readers, journal, configuration }: Agent) => ({
  readers,
  journal,
  configuration: configuration(),
  now: () => new Date(),
})
