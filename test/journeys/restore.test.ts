import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard } from '@unlatch/agent'
import { acceptRestoredDatabase } from '@unlatch/server'
import { afterAll, expect, it } from 'vitest'
import { openStage, type Stage, WEB_FOLDER } from '../../packages/unlatch/src/demo/stage.ts'
import { issueBlocked, playCall, populate, signIn } from './played-call.ts'

/** Yesterday's database is put back while cards have moved on: refused, accepted by the key custodian, and nothing is lost. */

const folder = mkdtempSync(join(tmpdir(), 'unlatch-restore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const serverFolder = join(folder, 'server')
const database = join(serverFolder, 'unlatch.db')
const backup = join(folder, 'yesterday.db')
const open = () => openStage(folder)

function restoreBackup(): void {
  for (const file of readdirSync(serverFolder)) if (file.startsWith('unlatch.db')) rmSync(join(serverFolder, file))
  copyFileSync(backup, database)
}

const contact = ({ agent, reader }: Stage) =>
  contactCard({ readers: agent.readers, server: agent.server, configuration: agent.configuration() }, reader.name)

it('a restored database is refused, accepted, and the next call works', async () => {
  let stage = await open()
  const personId = await populate(stage)
  const rotated = await issueBlocked(stage, personId, 'yubikey', 'RES-1')
  const untouched = await issueBlocked(stage, personId, 'piv-lenient', 'RES-2')
  await stage.close()
  copyFileSync(database, backup)

  stage = await open()
  await playCall(stage, await signIn(stage), rotated)
  stage.reader.insert(rotated.card)
  expect(await contact(stage)).toBe('done')
  await issueBlocked(stage, personId, 'gids', 'RES-3')
  await stage.close()

  restoreBackup()
  stage = await open()
  for (const issued of [rotated, untouched]) {
    await expect(playCall(stage, await signIn(stage), issued)).rejects.toMatchObject({ code: 'restore-not-accepted' })
  }
  stage.reader.insert(rotated.card)
  await expect(contact(stage)).rejects.toMatchObject({ code: 'restore-not-accepted' })
  await stage.close()

  const accepted = await acceptRestoredDatabase({ folder: serverFolder, webFolder: WEB_FOLDER, logLevel: 'silent' })
  expect(accepted).toMatchObject({ epoch: 1, corrected: 1, unknown: [expect.stringMatching(/^[0-9A-F]{32}$/)] })

  stage = await open()
  const operator = await signIn(stage)
  await playCall(stage, operator, untouched)
  await playCall(stage, operator, rotated)
  stage.reader.insert(rotated.card)
  expect(await contact(stage)).toBe('done')
  await playCall(stage, operator, rotated)
  await stage.close()
})
