import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, issueCard } from '@unlatch/agent'
import { acceptRestoredDatabase } from '@unlatch/server'
import { afterAll, expect, it } from 'vitest'
import { blockPin, openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { WEB_FOLDER } from '../../packages/unlatch/src/web-folder.ts'
import { issueBlocked, makeFactoryCard, playCall, populate, signIn } from './played-call.ts'

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

it('a card that was registered before the backup and issued, called and rotated after it is noticed, and issued again', async () => {
  const late = join(folder, 'late')
  const lateServer = join(late, 'server')
  let stage = await openStage(late)
  const personId = await populate(stage)
  const kinds = ['yubikey', 'gids'] as const
  const wishes = kinds.map(
    (kind) => ({ kind, family: kind === 'gids' ? 'gids' : 'piv', printedSerial: `LATE-${kind}` }) as const,
  )
  const cards = await Promise.all(
    wishes.map(async ({ kind, family, printedSerial }) => {
      const wish = { personId, family, label: 'card', printedSerial, adminKeyTriesLimit: 0 }
      return { ...(await stage.agent.server.registerCard(wish)), card: makeFactoryCard(kind), printedSerial }
    }),
  )
  await stage.close()
  copyFileSync(join(lateServer, 'unlatch.db'), backup)

  const issueIt = (cardId: string) => {
    const { agent, reader } = stage
    const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
    return issueCard(tools, reader.name, cardId)
  }
  stage = await openStage(late)
  for (const { cardId, card, printedSerial } of cards) {
    stage.reader.insert(card)
    await issueIt(cardId)
    blockPin(card)
    await playCall(stage, await signIn(stage), { card, printedSerial })
    stage.reader.insert(card)
    await contact(stage)
  }
  await stage.close()

  for (const file of readdirSync(lateServer)) if (file.startsWith('unlatch.db')) rmSync(join(lateServer, file))
  copyFileSync(backup, join(lateServer, 'unlatch.db'))
  stage = await openStage(late)
  for (const { cardId, card } of cards) {
    stage.reader.insert(card)
    await expect(issueIt(cardId)).rejects.toMatchObject({ code: 'restore-not-accepted' })
  }
  await stage.close()
  await acceptRestoredDatabase({ folder: lateServer, webFolder: WEB_FOLDER, logLevel: 'silent' })
  stage = await openStage(late)
  for (const { cardId, card, printedSerial } of cards) {
    stage.reader.insert(card)
    await issueIt(cardId)
    blockPin(card)
    await playCall(stage, await signIn(stage), { card, printedSerial })
  }
  await stage.close()
})
