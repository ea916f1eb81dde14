import { Problem } from '@unlatch/contract'
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { expectScalars } from './errors.ts'

/** How a pool of connections to PostgreSQL is opened. */
export interface PostgresOptions {
  readonly isReadOnly?: boolean
  readonly maxConnections?: number
  /** Migrations wait for each other and for large tables: no time limits. */
  readonly isPatient?: boolean
}

/** Oldest version that is tried. */
const OLDEST_VERSION = 150_000
const CONNECT_TIMEOUT_MS = 5000
/** The server gives up a statement before we give up the server. */
const LOCK_TIMEOUT_MS = 5000
const STATEMENT_TIMEOUT_MS = 6000
const ANSWER_TIMEOUT_MS = 8000
/** A node that stops in the middle of a transaction does not hold its rows longer than this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000

const TIMEOUTS = {
  query_timeout: ANSWER_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
}

/** Kysely's PostgreSQL dialect over pg. Every connection is looked at before it is used: see `prepareSession`. */
export class ScaleOutDialect extends PostgresDialect {
  constructor(url: string, options: PostgresOptions = {}) {
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'unlatch',
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      ...(options.isPatient ? {} : TIMEOUTS),
      types: { getTypeParser },
      onConnect: (client) => prepareSession(client, options.isReadOnly ?? false),
    })
    // A connection that breaks while nobody uses it leaves the pool; the next request opens another.
    pool.on('error', () => {})
    super({ pool: new CheckedPool(pool) })
  }
}

/** Whole numbers of 64 bits as numbers, as on SQLite: nothing of ours counts beyond 2^53. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser

/** What a session is told and what it says of the cluster behind it. */
const PREPARE = `select
  set_config('synchronous_commit',
    case when current_setting('synchronous_commit') in ('on', 'remote_apply')
      then current_setting('synchronous_commit') else 'on' end, false),
  set_config('default_transaction_read_only', $1, false),
  current_setting('server_version_num')::int as version,
  current_setting('fsync') as fsync,
  current_setting('full_page_writes') as full_page_writes,
  current_setting('server_encoding') as encoding,
  pg_is_in_recovery() as is_standby`

/** What a cluster says of itself. */
export interface ClusterFacts {
  readonly version: number
  readonly fsync: string
  readonly full_page_writes: string
  readonly encoding: string
  readonly is_standby: boolean
}

/**
 * A commit must be on the disk before its answer leaves: `synchronous_commit` is at least `on` in every session. What a
 * session cannot set is refused, at the start and again at each new connection: the cluster may have changed behind it.
 */
async function prepareSession(client: pg.ClientBase, isReadOnly: boolean): Promise<void> {
  const { rows } = await client.query<ClusterFacts>(PREPARE, [isReadOnly ? 'on' : 'off'])
  const why = findClusterObstacle(rows[0] as ClusterFacts)
  if (why) throw new Problem('database-unfit', { detail: why })
}

/** Why this cluster cannot keep what is entrusted to it; undefined when it can. */
export function findClusterObstacle(facts: ClusterFacts): string | undefined {
  if (facts.version < OLDEST_VERSION) return `PostgreSQL 15 or later is needed, this is ${facts.version / 10_000}`
  for (const setting of ['fsync', 'full_page_writes'] as const) {
    if (facts[setting] !== 'on')
      return `${setting} is ${facts[setting]}: what was committed would be lost with the power`
  }
  if (facts.encoding !== 'UTF8') return `the database's encoding is ${facts.encoding}, not UTF8`
  if (facts.is_standby) return 'this is a standby: it takes no changes'
  return undefined
}

/**
 * The pool as Kysely takes it. Foreign errors become ours here, once; and a connection that failed is thrown away: it may
 * be in the middle of an answer, and closing it is the surest way to roll back.
 */
class CheckedPool implements PostgresPool {
  readonly #pool: pg.Pool
  readonly #clients = new WeakMap<pg.PoolClient, CheckedClient>()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  get options(): object {
    return this.#pool.options
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect().catch((error) => {
      throw translate(error)
    })
    let checked = this.#clients.get(client)
    if (!checked) {
      checked = new CheckedClient(client)
      this.#clients.set(client, checked)
    }
    return checked as unknown as PostgresPoolClient
  }

  end(): Promise<void> {
    return this.#pool.end()
  }
}

/** One connection, without Kysely's cursors: nothing here reads by them. */
class CheckedClient {
  readonly #client: pg.PoolClient
  #failure: unknown

  constructor(client: pg.PoolClient) {
    this.#client = client
    client.on('error', (error) => {
      this.#failure ??= translate(error)
    })
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    if (this.#failure) throw this.#failure
    // Kysely asks for a cluster's tables with booleans; statements of ours hold none.
    expectScalars(parameters.filter((parameter) => typeof parameter !== 'boolean'))
    try {
      return await this.#client.query(sql, [...parameters])
    } catch (error) {
      const translated = translate(error)
      if (isConnectionLost(error)) this.#failure = translated
      throw translated
    }
  }

  release(): void {
    this.#client.release(this.#failure !== undefined)
  }
}

/** SQLSTATEs of a server that is going, coming, too busy, failing on its disk, or does not let us in. */
const UNREACHABLE = /^(08|28|3D|57P|58)|^(53000|53200|53300|53400|55P03|57014|25P03|25P04)$/
const FULL = '53100'

const isConnectionLost = (error: unknown) =>
  !(error instanceof pg.DatabaseError) || /^(08|57P|25P0[34])/.test(error.code ?? '')

function translate(error: unknown): unknown {
  if (error instanceof Problem) return error
  if (!(error instanceof pg.DatabaseError)) return new Problem('database-unreachable', { cause: error })
  // It may quote the whole row that was refused, and errors are logged.
  error.detail = undefined
  if (error.code === FULL) return new Problem('database-full', { cause: error })
  return UNREACHABLE.test(error.code ?? '') ? new Problem('database-unreachable', { cause: error }) : error
}
