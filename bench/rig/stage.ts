import { createECDH, createHash } from 'node:crypto'
import { join } from 'node:path'
import { readHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveAttemptKeys, writeChallenge } from '@unlatch/card/unblock'
import { type ServerOptions, startServer } from '@unlatch/server'
import { openSoftKeys } from '../../packages/server/src/adapters/soft-keys/soft-keys.ts'
import { type Filling, fillPostgres, fillSqlite } from '../../packages/server/src/db/fill.fixture.ts'
import { StagedAuthenticator } from '../../packages/server/src/records/passkeys/authenticator.fixture.ts'
import { verifyRegistration, writeRegistration } from '../../packages/server/src/records/passkeys/ceremonies.ts'
import { searchWordsOf } from '../../packages/server/src/records/people/people.ts'
import { drawDepartment, drawName } from './names.ts'
import { seededRandom } from './random.ts'

/** An organisation in a database, ready for calls: people and cards, operators who are signed in, calls that are open. */

/** A card that the bench holds, with a call open about it. */
export interface LiveCard {
  readonly printedSerial: string
  readonly unblockId: string
  /** Cookie of the operator whose call it is. */
  readonly cookie: string
  /** What its screen shows next. */
  challenge(): string
  /** The operator's passkey. */
  readonly passkey: StagedAuthenticator
}

export interface Organisation {
  readonly live: readonly LiveCard[]
  /** Printed serials and surnames' beginnings that are there. */
  readonly serials: readonly string[]
  readonly names: readonly string[]
}

export interface Size {
  readonly cards: number
  /** How many of the cards the bench can make challenges for. */
  readonly live: number
  readonly operators: number
}

const CARDS_PER_PERSON = 2
const MANY = 100_000_000
const SEED = 20_261
const SAMPLES = 500
/** A sealed key's length in base64: of the cards whose key nobody uses, only that is looked like. */
const SEALED_LENGTH = 128

const ORIGIN = 'http://localhost:8443'

/** The server's options in a bench: all limits on, and far away. */
export const benchOptions = (folder: string, databaseUrl?: string): ServerOptions => ({
  folder,
  webFolder: folder,
  isDemo: true,
  origin: ORIGIN,
  releasesPerCardAndDay: MANY,
  releasesPerOperatorAndHour: MANY,
  releasesPerPersonAndDay: MANY,
  personsPerOperatorInTenMinutes: MANY,
  outstandingPerOperator: MANY,
  releasesPerHour: MANY,
  logLevel: 'silent',
  ...(databaseUrl !== undefined && { database: { url: databaseUrl } }),
})

/** Makes the organisation in a fresh folder, and in a fresh database where one is named. */
export async function stageOrganisation(folder: string, size: Size, databaseUrl?: string): Promise<Organisation> {
  await (await startServer(benchOptions(folder, databaseUrl))).close()
  const keysFolder = join(folder, 'keys')
  const keys = await openSoftKeys({
    folder: keysFolder,
    protection: { keyFile: join(keysFolder, 'unlock.key') },
    clock: { now: () => new Date() },
    releasesPerHour: 1,
  })
  const unblockPoint = keys.unblockPoints[0] as Uint8Array
  const random = seededRandom(SEED)
  const at = new Date().toISOString()

  const operators = Array.from({ length: size.operators }, (_, i) => {
    const token = random.hex(43)
    return {
      id: random.uuid(),
      userName: `operator-${i}`,
      token,
      sessionId: createHash('sha256').update(token).digest('hex'),
      passkey: new StagedAuthenticator(ORIGIN),
    }
  })
  const passkeys = await Promise.all(operators.map((operator) => registerPasskey(operator, at)))
  const personIds = Array.from({ length: Math.ceil(size.cards / CARDS_PER_PERSON) }, () => random.uuid())
  const names = personIds.map(() => drawName(random))
  const cardIds = Array.from({ length: size.cards }, () => random.uuid())
  const serialOf = (card: number) => `UN-${String(card * 7 + 10_000_000)}`
  const userNameOf = (person: number) => `u${String(person + 100_000)}`
  const holderOf = (card: number) => Math.floor(card / CARDS_PER_PERSON)

  const step = Math.floor(size.cards / size.live)
  const isLive = (card: number) => card % step === 0 && card / step < size.live
  const live: LiveCard[] = []
  const unblocks: { id: string; card: number; operator: (typeof operators)[number] }[] = []
  const filler = 'A'.repeat(SEALED_LENGTH)

  async function liveKey(card: number, cardUuid: Uint8Array): Promise<string> {
    const ecdh = createECDH('prime256v1')
    const octets = ecdh.generateKeys()
    const z = ecdh.computeSecret(unblockPoint)
    const operator = operators[live.length % operators.length] as (typeof operators)[number]
    const unblockId = random.uuid()
    unblocks.push({ id: unblockId, card, operator })
    live.push({
      printedSerial: serialOf(card),
      unblockId,
      cookie: `unlatch-session=${operator.token}`,
      passkey: operator.passkey,
      challenge() {
        const nonce = nodeCrypto.random(5)
        return writeChallenge(nodeCrypto, deriveAttemptKeys(nodeCrypto, z, nonce, 1, cardUuid), nonce)
      },
    })
    return keys.sealCardKey({ station: 'bench', recordId: 'bench', cardUuid }, { variant: 1, octets })
  }
  const liveKeys = new Map<number, { cardUuid: string; sealed: string }>()
  for (let card = 0; card < size.cards; card++) {
    if (!isLive(card)) continue
    const cardUuid = random.hex(32)
    liveKeys.set(card, { cardUuid, sealed: await liveKey(card, readHex(cardUuid)) })
  }

  function* people() {
    for (const [i, id] of personIds.entries()) {
      const user_name = userNameOf(i)
      const rest = {
        department: drawDepartment(random),
        email: `${user_name}@example.org`,
        phone: `+49 30 ${random.below(9_999_999)}`,
      }
      yield { id, name: names[i] as string, user_name, ...rest, manager: names[0] as string, created_at: at }
    }
  }
  function* words() {
    for (const [i, person_id] of personIds.entries()) {
      const found = new Set(searchWordsOf({ name: names[i] as string, user_name: userNameOf(i) }))
      for (let card = i * CARDS_PER_PERSON; card < Math.min((i + 1) * CARDS_PER_PERSON, size.cards); card++) {
        found.add(serialOf(card).toLowerCase())
      }
      for (const word of found) yield { word, person_id }
    }
  }
  function* cards() {
    for (const [i, id] of cardIds.entries()) {
      const known = liveKeys.get(i)
      yield {
        id,
        card_uuid: known?.cardUuid ?? random.hex(32),
        person_id: personIds[holderOf(i)] as string,
        family: 'piv',
        label: `Card ${(i % CARDS_PER_PERSON) + 1}`,
        printed_serial: serialOf(i),
        state: 'issued',
        sealed_key: known?.sealed ?? filler,
        hardware_number: `yubico:${10_000_000 + i}`,
        created_at: at,
      }
    }
  }
  function* pukRecords() {
    for (const card_id of cardIds) {
      const puk = { candidates: '["0.1"]', refused: '[]', tries_at_least: 3, tries_limit: 3 }
      const rest = { restored_by_unblock: 'yes', is_rotatable: 1, form: 'eight-digits', revision: 1 }
      yield { card_id, ...puk, ...rest }
    }
  }
  const expires_at = new Date(Date.now() + 8 * 3_600_000).toISOString()
  const fillings: Filling[] = [
    { table: 'people', rows: people() },
    { table: 'search_words', rows: words() },
    { table: 'cards', rows: cards() },
    { table: 'puk_records', rows: pukRecords() },
    {
      table: 'operators',
      rows: operators.map(({ id, userName }) => {
        return { id, name: userName, user_name: userName, password_hash: 'none', is_disabled: 0, created_at: at }
      }),
    },
    { table: 'passkeys', rows: passkeys },
    { table: 'operator_roles', rows: operators.map(({ id }) => ({ operator_id: id, role_id: 'help-desk' })) },
    {
      table: 'sessions',
      rows: operators.map(({ id, sessionId }) => {
        const times = { created_at: at, last_seen_at: at, expires_at }
        return { id: sessionId, operator_id: id, ...times, address: '127.0.0.1', user_agent: 'bench' }
      }),
    },
    {
      table: 'unblocks',
      rows: unblocks.map(({ id, card, operator }) => {
        const person_id = personIds[holderOf(card)] as string
        return { id, card_id: cardIds[card] as string, person_id, operator_id: operator.id, opened_at: at }
      }),
    },
  ]
  if (databaseUrl) await fillPostgres(databaseUrl, fillings)
  else fillSqlite(join(folder, 'unlatch.db'), fillings)
  await keys.close()
  const sample = <T>(of: readonly T[]) => Array.from({ length: SAMPLES }, () => random.pick(of))
  return { live, serials: sample(cardIds.map((_, i) => serialOf(i))), names: sample(names) }
}

async function registerPasskey(
  { id, userName, passkey }: { id: string; userName: string; passkey: StagedAuthenticator },
  at: string,
) {
  const party = { origin: ORIGIN, organisation: '' }
  const challenge = Buffer.from(id).toString('base64url')
  const options = await writeRegistration(party, { id, name: userName, userName }, challenge, [])
  const registered = await verifyRegistration(party, challenge, passkey.create(options))
  if (!registered) throw new Error('a passkey that does not register')
  return { ...registered, operator_id: id, label: 'key', created_at: at, last_used_at: null }
}
