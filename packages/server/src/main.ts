import { chmodSync, mkdirSync } from 'node:fs'
import type { Server as TlsServer } from 'node:https'
import { writeHex } from '@unlatch/card'
import {
  type AddIdentity,
  type AddPerson,
  type ClientConfiguration,
  FIPS_201_3,
  groupCode,
  Problem,
  writeCanonicalJson,
} from '@unlatch/contract'
import pino from 'pino'
import type * as z from 'zod/mini'
import { openAgentChannel } from './adapters/agent-channel/agent-channel.ts'
import { openArgon2 } from './adapters/argon2/argon2.ts'
import { AuthorityError, openCardAuthority } from './adapters/card-authority/card-authority.ts'
import { openExportFolder } from './adapters/export-folder/export-folder.ts'
import { fileCarrier } from './adapters/file/sealed-file.ts'
import { ldapDirectory } from './adapters/ldap/ldap.ts'
import { oidcProvider } from './adapters/oidc/oidc.ts'
import { writeEvidenceSheet } from './adapters/pdf/evidence-sheet.ts'
import { letterCarrier } from './adapters/pdf/letter.ts'
import { smtpCarrier } from './adapters/smtp/smtp.ts'
import { openSoftKeys } from './adapters/soft-keys/soft-keys.ts'
import { webhookCarrier } from './adapters/webhook/webhook.ts'
import { type Config, placesIn, readConfig, type ServerOptions } from './config.ts'
import { lockFolder } from './db/folder-lock.ts'
import { type Database, openPostgres, openSqlite } from './db/open.ts'
import { buildServer } from './http/server.ts'
import { readTls, TLS_OPTIONS } from './http/tls.ts'
import { startDeliveries } from './jobs/deliver.ts'
import { startImports } from './jobs/import-people.ts'
import { startAlerts } from './jobs/raise-alerts.ts'
import { startRevocationLists } from './jobs/renew-revocation-lists.ts'
import { sendCode } from './jobs/send-code.ts'
import { startTelling } from './jobs/tell-holders.ts'
import { testConnection } from './jobs/test-connection.ts'
import { perform, type World } from './operations/operation.ts'
import { addPerson } from './operations/people/add-person.ts'
import { addIdentity } from './operations/people/identities.ts'
import { type AcceptedRestore, acceptRestore } from './operations/restore/accept-restore.ts'
import { addOperator } from './operations/set-up/add-operator.ts'
import { issueFirstCode } from './operations/set-up/issue-first-code.ts'
import { recordStart } from './operations/start/record-start.ts'
import type { AgentChannel } from './ports/agents.ts'
import type { CardAuthority } from './ports/card-authority.ts'
import { systemClock } from './ports/clock.ts'
import type { Carriers } from './ports/delivery.ts'
import { type KeyService, KeyServiceError } from './ports/key-service.ts'
import { SYSTEM } from './records/actors.ts'
import { findJournalLead } from './records/generations/journal-lead.ts'
import { hasAnyPasskey } from './records/passkeys/passkeys.ts'
import { countStarts } from './records/server-starts/server-starts.ts'

const VERSION = '0.1.0'

/** Who carries what, by the kind of connection. */
function openCarriers(exportFolder: string): Carriers {
  const exports = openExportFolder(exportFolder)
  return {
    smtp: smtpCarrier,
    letter: letterCarrier(exports),
    file: fileCarrier(exports),
    webhook: webhookCarrier,
  }
}

/** A server that listens. */
export interface RunningServer {
  /** Where it listens. */
  readonly url: string
  /** Where people reach it. */
  readonly origin: string
  /** Ed25519 key of the client configuration, 32 bytes in hexadecimal: what agents pin. */
  readonly configurationKeyHex: string
  /** The database was restored: nothing that concerns a card's secrets is done before `unlatch restore accept`. */
  readonly isBehindJournal: boolean
  /** Takes up a renewed certificate; connections that stand go on. Throws Problem `wrong-usage`, and keeps the old one. */
  reloadTls(): void
  /** What a first start puts in; performed by the system, recorded like everything else. */
  addPerson(person: z.input<typeof AddPerson>): Promise<{ id: string }>
  addOperator(operator: z.infer<typeof addOperator.input>): Promise<{ id: string }>
  addIdentity(identity: AddIdentity): Promise<{ id: string }>
  /**
   * With it the first administrator sets himself up at `/set-up`. Fresh at each start while nobody can sign in, which voids
   * the one before; undefined afterwards, and in the demo.
   */
  readonly setUpCode: string | undefined
  close(): Promise<void>
}

/** Chooses the adapters and starts everything. The only file that knows them. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const config = readConfig(options)
  const tls = config.tls && readTls(config.tls)
  const log = openLog(config)
  const opened = await openWorld(config, log)
  try {
    const { channel } = opened
    const settings = { ...opened.world.settings }
    const world: World = { ...opened.world, settings }
    if (!world.isBehindJournal) await perform(recordStart, world, { version: VERSION }, SYSTEM)
    const clientConfiguration = await signConfiguration(world, config)
    const { isDemo, helpDeskPhone } = config
    const carriers = openCarriers(config.exportFolder ?? placesIn(config.folder).exports)
    const app = await buildServer({
      world,
      config,
      log,
      tls,
      channel,
      status: { version: VERSION, isDemo, helpDeskPhone },
      clientConfiguration: async () => clientConfiguration,
      directory: ldapDirectory,
      provider: oidcProvider,
      writeEvidenceSheet,
      sendCode: (wish, actor) => sendCode(world, carriers, config, wish, actor),
      testConnection: (wish, actor) =>
        testConnection(world, { carriers, directory: ldapDirectory, provider: oidcProvider }, config, wish, actor),
    })
    const { code } = isDemo ? { code: undefined } : await issueFirstCodeIn(world)
    await app.listen({ host: config.host, port: config.port })
    const address = app.server.address()
    const port = typeof address === 'object' && address !== null ? address.port : config.port
    const url = tls ? `https://${config.host}:${port}` : `http://localhost:${port}`
    // Only now the port is known; nobody was answered before.
    settings.origin ||= url
    const deliveries = world.isBehindJournal ? undefined : startDeliveries(world, carriers, config)
    const alerts = world.isBehindJournal ? undefined : startAlerts(world, carriers, config)
    const imports = world.isBehindJournal ? undefined : startImports(world)
    const telling = world.isBehindJournal ? undefined : startTelling(world, carriers, config)
    const lists = startRevocationLists(world)
    return {
      url,
      origin: settings.origin,
      setUpCode: code && groupCode(code, 'set-up-code').join('-'),
      configurationKeyHex: writeHex(world.keys.configurationKey),
      isBehindJournal: world.isBehindJournal,
      reloadTls() {
        if (config.tls && 'setSecureContext' in app.server) {
          ;(app.server as TlsServer).setSecureContext({ ...TLS_OPTIONS, ...readTls(config.tls) })
        }
      },
      addPerson: (person) => perform(addPerson, world, person, SYSTEM),
      addOperator: (operator) => perform(addOperator, world, operator, SYSTEM),
      addIdentity: (identity) => perform(addIdentity, world, identity, SYSTEM),
      async close() {
        await app.close()
        await deliveries?.close()
        await alerts?.close()
        await telling?.close()
        await imports?.close()
        await lists.close()
        await opened.close()
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Asked first, so that the log does not fill with starts at which there was nothing to do. */
async function issueFirstCodeIn(world: World): Promise<{ code: string | undefined }> {
  if (await hasAnyPasskey(world.database.reads)) return { code: undefined }
  return perform(issueFirstCode, world, {}, SYSTEM)
}

/** What the key custodian does after a restore, with no server running. */
export async function acceptRestoredDatabase(options: ServerOptions): Promise<AcceptedRestore> {
  const config = readConfig(options)
  const { world, close } = await openWorld(config, openLog(config))
  try {
    return await perform(acceptRestore, { ...world, isBehindJournal: false }, {}, SYSTEM)
  } finally {
    await close()
  }
}

function openLog(config: Config): pino.Logger {
  const redact = ['req.headers.cookie', 'req.headers.authorization', 'res.headers["set-cookie"]']
  return pino({ level: config.logLevel, redact }, pino.destination({ dest: 2, sync: false }))
}

/** Takes the folder, opens the database and the keys in it. Whatever fails, what was opened is closed. */
async function openWorld(
  config: Config,
  log: pino.Logger,
): Promise<{ world: World; channel: AgentChannel; close(): Promise<void> }> {
  const places = placesIn(config.folder)
  const cardAuthority = openAuthority(config)
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  chmodSync(config.folder, 0o700)
  const unlock = lockFolder(places.lock)
  const closing: (() => Promise<void>)[] = [async () => unlock()]
  const close = async () => {
    for (const step of closing.splice(0).toReversed()) await step()
  }
  try {
    const { database: cluster } = config
    const database = await (cluster ? openPostgres(cluster.url) : openSqlite(places.database))
    closing.push(() => database.close())
    const keys = await openKeys(config, places)
    closing.push(() => keys.close())
    const isBehindJournal = await isRestored(database, keys)
    if (isBehindJournal) log.error({}, 'the database is older than the key journal: unlatch restore accept')
    const channel = openAgentChannel()
    closing.push(async () => channel.close())
    const world: World = {
      database,
      keys,
      agents: channel,
      clock: systemClock,
      passwords: await openArgon2(),
      cardAuthority,
      settings: { ...config, origin: config.origin ?? '' },
      isBehindJournal,
      log: { error: (facts, message) => log.error(facts, message) },
    }
    return { world, channel, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** True when the key journal knows more than the database, or came out of a backup itself. */
async function isRestored(database: Database, keys: KeyService): Promise<boolean> {
  const { node, starts, isOld } = await keys.journalState()
  if (isOld || (await countStarts(database.reads, node)) < starts) return true
  return (await findJournalLead(database.reads, keys)).length > 0
}

function openAuthority({ operatorCardAuthority: places }: Config): CardAuthority | undefined {
  try {
    return places && openCardAuthority(places)
  } catch (cause) {
    if (!(cause instanceof AuthorityError)) throw cause
    throw new Problem('wrong-usage', { detail: `operatorCardAuthority: ${cause.message}`, cause })
  }
}

function openKeys(config: Config, places: ReturnType<typeof placesIn>): Promise<KeyService> {
  const { passphrase, keyFile = places.keyFile, releasesPerHour } = config
  const protection = passphrase === undefined ? { keyFile } : { passphrase }
  return openSoftKeys({ folder: places.keys, protection, clock: systemClock, releasesPerHour }).catch((cause) => {
    throw cause instanceof KeyServiceError ? new Problem('keys-locked', { detail: cause.message, cause }) : cause
  })
}

async function signConfiguration(world: World, config: Config) {
  const configuration: ClientConfiguration = {
    version: 1,
    unblockKeys: world.keys.unblockPoints.map(writeHex),
    pinPolicy: { ...FIPS_201_3, blockList: [...FIPS_201_3.blockList] },
    helpDeskPhone: config.helpDeskPhone,
    organisation: config.organisation,
  }
  const document = writeCanonicalJson(configuration)
  const signature = writeHex(await world.keys.signClientConfiguration(new TextEncoder().encode(document)))
  return { document, signature }
}
