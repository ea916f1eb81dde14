import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster in which each staged world gets a database of its own; absent where the suites run on SQLite. */
    postgresUrl: string
  }
}

/** Starts one cluster for a run of the server's suites on PostgreSQL. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startPostgres()
  project.provide('postgresUrl', cluster.url())
  return () => cluster.stop()
}
