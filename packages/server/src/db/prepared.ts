import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import { isPostgres } from './dialect.ts'
import type { Db, Tx } from './open.ts'

/** Where a parameter stands in a statement. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

const PLACES = new Proxy({}, { get: (_, name) => new Place(String(name)) })

/**
 * A statement that is built and compiled once for each kind of database, and from then on only given its parameters: for what
 * is asked at each request or release, where putting the text together takes longer than carrying it out.
 *
 * @param build - is shown places instead of values: it puts them where values belong and does not look at them.
 */
export function prepared<Given extends Readonly<Record<string, string | number | null>>, Row>(
  build: (db: Db, given: Given) => Compilable<Row>,
): (db: Db | Tx, given: Given) => Promise<QueryResult<Row>> {
  const compiled = new Map<boolean, CompiledQuery<Row>>()
  return (db, given) => {
    const kind = isPostgres(db)
    let statement = compiled.get(kind)
    if (!statement) {
      statement = build(db, PLACES as Given).compile()
      compiled.set(kind, statement)
    }
    const parameters = statement.parameters.map((value) => (value instanceof Place ? given[value.name] : value))
    const query = { ...statement, parameters }
    return db.getExecutor().provideConnection((connection) => connection.executeQuery<Row>(query))
  }
}
