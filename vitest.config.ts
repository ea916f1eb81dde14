import { defineConfig } from 'vitest/config'
import { findPostgres } from './test/peers/postgres.ts'

const DB = 'packages/server/src/db'
const SERVER_SUITES = 'packages/server/src/{db,records,operations,http}/**/*.test.ts'

const isRequired = process.env.UNLATCH_PEERS === 'required'
const hasPostgres = isRequired || findPostgres() !== undefined
if (!hasPostgres) console.warn("PostgreSQL is absent: the server's suites run on SQLite alone")

/** The server's suites run on both databases: on SQLite always, once more on PostgreSQL where it is there. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Journeys wait for processes and pages more than they reckon: one more file at a time keeps two cores busy.
    maxWorkers: 2,
    hookTimeout: 60_000,
    // Commands speak the language of their environment: the tests read English.
    env: { LC_ALL: 'C.UTF-8' },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['packages/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', `${DB}/postgres.test.ts`],
        },
      },
      ...(hasPostgres
        ? [
            {
              extends: true as const,
              test: {
                name: 'postgresql',
                include: [SERVER_SUITES],
                exclude: [`${DB}/sqlite.test.ts`],
                globalSetup: './test/peers/postgres-setup.ts',
              },
            },
          ]
        : []),
    ],
  },
})
