import { join } from 'node:path'
import { LANGUAGES, Problem } from '@unlatch/contract'
import * as z from 'zod/mini'

const path = () => z.string().check(z.minLength(1))

/** The server's configuration: every field has a default or a clear refusal, and a misspelt one is refused by name. */
const Config = z.strictObject({
  /** Folder of the database, the keys and their journal; made with mode 0700. */
  folder: path(),
  /** A database of a PostgreSQL cluster, which several servers may share; absent: an embedded one in the folder. */
  database: z.optional(z.strictObject({ url: z.string().check(z.regex(/^postgres(ql)?:\/\//)) })),
  /** Folder for letters and sealed files; by default `export` in the folder. A backup does not hold it. */
  exportFolder: z.optional(path()),
  host: z.prefault(z.string(), '127.0.0.1'),
  port: z.prefault(z.number().check(z.int(), z.minimum(0), z.maximum(65_535)), 0),
  /** Proxies in front, by address or network: only these are believed when they say whom they ask for. */
  trustedProxies: z.prefault(z.array(z.string().check(z.regex(/^[0-9a-f.:]+(\/\d{1,3})?$/i))), []),
  /** Certificate (with its chain) and private key as PEM files; without them the server listens on this computer only. */
  tls: z.optional(z.strictObject({ certificate: path(), key: path() })),
  /** Where people reach the console, when it is not `http://localhost` at its port; passkeys are bound to it. */
  origin: z.optional(z.string().check(z.regex(/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d+)?$/))),
  /** Built pages. */
  webFolder: z.string(),
  isDemo: z.prefault(z.boolean(), false),
  organisation: z.prefault(z.string(), ''),
  helpDeskPhone: z.prefault(z.string(), ''),
  /** In which people are written to who have no other. */
  language: z.prefault(z.enum(LANGUAGES), 'en'),
  /** Opens the key store: a passphrase, or (absent) a key file of 32 bytes; by default `keys/unlock.key` in the folder. */
  passphrase: z.optional(z.string()),
  keyFile: z.optional(path()),
  allowsBareForm: z.prefault(z.boolean(), false),
  releasesPerCardAndDay: z.prefault(z.number().check(z.int(), z.minimum(1)), 5),
  releasesPerOperatorAndHour: z.prefault(z.number().check(z.int(), z.minimum(1)), 30),
  releasesPerPersonAndDay: z.prefault(z.number().check(z.int(), z.minimum(1)), 10),
  personsPerOperatorInTenMinutes: z.prefault(z.number().check(z.int(), z.minimum(1)), 20),
  outstandingPerOperator: z.prefault(z.number().check(z.int(), z.minimum(1)), 20),
  /** The key service stops here, whatever the other limits say. */
  releasesPerHour: z.prefault(z.number().check(z.int(), z.minimum(1)), 600),
  /** A session ends after so long, and when it was not used for so long. */
  sessionHours: z.prefault(z.number().check(z.positive(), z.maximum(24 * 30)), 10),
  sessionIdleMinutes: z.prefault(z.number().check(z.positive(), z.maximum(24 * 60)), 30),
  /** Enrolled agents, by their Ed25519 public keys (32 bytes, hexadecimal). */
  agents: z.prefault(
    z.array(
      z.strictObject({
        publicKeyHex: z.string().check(z.regex(/^[0-9A-F]{64}$/)),
        name: z.string(),
        isStation: z.boolean(),
      }),
    ),
    [],
  ),
  /**
   * Whose certificates operators' cards must have: a PEM file of roots and of authorities below them, and where their
   * revocation lists are, as files or `http(s)` addresses. Absent: a card that an operator added is taken as it is.
   */
  operatorCardAuthority: z.optional(
    z.strictObject({
      certificates: path(),
      revocationLists: z
        .array(path().check(z.regex(/^(https?:\/\/|(?![a-z][a-z0-9+.-]+:\/\/))/i)))
        .check(z.minLength(1)),
    }),
  ),
  logLevel: z.prefault(z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']), 'info'),
})
export type Config = z.infer<typeof Config>

/** What a server must be told; everything else has a default. */
export type ServerOptions = Partial<Config> & Pick<Config, 'folder' | 'webFolder'>

const LOOPBACK_HOSTS = ['127.0.0.1', '::1', 'localhost']

/**
 * The configuration, whole.
 *
 * @throws Problem `wrong-usage` that names each field that is wrong or unknown.
 */
export function readConfig(options: ServerOptions): Config {
  const parsed = Config.safeParse(options)
  if (!parsed.success) {
    throw new Problem('wrong-usage', { detail: `configuration: ${parsed.error.issues.map(describeIssue).join('; ')}` })
  }
  const config = parsed.data
  if (!config.tls && !LOOPBACK_HOSTS.includes(config.host)) {
    throw new Problem('wrong-usage', {
      detail: `configuration: host ${config.host} needs tls: without it the server listens on this computer only`,
    })
  }
  if (config.tls && config.origin === undefined) {
    throw new Problem('wrong-usage', { detail: 'configuration: tls needs origin, the address that people type' })
  }
  return config
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.')
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`
  return issue.keys.map((key) => `there is no field ${where ? `${where}.${key}` : key}`).join('; ')
}

/** Where things lie inside the folder. */
export const placesIn = (folder: string) => ({
  database: join(folder, 'unlatch.db'),
  lock: join(folder, 'server.lock'),
  keys: join(folder, 'keys'),
  exports: join(folder, 'export'),
  keyFile: join(folder, 'keys', 'unlock.key'),
})
