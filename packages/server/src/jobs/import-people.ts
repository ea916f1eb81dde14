import { setTimeout as sleep } from 'node:timers/promises'
import { importBatch } from '../operations/import/import-batch.ts'
import { perform, type World } from '../operations/operation.ts'
import { SYSTEM } from '../records/actors.ts'
import { fileRows, runningImports } from '../records/imports/views.ts'
import { look } from '../records/view.ts'

/**
 * Carries out the imports that somebody started: batch by batch, in turn, each batch whole and on record. Whatever ends the
 * server in the middle, the next start goes on where the last batch ended.
 */
export interface Imports {
  /** Ends after the batch that is under way. */
  close(): Promise<void>
}

const EVERY_MS = 500
const AFTER_FAILURE_MS = 10_000
const ROWS_AT_ONCE = 250

type Rows = Awaited<ReturnType<(typeof fileRows)['read']>>

/** Begins to carry out imports. */
export function startImports(world: World): Imports {
  const closing = new AbortController()
  const { signal } = closing
  const run = async () => {
    while (!signal.aborted) {
      const pauseMs = await importDue(world, signal)
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  const running = run()
  return {
    close() {
      closing.abort()
      return running
    },
  }
}

/** Carries out what is under way, to its end. Returns how long to wait before the next look. */
export async function importDue(world: World, signal?: AbortSignal): Promise<number> {
  const read = new Map<string, Rows>()
  try {
    while (!signal?.aborted) {
      const running = await look(runningImports, world, {}, SYSTEM)
      if (running.length === 0) return EVERY_MS
      for (const { id, done } of running) {
        if (signal?.aborted) break
        const rows = read.get(id) ?? (await look(fileRows, world, { importId: id }, SYSTEM))
        read.set(id, rows)
        const batch = rows.slice(done, done + ROWS_AT_ONCE).map(({ line, person, faults }) => {
          const isWrong = faults.length > 0
          return { line, person: isWrong ? {} : person, isWrong }
        })
        await perform(importBatch, world, { importId: id, from: done, total: rows.length, rows: batch }, SYSTEM)
      }
      // Others are served between two batches.
      await sleep(0)
    }
  } catch (error) {
    world.log.error({ err: error }, 'imports could not be carried out')
    return AFTER_FAILURE_MS
  }
  return EVERY_MS
}
