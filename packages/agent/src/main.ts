import { join } from 'node:path'
import { FIPS_201_3 } from '@unlatch/contract'
import { openIdentity } from './adapters/identity/identity.ts'
import { openJournal } from './adapters/journal/journal.ts'
import { fetchConfiguration, findConfiguration, serverClient } from './adapters/server/server-client.ts'
import type { CardReaders, Configuration, Journal, ServerClient } from './tasks/ports.ts'
import { reportOutcomes } from './tasks/report-outcomes.ts'

/** The agent of this computer: its readers, its journal, its key, its server. */
export interface Agent {
  readonly readers: CardReaders
  readonly journal: Journal
  readonly server: ServerClient
  /** 32 bytes in hexadecimal: what an administrator enrols. */
  readonly publicKeyHex: string
  /** What the server signed, or (before the first contact) the FIPS 201-3 preset without an unblock key. */
  configuration(): Configuration
  /** True when a configuration signed by the server is here. */
  isConfigured(): boolean
  /** Fetches the configuration and reports what is unreported. Throws Problem `server-unreachable`. */
  contactServer(): Promise<void>
  /** Where this agent keeps its files. */
  readonly folder: string
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

/** Opens the agent. The only file here that chooses adapters, but for the readers: those are handed in. */
export function openAgent({ folder, serverUrl, pinnedKeyHex, readers }: AgentOptions): Agent {
  const identity = openIdentity(join(folder, 'agent-key.pem'))
  const journal = openJournal(join(folder, 'journal.jsonl'))
  const configurationPath = join(folder, 'configuration.json')
  const server = serverClient(serverUrl, identity)
  let configuration = findConfiguration(pinnedKeyHex, configurationPath)
  return {
    folder,
    readers,
    journal,
    server,
    publicKeyHex: identity.publicKeyHex,
    configuration: () => configuration ?? PRESET,
    isConfigured: () => configuration !== undefined,
    async contactServer() {
      configuration = await fetchConfiguration(serverUrl, pinnedKeyHex, configurationPath)
      await reportOutcomes(journal, server)
    },
  }
}
