import { join } from 'node:path'
import * as z from 'zod/mini'

/** The server's configuration: every field has a default or a clear refusal. */
export const Config = z.object({
  /** Folder of the database, the keys and their journal; made with mode 0700. */
  folder: z.string().check(z.minLength(1)),
  /** A database of a PostgreSQL cluster, which several servers may share; absent: an embedded one in the folder. */
  database: z.optional(z.object({ url: z.string().check(z.regex(/^postgres(ql)?:\/\//)) })),
  host: z.prefault(z.string(), '127.0.0.1'),
  port: z.prefault(z.number().check(z.int(), z.minimum(0), z.maximum(65_535)), 0),
  /** Where people reach the console, when it is not `http://localhost` at its port; passkeys are bound to it. */
  origin: z.optional(z.string().check(z.regex(/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d+)?$/))),
  /** Built pages. */
  webFolder: z.string(),
  isDemo: z.prefault(z.boolean(), false),
  organisation: z.prefault(z.string(), ''),
  helpDeskPhone: z.prefault(z.string(), ''),
  /** Opens the key store: a passphrase, or (absent) the key file `keys/unlock.key` in the folder. */
  passphrase: z.optional(z.string()),
  allowsBareForm: z.prefault(z.boolean(), false),
  releasesPerCardAndDay: z.prefault(z.number().check(z.int(), z.minimum(1)), 5),
  releasesPerOperatorAndHour: z.prefault(z.number().check(z.int(), z.minimum(1)), 30),
  /** The key service stops here, whatever the other limits say. */
  releasesPerHour: z.prefault(z.number().check(z.int(), z.minimum(1)), 600),
  /** A session ends after so long, and when it was not used for so long. */
  sessionHours: z.prefault(z.number().check(z.positive(), z.maximum(24 * 30)), 10),
  sessionIdleMinutes: z.prefault(z.number().check(z.positive(), z.maximum(24 * 60)), 30),
  /** Enrolled agents, by their Ed25519 public keys (32 bytes, hexadecimal). */
  agents: z.prefault(
    z.array(
      z.object({ publicKeyHex: z.string().check(z.regex(/^[0-9A-F]{64}$/)), name: z.string(), isStation: z.boolean() }),
    ),
    [],
  ),
  logLevel: z.prefault(z.enum(['silent', 'error', 'warn', 'info', 'debug', 'trace']), 'info'),
})
export type Config = z.infer<typeof Config>

/** Where things lie inside the folder. */
export const placesIn = (folder: string) => ({
  database: join(folder, 'unlatch.db'),
  lock: join(folder, 'server.lock'),
  keys: join(folder, 'keys'),
  keyFile: join(folder, 'keys', 'unlock.key'),
})
