import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OfflineUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { type Postgres, startPostgres } from '../peers/postgres.ts'
import { issueBlocked, NEW_PIN, playCall, populate, signIn } from './played-call.ts'

/** The server's database is a PostgreSQL cluster, which may go away for a while, or be one that must not be trusted. */

needs('postgres')('a server on PostgreSQL', () => {
  let folder: string
  let cluster: Postgres
  let stage: Stage
  let operator: OperatorClient
  let personId: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-on-pg-'))
    cluster = await startPostgres()
    stage = await openStage(folder, { databaseUrl: cluster.url() })
    personId = await populate(stage)
    operator = await signIn(stage)
  })
  afterAll(async () => {
    cluster?.thaw()
    await stage?.close()
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const isUnreachable = expect.objectContaining({ code: 'database-unreachable' })

  it.each(['piv-strict', 'gids'] as const)('a call unblocks a card: %s', async (kind) => {
    await playCall(stage, operator, await issueBlocked(stage, personId, kind, `PG-${kind}`))
  })

  it('the database crashes in the middle of a call: nothing is half done, and the call goes on when it is back', async () => {
    const { card, printedSerial } = await issueBlocked(stage, personId, 'piv-strict', 'PG-CRASH')
    stage.reader.insert(card)
    const { agent } = stage
    const now = () => new Date()
    const tools = { readers: agent.readers, journal: agent.journal, configuration: agent.configuration(), now }
    const attempt = await OfflineUnblock.begin(tools, stage.reader.name, true)
    const { people } = await operator.findPeople(printedSerial)
    const { id } = await operator.openUnblock(
      people[0]?.cards.find((it) => it.printedSerial === printedSerial)?.id ?? '',
    )
    const wish = {
      challenge: attempt.way.challenge,

      idempotencyKey: 'key-00000001',
    } as const

    await cluster.crash()
    await expect(operator.releaseCryptogram(id, wish)).rejects.toEqual(isUnreachable)
    await expect(operator.findPeople(printedSerial)).rejects.toEqual(isUnreachable)
    await cluster.start()

    const { code } = await operator.releaseCryptogram(id, wish)
    await attempt.enterCryptogram(ascii(code))
    const { receipt } = await attempt.setNewPin(ascii(NEW_PIN), false)
    expect(await operator.confirm(id, { receipt: receipt ?? '' })).toMatchObject({ outcome: 'unblocked' })
    await attempt.end()
  })

  it('the database stands still: a request ends with a problem and not never; then it goes on', async () => {
    cluster.freeze()
    await expect(operator.findPeople('PG')).rejects.toEqual(isUnreachable)
    cluster.thaw()
    expect(await operator.findPeople('PG-')).toMatchObject({ people: [{ id: personId }] })
  })

  it.each(['fsync', 'full_page_writes'])('a cluster with %s off is refused by name', async (setting) => {
    const careless = await startPostgres({ [setting]: 'off' })
    const refused = openStage(join(folder, setting), { databaseUrl: careless.url() })
    await expect(refused).rejects.toMatchObject({
      code: 'database-unfit',
      message: expect.stringContaining(`${setting} is off`),
    })
    await careless.stop()
  })

  it('a cluster that is not there is a clear refusal to start, which leaves the folder free', async () => {
    const gone = await startPostgres()
    await gone.stop()
    const place = join(folder, 'gone')
    await expect(openStage(place, { databaseUrl: gone.url() })).rejects.toEqual(isUnreachable)
    await (await openStage(place)).close()
  })
})
