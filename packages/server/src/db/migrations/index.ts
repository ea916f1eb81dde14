import type { Migration } from 'kysely/migration'
import * as theCall from './0001-the-call.ts'
import * as operators from './0002-operators.ts'
import * as stations from './0004-stations.ts'

/** All migrations, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-the-call': theCall,
  '0002-operators': operators,
  '0004-stations': stations,
}
