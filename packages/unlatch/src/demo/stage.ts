import { join } from 'node:path'
import { type Agent, openAgent, openIdentity, personalise, virtualReaders } from '@unlatch/agent'
import { ascii, readHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { type RunningServer, startServer } from '@unlatch/server'
import { personaliseGids, type VirtualCard, VirtualReader } from '@unlatch/virtual-cards'
import { WEB_FOLDER } from '../web-folder.ts'
import type { DemoCard, DemoPerson } from './cast.ts'
import { FACTORY_PIN, OPERATOR, OPERATOR_CARD } from './cast.ts'

export interface AgentWithReader {
  readonly agent: Agent
  readonly reader: VirtualReader
}

/** A server and a station with one virtual reader, on this computer alone. */
export interface Stage extends AgentWithReader {
  readonly server: RunningServer
  /** The same at a cardholder's computer, elsewhere. */
  readonly holder: AgentWithReader
  /** The same at the operator's own computer: the reader for an operator card. */
  readonly operator: AgentWithReader
  close(): Promise<void>
}

/** How much the server says in its log. */
export type LogLevel = 'silent' | 'error' | 'info' | 'debug' | 'trace'

export interface StageOptions {
  readonly port?: number
  readonly logLevel?: LogLevel
  readonly releasesPerHour?: number
  readonly databaseUrl?: string
  readonly operatorCardAuthority?: { certificates: string; revocationLists: string[] }
}

/** The server of a stage alone. */
export function startStageServer(folder: string, options: StageOptions = {}): Promise<RunningServer> {
  const { agentFolder, holderFolder, operatorFolder } = placesIn(folder)
  const keyIn = (place: string) => openIdentity(join(place, 'agent-key.pem')).publicKeyHex
  return startServer({
    folder: join(folder, 'server'),
    webFolder: WEB_FOLDER,
    port: options.port ?? 0,
    isDemo: true,
    organisation: 'Example Organisation',
    helpDeskPhone: '+46 8 555 0100',
    allowsBareForm: true,
    agents: [
      { publicKeyHex: keyIn(agentFolder), name: 'demo station', isStation: true },
      { publicKeyHex: keyIn(holderFolder), name: 'demo laptop', isStation: false },
      { publicKeyHex: keyIn(operatorFolder), name: OPERATOR_CARD.agent, isStation: false },
    ],
    logLevel: options.logLevel ?? 'silent',
    ...(options.databaseUrl !== undefined && { database: { url: options.databaseUrl } }),
    ...(options.operatorCardAuthority && { operatorCardAuthority: options.operatorCardAuthority }),
    ...(options.releasesPerHour && {
      releasesPerHour: options.releasesPerHour,
      releasesPerOperatorAndHour: options.releasesPerHour,
      releasesPerPersonAndDay: options.releasesPerHour,
      personsPerOperatorInTenMinutes: options.releasesPerHour,
      outstandingPerOperator: options.releasesPerHour,
    }),
  })
}

const placesIn = (folder: string) => ({
  agentFolder: join(folder, 'agent'),
  holderFolder: join(folder, 'holder'),
  operatorFolder: join(folder, 'operator'),
})

/** Starts the server and its agents: a station, a holder's and an operator's own; all keep their files in one folder. */
export async function openStage(folder: string, options: StageOptions = {}): Promise<Stage> {
  const { agentFolder, holderFolder, operatorFolder } = placesIn(folder)
  const server = await startStageServer(folder, options)
  const openIn = async (place: string, name: string) => {
    const reader = new VirtualReader(name)
    const { url: serverUrl, configurationKeyHex: pinnedKeyHex } = server
    const agent = openAgent({ folder: place, serverUrl, pinnedKeyHex, readers: virtualReaders([reader]) })
    await agent.contactServer()
    return { agent, reader }
  }
  const station = await openIn(agentFolder, 'Virtual reader')
  const holder = await openIn(holderFolder, 'Built-in reader')
  const operator = await openIn(operatorFolder, OPERATOR_CARD.reader)
  return { server, ...station, holder, operator, close: () => server.close() }
}

/** Whoever visits the demo sees every page; a manager sees what she is asked. */
export async function addDemoOperator(
  { server }: Stage,
  who = OPERATOR,
  role: 'administrator' | 'manager' = 'administrator',
): Promise<void> {
  await server.addOperator({ ...who, roles: [role] })
}

export function addDemoPerson({ server }: Stage, { cards: _, ...person }: DemoPerson): Promise<{ id: string }> {
  return server.addPerson(person)
}

/** What a factory does to a card: a GIDS card is initialised, with Microsoft's admin key; a PIV card is as it comes. */
export function initialise(card: VirtualCard): void {
  if (card.kind !== 'gids') return
  const adminKey = readHex('0102030405060708'.repeat(3))
  personaliseGids(card, { cardId: nodeCrypto.random(16), adminKey, pin: FACTORY_PIN })
}

/** Register and Issue at the station: afterwards the card's secrets are ours. */
export async function issue(
  { agent, reader }: Stage,
  card: VirtualCard,
  wish: DemoCard,
  personId: string,
  templateId?: string,
): Promise<string> {
  initialise(card)
  reader.insert(card)
  const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
  const { label, printedSerial } = wish
  const family = card.kind === 'gids' ? 'gids' : 'piv'
  const limit = family === 'gids' ? { adminKeyTriesLimit: 0 } : {}
  const template = templateId === undefined ? {} : { templateId }
  try {
    return await personalise(tools, reader.name, { personId, family, label, printedSerial, ...limit, ...template })
  } finally {
    reader.remove()
  }
}

/** Types wrong PINs until the card is blocked, as its holder did. */
export function blockPin(card: VirtualCard): void {
  const select = card.kind === 'gids' ? 'A00000039742544659' : 'A00000030800001000'
  const aid = readHex(select)
  card.transmit(Uint8Array.of(0x00, 0xa4, 0x04, 0x00, aid.length, ...aid, 0x00))
  const wrong = card.kind === 'gids' ? ascii('999999') : Uint8Array.of(...ascii('999999'), 0xff, 0xff)
  for (let tries = 0; tries < 16; tries++) card.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x80, wrong.length, ...wrong))
  card.reset()
}

/** Asks the card itself, from a fresh start. */
export function verifies(card: VirtualCard, pin: string): boolean {
  card.reset()
  const aid = readHex(card.kind === 'gids' ? 'A00000039742544659' : 'A00000030800001000')
  card.transmit(Uint8Array.of(0x00, 0xa4, 0x04, 0x00, aid.length, ...aid, 0x00))
  const octets =
    card.kind === 'gids' ? ascii(pin) : Uint8Array.of(...ascii(pin), ...new Uint8Array(8 - pin.length).fill(0xff))
  const answer = card.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x80, octets.length, ...octets))
  return answer.length === 2 && answer[0] === 0x90 && answer[1] === 0x00
}
