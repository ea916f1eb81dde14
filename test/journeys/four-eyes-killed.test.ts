import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OfflineUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  acceptsPin,
  addHolder,
  block,
  type HeldCard,
  issue,
  openCall,
  openHeld,
  openServer,
  openWorkplace,
  signIn,
  toolsOf,
} from './call-stage.fixture.ts'
import { keepReady, kill, killAll, openServerProcess, type StartedProcess } from './killed.fixture.ts'
import { openRelay, type Relay } from './relay.fixture.ts'

/** Two operators for one cryptogram, and the server is killed (SIGKILL) at each step between them: nothing is approved twice, or lost. */

const NEW_PIN = '857142'
const SECOND = { name: 'Otto Operator', userName: 'otto', password: 'another-long-sesame' }

let folder: string
const cards: HeldCard[] = []
let nextServer: () => StartedProcess
let server: Awaited<ReturnType<typeof openServerProcess>>
let relay: Relay
let first: OperatorClient
let second: OperatorClient

beforeAll(async () => {
  nextServer = keepReady('tears-server')
  folder = mkdtempSync(join(tmpdir(), 'unlatch-four-eyes-'))
  const opened = await openServer(folder)
  await opened.addOperator({ ...SECOND, roles: ['administrator'] })
  const station = openWorkplace(folder, opened)
  await station.agent.contactServer()
  for (const kind of ['yubikey', 'gids'] as const) {
    const held = await addHolder(opened, folder, kind)
    station.reader.insert(openHeld(held))
    await issue(station, held)
    cards.push(held)
  }
  second = new OperatorClient(opened.url)
  await second.signIn(SECOND.userName, SECOND.password)
  const { revision, settings } = await second.deskSettings()
  await second.changeDesk({ revision, settings: { ...settings, fourEyes: ['telephone'] } })
  await opened.close()
  server = await openServerProcess(folder, nextServer())
  relay = await openRelay(server.url)
  first = await signIn(relay)
  second = new OperatorClient(relay.url)
  await second.signIn(SECOND.userName, SECOND.password)
}, 60_000)
afterAll(async () => {
  relay?.close()
  await killAll()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets somebody press a button, and kills the server there; it is started again. */
async function killAt(path: string, moment: 'before' | 'after', press: () => Promise<unknown>): Promise<void> {
  const stopped = relay.stopAt(0, moment, path)
  const pressed = press().then(
    () => 'done',
    () => 'lost',
  )
  await stopped
  relay.stopNothing()
  await kill(server.child)
  expect(await pressed).toBe('lost')
  server = await openServerProcess(folder, nextServer())
  relay.moveTo(server.url)
}

const codeOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

test.each(['before', 'after'] as const)('%s each step', { timeout: 120_000 }, async (moment) => {
  // An approval belongs to the verification of one caller.
  const held = cards.pop()
  if (!held) throw new Error('no card is left')
  block(held)
  const { agent, reader } = openWorkplace(folder, {
    url: relay.url,
    configurationKeyHex: server.configurationKeyHex,
  })
  await agent.contactServer()
  reader.insert(openHeld(held))
  const attempt = await OfflineUnblock.begin(toolsOf(agent), reader.name)
  const unblockId = await openCall(first, held)
  const wish = { challenge: attempt.way.challenge, idempotencyKey: randomUUID() }
  const release = async () => first.releaseCryptogram(unblockId, await first.signRelease(unblockId, wish))
  expect(await codeOf(release())).toBe('second-operator-needed')
  const verificationId = await first.openVerification(
    (await first.person(held.personId)).cards[0]?.id ?? '',
    'telephone',
  )

  await killAt('/four-eyes', moment, () => first.askFourEyes(verificationId, 'she is at the airport'))
  let [request] = (await second.fourEyesRequests()).filter(({ state }) => state === 'asked')
  expect(request === undefined).toBe(moment === 'before')
  const id = request?.id ?? (await first.askFourEyes(verificationId, 'she is at the airport'))
  expect(await codeOf(release())).toBe('second-operator-needed')

  await killAt(`/four-eyes/${id}`, moment, () => second.approve(id))
  ;[request] = (await second.fourEyesRequests()).filter((one) => one.id === id)
  expect(request?.state).toBe(moment === 'before' ? 'asked' : 'approved')
  expect(await codeOf(second.approve(id))).toBe(moment === 'before' ? 'done' : 'approval-over')

  // It stands across a restart; and the same button, pressed once more, gives the same answer.
  await killAt('/cryptogram', moment, release)
  const { code } = await release()
  await attempt.enterCryptogram(ascii(code))
  await attempt.setNewPin(ascii(NEW_PIN), false)
  expect(acceptsPin(held, NEW_PIN)).toBe(true)
})
