import { chmodSync, mkdirSync } from 'node:fs'
import { writeHex } from '@unlatch/card'
import { type ClientConfiguration, FIPS_201_3, Problem, writeCanonicalJson } from '@unlatch/contract'
import pino from 'pino'
import type * as z from 'zod/mini'
import { openArgon2 } from './adapters/argon2/argon2.ts'
import { openSoftKeys } from './adapters/soft-keys/soft-keys.ts'
import { Config, placesIn } from './config.ts'
import { lockFolder } from './db/folder-lock.ts'
import { openSqlite } from './db/open.ts'
import { buildServer } from './http/server.ts'
import { perform, type World } from './operations/operation.ts'
import { addOperator } from './operations/set-up/add-operator.ts'
import { addPerson } from './operations/set-up/add-person.ts'
import { systemClock } from './ports/clock.ts'
import { KeyServiceError } from './ports/key-service.ts'
import { SYSTEM } from './records/actors.ts'

/** A server that listens. */
export interface RunningServer {
  readonly url: string
  /** Ed25519 key of the client configuration, 32 bytes in hexadecimal: what agents pin. */
  readonly configurationKeyHex: string
  /** What a first start puts in; performed by the system, recorded like everything else. */
  addPerson(person: z.infer<typeof addPerson.input>): Promise<{ id: string }>
  addOperator(operator: z.infer<typeof addOperator.input>): Promise<{ id: string }>
  close(): Promise<void>
}

/** Chooses the adapters and starts everything. The only file that knows them. */
export async function startServer(
  options: Partial<Config> & Pick<Config, 'folder' | 'webFolder'>,
): Promise<RunningServer> {
  const config = Config.parse(options)
  if (!['127.0.0.1', '::1', 'localhost'].includes(config.host)) {
    throw new Error(`host ${config.host}: without TLS the server listens on this computer only`)
  }
  const places = placesIn(config.folder)
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  chmodSync(config.folder, 0o700)
  const unlock = lockFolder(places.lock)
  const redact = ['req.headers.cookie', 'req.headers.authorization', 'res.headers["set-cookie"]']
  const log = pino({ level: config.logLevel, redact }, pino.destination({ dest: 2, sync: false }))
  const database = await openSqlite(places.database)
  const protection = config.passphrase === undefined ? { keyFile: places.keyFile } : { passphrase: config.passphrase }
  const { releasesPerHour } = config
  const keys = await openSoftKeys({ folder: places.keys, protection, clock: systemClock, releasesPerHour }).catch(
    (cause) => {
      throw cause instanceof KeyServiceError ? new Problem('keys-locked', { detail: cause.message, cause }) : cause
    },
  )
  const world: World = {
    database,
    keys,
    clock: systemClock,
    passwords: await openArgon2(),
    settings: config,
    log: { error: (facts, message) => log.error(facts, message) },
  }
  const clientConfiguration = await signConfiguration(world, config)
  const app = await buildServer({
    world,
    config,
    log,
    status: { version: '0.1.0', isDemo: config.isDemo, isNotForProduction: true, helpDeskPhone: config.helpDeskPhone },
    clientConfiguration: async () => clientConfiguration,
  })
  await app.listen({ host: config.host, port: config.port })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  return {
    url: `http://localhost:${port}`,
    configurationKeyHex: writeHex(keys.configurationKey),
    addPerson: (person) => perform(addPerson, world, person, SYSTEM),
    addOperator: (operator) => perform(addOperator, world, operator, SYSTEM),
    async close() {
      await app.close()
      await keys.close()
      await database.close()
      unlock()
    },
  }
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
