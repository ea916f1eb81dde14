import { createHash } from 'node:crypto'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  AGENT_PROTOCOL,
  type AgentJob,
  type Enrolled,
  FIPS_201_3,
  Problem,
  type SelfServiceOffer,
  type SignJob,
  type UnblockJob,
} from '@unlatch/contract'
import { lookAtComputer } from './adapters/computer/computer.ts'
import { openIdentity } from './adapters/identity/identity.ts'
import { openJournal } from './adapters/journal/journal.ts'
import { openPinPolicies } from './adapters/pin-policies/pin-policies.ts'
import { lookAtServer } from './adapters/server/look-at-server.ts'
import { enrol, fetchConfiguration, findConfiguration, serverClient } from './adapters/server/server-client.ts'
import { type ChannelState, ServerChannel } from './channel/server-channel.ts'
import { examine, type Finding, lookAtReaders } from './tasks/examine.ts'
import { issueCard } from './tasks/personalise.ts'
import type { CardReaders, Configuration, Journal, PinPolicies, ServerClient } from './tasks/ports.ts'
import { readersInTurn } from './tasks/readers-in-turn.ts'
import { reportOutcomes } from './tasks/report-outcomes.ts'
import { CardWatch } from './tasks/see-cards.ts'
import type { CardSignature } from './tasks/sign-statement.ts'
import type { JobNews } from './tasks/unblock-connected.ts'

/** The agent of this computer: its readers, its journal, its key, its server. */
export interface Agent {
  readonly readers: CardReaders
  readonly journal: Journal
  readonly server: ServerClient
  /** 32 bytes in hexadecimal: what an administrator enrols. */
  readonly publicKeyHex: string
  /** What the server signed, or (before the first contact) the FIPS 201-3 preset without an unblock key. */
  configuration(): Configuration
  /** The rules for the PIN of each card. */
  readonly policies: PinPolicies
  /** Whether the holder of a card may unblock it himself: as the server says soon, or `server-unreachable`. */
  offerOf(cardUuidHex: string): Promise<SelfServiceOffer>
  /** True when a configuration signed by the server is here. */
  isConfigured(): boolean
  /**
   * Fetches the configuration, says hello and reports what is unreported.
   *
   * @throws Problem `server-unreachable`, `agent-too-old`, `server-too-old`.
   */
  contactServer(): Promise<void>
  /** Opens the channel: tells the server what is in the readers, and does the jobs that it sends, until it is closed. */
  openChannel(wish?: ChannelWish): { close(): void }
  /** SHA-256 of this agent's public key, in upper-case hexadecimal. */
  readonly keySha256: string
  /** The PIN of a card changed: the server is told how it stands now. */
  lookAgain(reader: string): void
  /** Where this agent keeps its files. */
  readonly folder: string
}

/** What whoever opens the channel takes part in. */
export interface ChannelWish {
  /** Told of each change of the connection. */
  readonly onState?: (state: ChannelState) => void
  /** Shows an unblock that an operator asks for; absent: nobody is here to see it. */
  readonly unblock?: (job: UnblockJob, news: JobNews) => Promise<void>
  /** Shows what an operator is to sign with a card, and signs it; absent: nobody is here to see it. */
  readonly sign?: (job: SignJob, news: JobNews) => Promise<CardSignature>
}

/** What an agent must be told. */
export interface AgentOptions {
  readonly folder: string
  readonly serverUrl: string
  /** The server's configuration key, pinned at installation. */
  readonly pinnedKeyHex: string
  readonly readers: CardReaders
}

const PRESET: Configuration = {
  version: 0,
  unblockKeys: [],
  pinPolicy: { ...FIPS_201_3, blockList: [...FIPS_201_3.blockList] },
  helpDeskPhone: '',
  organisation: '',
}

/** A card in the reader waits no longer for the rules of its PIN. */
const POLICY_TIMEOUT_MS = 2000

/** In the agent's folder. */
const KEY_FILE = 'agent-key.pem'
const CONFIGURATION_FILE = 'configuration.json'

const ABOUT = { version: '0.1.0', platform: `${process.platform} ${process.arch}` }

/** Opens the agent. The only file here that chooses adapters, but for the readers: those are handed in. */
export function openAgent({ folder, serverUrl, pinnedKeyHex, readers: ours }: AgentOptions): Agent {
  const readers = readersInTurn(ours)
  let watch: CardWatch | undefined
  const identity = openIdentity(join(folder, KEY_FILE))
  const journal = openJournal(join(folder, 'journal.jsonl'))
  const configurationPath = join(folder, CONFIGURATION_FILE)
  const server = serverClient(serverUrl, identity)
  let configuration = findConfiguration(pinnedKeyHex, configurationPath)
  const impatient = serverClient(serverUrl, identity, POLICY_TIMEOUT_MS)
  const policiesPath = join(folder, 'pin-policies.json')
  const policies = openPinPolicies(impatient, policiesPath, () => (configuration ?? PRESET).pinPolicy)
  return {
    folder,
    readers,
    journal,
    server,
    policies,
    offerOf: (cardUuidHex) => impatient.selfServiceOffer(cardUuidHex),
    publicKeyHex: identity.publicKeyHex,
    keySha256: createHash('sha256').update(Buffer.from(identity.publicKeyHex, 'hex')).digest('hex').toUpperCase(),
    configuration: () => configuration ?? PRESET,
    isConfigured: () => configuration !== undefined,
    lookAgain: (reader) => watch?.lookAgain(reader),
    async contactServer() {
      configuration = await fetchConfiguration(serverUrl, pinnedKeyHex, configurationPath)
      if (await sayHello(server)) await reportOutcomes(journal, server)
    },
    openChannel({ onState, unblock, sign } = {}) {
      const run = async (job: AgentJob, news: JobNews) => {
        if (!configuration) configuration = await fetchConfiguration(serverUrl, pinnedKeyHex, configurationPath)
        try {
          if (job.kind === 'issue') await issueCard({ readers, server, configuration }, job.reader, job.cardId)
          else if (job.kind === 'sign') await signFor(server, job, news, sign)
          else await takePart(server, job, news, unblock)
        } finally {
          // What the card is has changed: whoever looks at it begins anew. After an unblock it is the same card, at the end
          // of its attempt.
          if (job.kind === 'issue') readers.changed(job.reader)
        }
      }
      // What could not be told while the line was away is told as soon as it is back.
      const follow = (state: ChannelState) => {
        if (state.kind === 'connected') reportOutcomes(journal, server).catch(() => {})
        onState?.(state)
      }
      const channel = new ServerChannel({ serverUrl, identity, hello: ABOUT, run, onState: follow })
      watch = new CardWatch(readers, (seen) => channel.see(seen))
      return {
        close() {
          watch?.close()
          channel.close()
        },
      }
    },
  }
}

/** How this computer is enrolled. */
export interface EnrolmentWish {
  readonly folder: string
  readonly serverUrl: string
  /** As it was typed. */
  readonly code: string
  /** The server's configuration key, where somebody knows it already: without its signature the code is not sent. */
  readonly pinnedKeyHex?: string | undefined
  /** A key of its own in place of the one that it has. */
  readonly isNewKey: boolean
}

/**
 * Enrols this computer's agent: makes its key, if it has none, and shows the code. The key that the server answers with is
 * pinned from then on, and has signed the configuration that is fetched with it. What the server refuses leaves everything
 * as it was.
 *
 * @throws Problem `enrolment-code-refused`, `agent-exists`, `agent-clock`, `sign-in-throttled`, `server-unreachable`,
 *   `configuration-missing` when the server does not have the key that it should.
 */
export async function enrolThisComputer(wish: EnrolmentWish): Promise<Enrolled> {
  const { folder, serverUrl, code, pinnedKeyHex, isNewKey } = wish
  const configurationPath = join(folder, CONFIGURATION_FILE)
  if (pinnedKeyHex !== undefined) await fetchConfiguration(serverUrl, pinnedKeyHex, configurationPath)
  const path = join(folder, KEY_FILE)
  const freshPath = `${path}.new`
  rmSync(freshPath, { force: true })
  const isFresh = isNewKey || !existsSync(path)
  const identity = openIdentity(isFresh ? freshPath : path)
  const shown = { code, protocol: AGENT_PROTOCOL.newest, ...ABOUT }
  const enrolled = await enrol(serverUrl, identity, shown).catch((error: unknown) => {
    rmSync(freshPath, { force: true })
    throw error
  })
  if (isFresh) renameSync(freshPath, path)
  await fetchConfiguration(serverUrl, enrolled.configurationKeyHex, configurationPath)
  return enrolled
}

/**
 * Looks at this computer: readers and cards, the server, and what might record a PIN. Makes no key and keeps nothing.
 *
 * @param serverUrl - undefined where this computer belongs to no server yet.
 * @param readers - undefined where the system has no PC/SC.
 */
export async function examineComputer(options: {
  readonly folder: string
  readonly serverUrl: string | undefined
  readonly readers: CardReaders | undefined
}): Promise<Finding[]> {
  const { folder, serverUrl, readers } = options
  const path = join(folder, KEY_FILE)
  const identity = existsSync(path) ? openIdentity(path) : undefined
  return examine({
    readers: readers ? await lookAtReaders(readers) : 'no-service',
    server: serverUrl === undefined ? { kind: 'unsaid' } : await lookAtServer(serverUrl, identity, ABOUT),
    ...(await lookAtComputer()),
  })
}

/** True when the server knows this agent. One that nobody enrolled may still have the configuration, and unblocks with it. */
async function sayHello(server: ServerClient): Promise<boolean> {
  try {
    await server.hello({ protocol: AGENT_PROTOCOL.newest, ...ABOUT })
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'agent-unknown') return false
    throw error
  }
}

/** A signature that an operator asks for. How it ended is told, so that nobody waits. */
async function signFor(server: ServerClient, job: SignJob, news: JobNews, sign: ChannelWish['sign']): Promise<void> {
  const { signingId } = job
  try {
    if (!sign) throw new Problem('page-not-open')
    const signed = await sign(job, news)
    await server.answerSigning({ signingId, answer: { kind: 'signed', ...signed } })
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'card-fault'
    await server.answerSigning({ signingId, answer: { kind: 'ended', problem } }).catch(() => {})
    throw error
  }
}

/** An unblock that an operator asks for. What ends it before the card saw anything is told, so that nobody waits. */
async function takePart(
  server: ServerClient,
  job: UnblockJob,
  news: JobNews,
  unblock: ChannelWish['unblock'],
): Promise<void> {
  try {
    if (!unblock) throw new Problem('page-not-open')
    await unblock(job, news)
  } catch (error) {
    const problem = error instanceof Problem ? error.code : 'card-fault'
    await server.dropUnblock({ unblockId: job.unblockId, problem }).catch(() => {})
    throw error
  }
}
