import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * A thread that carries the write-ahead log of a SQLite database into its file each time it is told to. A passive checkpoint
 * waits for nobody, and nobody for it; it flushes the log before and the file after.
 */
const db = new DatabaseSync(workerData, { timeout: 0 })
db.exec('pragma synchronous = full')
const checkpoint = db.prepare('pragma wal_checkpoint(passive)')

parentPort?.on('message', () => {
  try {
    checkpoint.all()
  } catch {
    // A full disk, say: everything stays in the log, and the next checkpoint tries again.
  }
})
