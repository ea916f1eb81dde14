import { statfs } from 'node:fs/promises'
import { Problem } from '@unlatch/contract'
import type { World } from '../operations/operation.ts'

/** Below this, the disk is as good as full: SQLite's log and a backup need room. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024
/** A database that takes longer is not there for anybody who waits. */
const PATIENCE_MS = 3_000

/** Whether the server can serve, for a load balancer or a watchdog. Says nothing that a stranger may not know. */
export async function readiness(world: World, folder: string): Promise<{ status: 'ready' }> {
  const notReady: string[] = []
  if (!(await answers(world.database.ping()))) notReady.push('database')
  if (world.isBehindJournal) notReady.push('restore')
  if ((await freeBytes(folder)) < LEAST_FREE_BYTES) notReady.push('disk')
  if (notReady.length > 0) throw new Problem('server-not-ready', { facts: { notReady } })
  return { status: 'ready' }
}

async function answers(question: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS)
  })
  const answered = question.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
