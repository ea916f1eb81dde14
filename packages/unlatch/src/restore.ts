import { resolve } from 'node:path'
import { Problem } from '@unlatch/contract'
import { acceptRestoredDatabase, backUp, restoreBackup } from '@unlatch/server'
import { readServerOptions, type ServerWords } from './server-options.ts'

/** Backup and restore of a server. */

/** `backup`: while the server works. */
export async function backup(words: ServerWords & { to: string }): Promise<void> {
  const { path, bytes } = await backUp(await readServerOptions(words), resolve(words.to))
  console.log(path)
  console.error(
    `unlatch: ${Math.ceil(bytes / 1024)} KiB. The key file or passphrase that opens the key store is not in it: keep it elsewhere.`,
  )
}

/** `restore --from`: with no server running. */
export async function restore(words: ServerWords & { from?: string }): Promise<void> {
  if (words.from === undefined) throw new Problem('wrong-usage', { detail: 'say --from BACKUP, or restore accept' })
  const { at, replaced, isJournalOld } = await restoreBackup(await readServerOptions(words), resolve(words.from))
  console.log(`Restored the backup of ${at}.`)
  if (replaced !== undefined) console.log(`The database that was here is kept as ${replaced}.`)
  if (isJournalOld) {
    console.log('There was no key journal here, so the one of the backup is used: what went to cards since is unknown.')
    console.log('Each card may then have a PUK that nobody wrote down; the next calls find out which.')
  }
  console.log('No card is served before the key custodian runs: unlatch restore accept')
}

/** `restore accept`: says what was put right, and which cards are unknown. */
export async function acceptRestore(words: ServerWords): Promise<void> {
  const options = await readServerOptions({ ...words, log: words.log ?? 'silent' })
  const { epoch, corrected, uncertain, unknown } = await acceptRestoredDatabase(options)
  console.log(
    `Accepted. Epoch ${epoch} begins; ${corrected} card records were put right from the key journal; all sessions ended.`,
  )
  if (uncertain > 0) console.log(`${uncertain} cards are uncertain: bring each to a station when it can be.`)
  if (unknown.length === 0) return
  console.log(`${unknown.length} cards were registered after the backup and are unknown now; bring them to a station:`)
  for (const cardUuid of unknown) console.log(`  ${cardUuid}`)
}
