import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Problem } from '@unlatch/contract'
import { Journal } from './journal.ts'

/**
 * The sealed key store and the journal, copied for a backup and put back. The key file or passphrase that opens the store is
 * in no backup: whoever finds one has no key.
 */

export const KEY_FILES = ['keys.json', 'journal.jsonl'] as const

/** Copies both into a backup. The database was copied before: a journal that is ahead of it is what a restore expects. */
export function copyKeys(folder: string, to: string): void {
  for (const name of KEY_FILES) {
    const path = join(folder, name)
    if (!existsSync(path)) throw new Problem('wrong-usage', { detail: `there is no ${path}: start the server once` })
    const octets = readFileSync(path)
    // A line that is being written belongs to the next backup.
    const whole = name === 'journal.jsonl' ? octets.subarray(0, octets.lastIndexOf(0x0a) + 1) : octets
    writeFileSync(join(to, name), whole, { mode: 0o600, flush: true, flag: 'wx' })
  }
}

/**
 * Puts key store and journal back where they are missing. What is here stays: a journal never goes back in time. Either way
 * the next start finds a database that counts fewer starts than the journal, or a journal that says it is old.
 *
 * @returns whether the journal is the backup's.
 * @throws Problem `wrong-usage` when the keys here are another server's.
 */
export function restoreKeys(backup: string, folder: string, at: Date): { isJournalOld: boolean } {
  const [keys, journal] = KEY_FILES.map((name) => join(folder, name)) as [string, string]
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const isHere = existsSync(journal)
  if (isHere) expectSameServer(join(backup, 'journal.jsonl'), journal)
  else copyDurably(join(backup, 'journal.jsonl'), journal)
  if (!existsSync(keys)) copyDurably(join(backup, 'keys.json'), keys)
  const opened = new Journal(journal)
  try {
    if (isHere) opened.countStart(at)
    else opened.markOld(at)
  } finally {
    opened.close()
  }
  return { isJournalOld: !isHere }
}

function expectSameServer(inBackup: string, here: string): void {
  const [theirs, ours] = [inBackup, here].map(nodeOf)
  if (theirs !== ours) {
    throw new Problem('wrong-usage', { detail: 'this backup is of another server than the keys in the folder' })
  }
}

function nodeOf(path: string): string {
  const journal = new Journal(path)
  const { node } = journal.state
  journal.close()
  return node
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  fsyncSync(file)
  closeSync(file)
}
