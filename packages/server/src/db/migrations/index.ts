import type { Migration } from 'kysely/migration'
import * as theCall from './0001-the-call.ts'
import * as cardSecrets from './0003-card-secrets.ts'

/** All migrations, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-the-call': theCall,
  '0003-card-secrets': cardSecrets,
}
