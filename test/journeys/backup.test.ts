import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, OfflineUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { acceptRestoredDatabase, backUp, restoreBackup, type ServerOptions } from '@unlatch/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { WEB_FOLDER } from '../../packages/unlatch/src/web-folder.ts'
import { needs } from '../peers/needs.ts'
import { type Postgres, startPostgres } from '../peers/postgres.ts'
import { type Issued, issueBlocked, NEW_PIN, playCall, populate, signIn } from './played-call.ts'

/** The rehearsal that every administrator should make: a backup taken at work, a machine that is lost, and the next call. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const home = () => join(folder, 'home')
const shelf = () => join(folder, 'shelf')
const optionsOf = (place: string, url?: string): ServerOptions => ({
  folder: join(place, 'server'),
  webFolder: WEB_FOLDER,
  logLevel: 'silent',
  ...(url !== undefined && { database: { url } }),
})

async function rotate({ agent, reader }: Stage, { card }: Issued): Promise<void> {
  reader.insert(card)
  const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
  expect(await contactCard(tools, reader.name)).toBe('done')
  reader.remove()
}

/** Two cards in use, a backup while calls go on, then one card's PUK moves on. */
async function liveThroughADay(url?: string) {
  const stage = await openStage(home(), url === undefined ? {} : { databaseUrl: url })
  const personId = await populate(stage)
  const rotated = await issueBlocked(stage, personId, 'yubikey', 'BAK-1')
  const untouched = await issueBlocked(stage, personId, 'gids', 'BAK-2')
  const operator = await signIn(stage)
  const [backup] = await Promise.all([backUp(optionsOf(home(), url), shelf()), playCall(stage, operator, untouched)])
  await playCall(stage, operator, rotated)
  await rotate(stage, rotated)
  await stage.close()
  return { backup, rotated, untouched }
}

async function expectRefusedUntilAccepted(place: string, cards: readonly Issued[], url?: string) {
  const stage = await openStage(place, url === undefined ? {} : { databaseUrl: url })
  for (const issued of cards) {
    const refused = playCall(stage, await signIn(stage), issued)
    await expect(refused).rejects.toMatchObject({ code: 'restore-not-accepted' })
  }
  await stage.close()
  return acceptRestoredDatabase(optionsOf(place, url))
}

describe('unlatch backup and restore', () => {
  it('put back where the journal still is: refused, accepted, and the next calls work', async () => {
    const { backup, rotated, untouched } = await liveThroughADay()
    const restored = await restoreBackup(optionsOf(home()), backup.path)
    expect(restored).toMatchObject({ isJournalOld: false, replaced: expect.stringContaining('unlatch.db.replaced-') })
    // Torn or in doubt, it is run again.
    await restoreBackup(optionsOf(home()), backup.path)
    const accepted = await expectRefusedUntilAccepted(home(), [rotated, untouched])
    expect(accepted).toMatchObject({ corrected: 1, uncertain: 0, unknown: [] })
    const stage = await openStage(home())
    const operator = await signIn(stage)
    await playCall(stage, operator, rotated)
    await playCall(stage, operator, untouched)
    await rotate(stage, rotated)
    await stage.close()
  })

  it('a database that was merely copied back over its successor is noticed, also when no secret changed', async () => {
    let stage = await openStage(home())
    const issued = await issueBlocked(stage, await populate(stage), 'yubikey', 'BAK-1')
    await stage.close()
    const database = join(home(), 'server', 'unlatch.db')
    copyFileSync(database, join(folder, 'copy.db'))
    stage = await openStage(home())
    await playCall(stage, await signIn(stage), issued)
    await stage.close()
    for (const name of readdirSync(join(home(), 'server'))) {
      if (name.startsWith('unlatch.db')) rmSync(join(home(), 'server', name))
    }
    copyFileSync(join(folder, 'copy.db'), database)
    await expectRefusedUntilAccepted(home(), [issued])
    stage = await openStage(home())
    await playCall(stage, await signIn(stage), issued)
    await stage.close()
  })

  it('the machine is lost, the journal with it: each card may have a PUK that no file knows, and calls find out', async () => {
    const { backup, rotated, untouched } = await liveThroughADay()
    const place = join(folder, 'another-machine')
    mkdirSync(join(place, 'server', 'keys'), { recursive: true, mode: 0o700 })
    copyFileSync(join(home(), 'server', 'keys', 'unlock.key'), join(place, 'server', 'keys', 'unlock.key'))
    // The agents are the same.
    mkdirSync(join(place, 'agent'))
    copyFileSync(join(home(), 'agent', 'agent-key.pem'), join(place, 'agent', 'agent-key.pem'))
    rmSync(home(), { recursive: true })
    expect(await restoreBackup(optionsOf(place), backup.path)).toMatchObject({
      isJournalOld: true,
      replaced: undefined,
    })
    expect(await expectRefusedUntilAccepted(place, [rotated])).toMatchObject({ uncertain: 1, unknown: [] })
    const stage = await openStage(place)
    const operator = await signIn(stage)
    await playCall(stage, operator, untouched)
    const { agent, reader } = stage
    reader.insert(rotated.card)
    const tools = {
      readers: agent.readers,
      journal: agent.journal,
      configuration: agent.configuration(),
      now: () => new Date(),
    }
    const attempt = await OfflineUnblock.begin(tools, reader.name, true)
    const { people } = await operator.findPeople(rotated.printedSerial)
    const cardId = people[0]?.cards.find(({ printedSerial }) => printedSerial === rotated.printedSerial)?.id ?? ''
    const { id } = await operator.openUnblock(cardId)
    const wish = { challenge: attempt.way.challenge, idempotencyKey: 'key-00000001' }
    await attempt.enterCryptogram(ascii((await operator.releaseCryptogram(id, wish)).code))
    const refused = await attempt.setNewPin(ascii(NEW_PIN), false).catch((problem) => problem)
    expect(refused).toMatchObject({ code: 'puk-refused' })
    await operator.confirm(id, { receipt: refused.facts.receipt })
    reader.remove()
    await playCall(stage, operator, rotated)
    await rotate(stage, rotated)
    await playCall(stage, operator, rotated)
    await stage.close()
  })

  it('holds no key in clear, is readable by its owner alone, and a changed one is refused before anything is touched', async () => {
    const { backup } = await liveThroughADay()
    const files = readdirSync(backup.path).sort()
    expect(files).toEqual(['journal.jsonl', 'keys.json', 'manifest.json', 'unlatch.db'])
    expect(statSync(backup.path).mode & 0o077).toBe(0)
    for (const name of files) expect([name, statSync(join(backup.path, name)).mode & 0o077]).toEqual([name, 0])
    const keyFile = readFileSync(join(home(), 'server', 'keys', 'unlock.key'))
    for (const name of files) expect(readFileSync(join(backup.path, name)).includes(keyFile)).toBe(false)
    const before = readFileSync(join(home(), 'server', 'unlatch.db'))
    appendFileSync(join(backup.path, 'unlatch.db'), '\0')
    await expect(restoreBackup(optionsOf(home()), backup.path)).rejects.toMatchObject({ code: 'backup-damaged' })
    expect(readFileSync(join(home(), 'server', 'unlatch.db')).equals(before)).toBe(true)
  })

  it('is not put into the folder of another server, nor under a server that runs, nor taken from a folder that is none', async () => {
    const { backup } = await liveThroughADay()
    const other = join(folder, 'other')
    const stage = await openStage(other)
    await expect(restoreBackup(optionsOf(other), backup.path)).rejects.toMatchObject({ code: 'folder-in-use' })
    await stage.close()
    await expect(restoreBackup(optionsOf(other), backup.path)).rejects.toThrow('of another server')
    await expect(restoreBackup(optionsOf(home()), shelf())).rejects.toThrow('is no backup')
    await expect(backUp(optionsOf(join(folder, 'nowhere')), join(folder, 'second-shelf'))).rejects.toThrow(
      'there is no database',
    )
    expect(readdirSync(join(folder, 'second-shelf'))).toEqual([])
  })
})

needs('postgres')('unlatch backup and restore with PostgreSQL', () => {
  let cluster: Postgres
  beforeEach(async () => {
    cluster = await startPostgres()
  })
  afterEach(() => cluster.stop())

  it('put back into the cluster: refused, accepted, and the next calls work; not while a server uses it', async () => {
    const url = cluster.url()
    const { backup, rotated, untouched } = await liveThroughADay(url)
    const stage = await openStage(join(folder, 'second'), { databaseUrl: url })
    await expect(restoreBackup(optionsOf(home(), url), backup.path)).rejects.toMatchObject({ code: 'folder-in-use' })
    await stage.close()
    expect(await restoreBackup(optionsOf(home(), url), backup.path)).toMatchObject({ isJournalOld: false })
    await expectRefusedUntilAccepted(home(), [rotated, untouched], url)
    const again = await openStage(home(), { databaseUrl: url })
    const operator = await signIn(again)
    await playCall(again, operator, rotated)
    await playCall(again, operator, untouched)
    await again.close()
  })

  it('a backup of the other kind of database is refused', async () => {
    const { backup } = await liveThroughADay()
    const refused = restoreBackup(optionsOf(home(), cluster.url()), backup.path)
    await expect(refused).rejects.toThrow('the backup is of sqlite, the configuration says postgresql')
  })
})
