import { createECDH, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHex, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { type AttemptKeys, deriveAttemptKeys, writeChallenge } from '@unlatch/card/unblock'
import type { Permission } from '@unlatch/contract'
import { openAgentChannel } from '../adapters/agent-channel/agent-channel.ts'
import { openArgon2 } from '../adapters/argon2/argon2.ts'
import { openSoftKeys } from '../adapters/soft-keys/soft-keys.ts'
import { type StagedDatabase, stageDatabase } from '../db/database.fixture.ts'
import type { OpenOptions } from '../db/open.ts'
import type { AgentChannel } from '../ports/agents.ts'
import type { CardAuthority } from '../ports/card-authority.ts'
import type { Actor } from '../records/actors.ts'
import { SYSTEM } from '../records/actors.ts'
import { noteHolder } from '../records/people/people.ts'
import type { PukRecord } from '../records/puk-records/puk-record.ts'
import { insertPukRecord } from '../records/puk-records/puk-records.ts'
import { insertRole } from '../records/roles/roles.ts'
import { perform, type Settings, type World } from './operation.ts'
import { addPerson } from './people/add-person.ts'
import { addOperator } from './set-up/add-operator.ts'

/** A world for tests: a real database of its own (SQLite, PostgreSQL), the software key service, a clock that the test moves. */
export interface StagedWorld {
  readonly world: World
  readonly channel: AgentChannel
  readonly clock: { at: Date; now(): Date }
  readonly folder: string
  readonly database: StagedDatabase
  operator(permissions?: readonly Permission[], sessionId?: string): Promise<Actor>
  person(name?: string): Promise<string>
  pivCard(personId: string, record?: Partial<PukRecord>, state?: string): Promise<StagedPivCard>
  gidsCard(personId: string, triesLimit?: number): Promise<{ id: string; cardUuid: Uint8Array; printedSerial: string }>
  /** All audit records, oldest first. */
  audit(): Promise<{ operation: string; outcome: string; subject: string; event: Record<string, unknown> }[]>
  close(): Promise<void>
}

/** A PIV card whose 9E key is a key pair of the test. */
export interface StagedPivCard {
  readonly id: string
  readonly cardUuid: Uint8Array
  readonly printedSerial: string
  /** What the client at the card would compute for a nonce. */
  attempt(nonceHex?: string): StagedAttempt
}

/** One challenge of a card. */
export interface StagedAttempt {
  readonly challenge: string
  /** The same with a wrong check symbol. */
  readonly wrong: string
  readonly keys: AttemptKeys
}

const FRESH_PUK: PukRecord = {
  candidates: [{ epoch: 0, counter: 1 }],
  refused: [],
  triesAtLeast: 3,
  triesLimit: 3,
  restoredByUnblock: 'yes',
  isRotatable: true,
  form: 'eight-digits',
  exposedSince: null,
  exposedTo: null,
}

/** The password of every staged operator. */
export const STAGED_PASSWORD = 'a long enough one'

/** A role of the organisation's own that permits exactly this. */
export async function stageRole(world: World, permissions: readonly Permission[]): Promise<string> {
  const id = randomUUID()
  await world.database.transaction((tx) =>
    insertRole(tx, { id, name: `role ${id}`, permissions, at: world.clock.now() }),
  )
  return id
}

export async function stageWorld(
  settings: Partial<Settings> & { releasesPerHour?: number; cardAuthority?: CardAuthority } & OpenOptions = {},
): Promise<StagedWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-world-'))
  const clock = { at: new Date('2026-11-23T09:00:00Z'), now: () => clock.at }
  const database = await stageDatabase(settings)
  const keys = await openSoftKeys({
    folder: join(folder, 'keys'),
    protection: { keyFile: join(folder, 'unlock.key') },
    clock,
    releasesPerHour: settings.releasesPerHour ?? 1000,
  })
  const channel = openAgentChannel()
  const world: World = {
    database,
    keys,
    agents: channel,
    clock,
    passwords: await openArgon2(),
    cardAuthority: settings.cardAuthority,
    settings: {
      isDemo: true,
      allowsBareForm: true,
      releasesPerCardAndDay: 5,
      releasesPerOperatorAndHour: 30,
      releasesPerPersonAndDay: 10,
      personsPerOperatorInTenMinutes: 20,
      outstandingPerOperator: 20,
      origin: 'http://localhost:8443',
      organisation: '',
      language: 'en',
      agents: [],
      sessionHours: 10,
      sessionIdleMinutes: 30,
      ...settings,
    },
    isBehindJournal: false,
    log: { error() {} },
  }
  let count = 0
  const unique = () => `${++count}`

  async function insertCard(
    personId: string,
    family: string,
    state: string,
    sealedKey: string | null,
    cardUuid: Uint8Array,
  ) {
    const id = `card-${unique()}`
    const row = {
      id,
      card_uuid: writeHex(cardUuid),
      person_id: personId,
      family,
      label: `card ${id}`,
      printed_serial: `SER-${1000 + count}`,
      state,
      sealed_key: sealedKey,
      personalisation: null,
      created_at: clock.now().toISOString(),
    }
    await database.transaction(async (tx) => {
      await tx.insertInto('cards').values(row).execute()
      await noteHolder(tx, personId)
    })
    return { id, cardUuid, printedSerial: row.printed_serial }
  }

  return {
    world,
    channel,
    clock,
    folder,
    database,
    async operator(permissions = ['person:read', 'unblock:release'], sessionId = 'session-1') {
      const userName = `operator${unique()}`
      const roles = [await stageRole(world, permissions)]
      const wish = { name: userName, userName, password: STAGED_PASSWORD, roles }
      const { id } = await perform(addOperator, world, wish, SYSTEM)
      return { kind: 'operator', id, name: userName, userName, permissions: new Set(permissions), sessionId }
    },
    async person(name = 'Pia Person') {
      const rest = { department: 'd', email: 'e@example.org', phone: '+1', manager: 'm' }
      return (await perform(addPerson, world, { name, userName: `person${unique()}`, ...rest }, SYSTEM)).id
    },
    async pivCard(personId, record = {}, state = 'issued') {
      const cardUuid = nodeCrypto.random(16)
      const key = createECDH('prime256v1')
      const permit = { station: 'test', recordId: 'test', cardUuid }
      const octets = key.generateKeys()
      const card = await insertCard(
        personId,
        'piv',
        state,
        await keys.sealCardKey(permit, { variant: 1, octets }),
        cardUuid,
      )
      await database.transaction((tx) => insertPukRecord(tx, card.id, { ...FRESH_PUK, ...record }))
      return {
        ...card,
        attempt(nonceHex = writeHex(nodeCrypto.random(5))) {
          const z = key.computeSecret(keys.unblockPoints[0] as Uint8Array)
          const attemptKeys = deriveAttemptKeys(nodeCrypto, z, readHex(nonceHex), 1, cardUuid)
          const challenge = writeChallenge(nodeCrypto, attemptKeys, readHex(nonceHex))
          return { keys: attemptKeys, challenge, wrong: challenge.slice(0, -1) + (challenge.endsWith('0') ? '1' : '0') }
        },
      }
    },
    async gidsCard(personId, triesLimit = 0) {
      const card = await insertCard(personId, 'gids', 'issued', null, nodeCrypto.random(16))
      const row = {
        card_id: card.id,
        cipher: '3des',
        generation: '0.1',
        session_given_at: null,
        contact: null,
        refused_at: null,
        revision: 1,
      }
      await database.transaction((tx) =>
        tx
          .insertInto('admin_key_records')
          .values({ ...row, tries_limit: triesLimit })
          .execute(),
      )
      return card
    },
    async audit() {
      const rows = await database.reads.selectFrom('audit').select('record').orderBy('seq').execute()
      return rows.map(({ record }) => JSON.parse(record))
    },
    async close() {
      await keys.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
