import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '@unlatch/contract'

/**
 * Holds a folder for one process: an exclusive lock of a small SQLite file, which the system takes back however the process
 * ends.
 *
 * @throws Problem `folder-in-use` when another process holds it.
 */
export function lockFolder(path: string): () => void {
  closeSync(openSync(path, 'a', 0o600))
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    file.close()
    throw new Problem('folder-in-use', { cause })
  }
  return () => file.close()
}
