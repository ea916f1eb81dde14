import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, issueCard } from '@unlatch/agent'
import type { RunningServer } from '@unlatch/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import {
  addHolder,
  beliefOf,
  block,
  call,
  familyOf,
  type HeldCard,
  issue,
  KILLED_KINDS,
  openHeld,
  openServer,
  openWorkplace,
  pukTries,
  releaseBare,
  signIn,
  stationToolsOf,
} from './call-stage.fixture.ts'
import { keepReady, kill, killAll, type StartedProcess } from './killed.fixture.ts'
import { expectSavedCard } from './saved-card.fixture.ts'
import { recordCells } from './tear-cells.ts'
import type { StationOrder } from './tears-station.fixture.ts'

/**
 * The station's agent is killed (SIGKILL) while it stands before or after each command that changes the card, at Register and
 * Issue and at a contact. Another one, started from the same folder, goes on; afterwards the card can be unblocked.
 */

/** What changes a card, in order. A card that refuses ECDH in 9E gets an RSA key then. */
const CHANGES_AT_ISSUANCE = {
  gids: ['GENERAL AUTHENTICATE', 'PUT DATA', 'PUT DATA of the admin key', 'GENERAL AUTHENTICATE'],
  'piv-strict': [
    'PUT DATA',
    'GENERATE ASYMMETRIC KEY PAIR',
    'PUT DATA',
    'GENERATE ASYMMETRIC KEY PAIR',
    'CHANGE REFERENCE DATA',
    'SET MANAGEMENT KEY',
  ],
  'yubikey-3des': ['PUT DATA', 'GENERATE ASYMMETRIC KEY PAIR', 'CHANGE REFERENCE DATA', 'SET MANAGEMENT KEY'],
} as const
/** What changes a card at its contact after a call, or may cost it a try. */
const changeAtContact = (kind: HeldCard['kind']) => (kind === 'gids' ? 'GENERAL AUTHENTICATE' : 'CHANGE REFERENCE DATA')

const FIRST_PIN = '490712'
const NEW_PIN = '857142'

let folder: string
let server: RunningServer
let operator: OperatorClient
let nextStation: () => StartedProcess

beforeAll(async () => {
  nextStation = keepReady('tears-station')
  folder = mkdtempSync(join(tmpdir(), 'unlatch-killed-station-'))
  server = await openServer(folder)
  operator = await signIn(server)
})
afterAll(async () => {
  await killAll()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openReady() {
  const workplace = openWorkplace(folder, server)
  await workplace.agent.contactServer()
  return workplace
}

/** Lets a station do it until it stands still, and kills it there. Returns where that was; undefined when it came to its end. */
async function killStation(
  held: HeldCard,
  stop: Pick<StationOrder, 'cardId' | 'moment' | 'turn'>,
): Promise<string | undefined> {
  const station = nextStation()
  const { url, configurationKeyHex } = server
  station.tell(JSON.stringify({ folder, url, configurationKeyHex, cardPath: held.path, ...stop }))
  const told = JSON.parse(await station.nextLine())
  await kill(station.child)
  if (told.stands === undefined) expect(told.end).toBe(stop.cardId === undefined ? 'done' : 'issued')
  return told.stands
}

const expectSaved = async (held: HeldCard) => expectSavedCard(await openReady(), operator, held, NEW_PIN)

async function register(held: HeldCard): Promise<string> {
  const { agent } = await openReady()
  const { kind, personId, printedSerial } = held
  const wish = { personId, family: familyOf(kind), label: kind, printedSerial } as const
  const { cardId } = await agent.server.registerCard({ ...wish, adminKeyTriesLimit: 0 })
  return cardId
}

/** A card of which somebody outside may know a secret, or (GIDS) had a session: a call was answered. */
async function issueExposed(kind: HeldCard['kind']): Promise<HeldCard> {
  const held = await addHolder(server, folder, kind)
  const workplace = await openReady()
  workplace.reader.insert(openHeld(held))
  await issue(workplace, held)
  if (kind === 'gids') {
    await releaseBare(operator, held)
    return held
  }
  block(held)
  workplace.reader.insert(openHeld(held))
  expect(await call(workplace, operator, held, FIRST_PIN)).toBeUndefined()
  await workplace.agent.contactServer()
  expect((await beliefOf(operator, held)).card).toMatchObject({ exposedSince: expect.any(String) })
  return held
}

describe.each(KILLED_KINDS)('%s: the station is killed', { timeout: 180_000 }, (kind) => {
  test.each(['before', 'after'] as const)('%s each command that changes the card, at an issuance', async (moment) => {
    const where = CHANGES_AT_ISSUANCE[kind]
    for (const [turn, name] of where.entries()) {
      const held = await addHolder(server, folder, kind)
      const cardId = await register(held)
      expect(await killStation(held, { cardId, moment, turn })).toBe(name)
      expect((await beliefOf(operator, held)).card).toMatchObject({
        state: 'registered',
        telephoneWay: 'none',
        obstacle: 'card-not-issued',
        triesAtLeast: null,
      })
      const after = await openReady()
      after.reader.insert(openHeld(held))
      await issueCard(stationToolsOf(after.agent), after.reader.name, cardId)
      await expectSaved(held)
    }
    recordCells({ procedure: 'issuance', card: kind, event: 'agent killed', moment, cells: where.length, where })
  })

  test('no other command of an issuance changes the card', async () => {
    const held = await addHolder(server, folder, kind)
    const cardId = await register(held)
    const turn = CHANGES_AT_ISSUANCE[kind].length
    expect(await killStation(held, { cardId, moment: 'before', turn })).toBeUndefined()
    await expectSaved(held)
  })
})

describe.each(KILLED_KINDS)('%s: the station is killed', (kind) => {
  test.each(['before', 'after'] as const)('%s the command that changes the card, at a contact', async (moment) => {
    const where = [changeAtContact(kind)]
    const held = await issueExposed(kind)
    expect(await killStation(held, { moment, turn: 0 })).toBe(where[0])
    const { card } = await beliefOf(operator, held)
    expect(card).toMatchObject({ state: 'issued', exposedSince: kind === 'gids' ? null : expect.any(String) })
    expect(card?.triesAtLeast ?? 0).toBeLessThanOrEqual(pukTries(held))
    const after = await openReady()
    after.reader.insert(openHeld(held))
    expect(await contactCard(stationToolsOf(after.agent), after.reader.name)).toBe('done')
    await expectSaved(held)
    recordCells({ procedure: 'contact', card: kind, event: 'agent killed', moment, cells: 1, where })
  })

  test('no other command of a contact changes the card', async () => {
    const held = await issueExposed(kind)
    expect(await killStation(held, { moment: 'before', turn: 1 })).toBeUndefined()
    await expectSaved(held)
  })
})
