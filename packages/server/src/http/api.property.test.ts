import { join } from 'node:path'
import { ascii, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveGidsAdminKey, derivePiv9bKey, derivePuk } from '@unlatch/card/unblock'
import { PERMISSIONS, type Permission, PROBLEMS, type ProblemCode, problemType } from '@unlatch/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runs } from '../../../../test/property-runs.ts'
import { openKeyStore } from '../adapters/soft-keys/key-store.ts'
import type { Route } from './doors.ts'
import { routes } from './routes.ts'
import { type StagedServer, stageServer } from './server.fixture.ts'

/**
 * Whatever anybody sends to any line of the API: never a fault of ours, a refusal is a problem document, no secret of a card is
 * in an answer, and the audit log only grows.
 */

const CALLERS = ['unsigned', 'station', 'holder', 'operator'] as const
type CallerName = (typeof CALLERS)[number]
const TYPES = new Set((Object.keys(PROBLEMS) as ProblemCode[]).map(problemType))

let server: StagedServer
let lines: readonly Route[]
let cookie: string
/** What is there to be asked about. */
const known = {
  personId: [] as string[],
  cardId: [] as string[],
  unblockId: [] as string[],
  operatorId: [] as string[],
  roleId: [] as string[],
  uuids: [] as string[],
  challenges: [] as string[],
}
type KnownId = 'personId' | 'cardId' | 'unblockId' | 'operatorId' | 'roleId'
/** No octet of these may be in an answer, in any writing. */
const secrets = new Map<string, string>()

beforeAll(async () => {
  server = await stageServer({ releasesPerCardAndDay: 1_000_000, releasesPerOperatorAndHour: 1_000_000 })
  const { stage } = server
  lines = routes(stage.world, { folder: stage.folder } as never)
  const personId = await stage.person()
  const piv = await stage.pivCard(personId)
  const gids = await stage.gidsCard(personId)
  known.personId = [personId]
  known.cardId = [piv.id, gids.id]
  known.uuids = [piv, gids].map(({ cardUuid }) => writeHex(cardUuid))
  const attempt = piv.attempt()
  known.challenges = [attempt.challenge, attempt.wrong, 'A892D75601617C5D']
  await signIn()
  const { body: added } = await server.app.inject({
    method: 'POST',
    url: '/api/roles',
    headers: { cookie },
    payload: { name: 'a role', permissions: ['person:read'] },
  })
  known.roleId = [JSON.parse(added).id]
  const invited = await server.app.inject({
    method: 'POST',
    url: '/api/operators',
    headers: { cookie },
    payload: { name: 'Ivo Invited', userName: 'ivo', roles: known.roleId },
  })
  known.operatorId = [invited.json().operatorId]
  for (const ids of Object.values(known)) expect(ids.filter(Boolean).length).toBeGreaterThan(0)
  await learnSecrets([piv.cardUuid, gids.cardUuid])
})
afterAll(() => server?.close())

/** An operator who may everything, with an unblock of each card: nobody else's is his. */
async function signIn(): Promise<void> {
  cookie = await server.signIn(Object.keys(PERMISSIONS) as Permission[])
  for (const cardId of known.cardId) {
    const wish = { method: 'POST', url: '/api/unblocks', headers: { cookie }, payload: { cardId } } as const
    const { id } = (await server.app.inject(wish)).json()
    if (id !== undefined) known.unblockId = [...known.unblockId.slice(-1), id]
  }
}

async function learnSecrets(uuids: readonly Uint8Array[]): Promise<void> {
  const { folder } = server.stage
  const keyFile = join(folder, 'unlock.key')
  const { master, unblockKeys } = await openKeyStore(join(folder, 'keys', 'keys.json'), { keyFile })
  const learn = (name: string, octets: Uint8Array) => {
    secrets.set(writeHex(octets), name)
    for (const encoding of ['base64', 'base64url'] as const) secrets.set(Buffer.from(octets).toString(encoding), name)
  }
  learn('master', master)
  for (const key of unblockKeys) learn('unblock key', key)
  for (const uuid of uuids) {
    for (let counter = 1; counter < 6; counter++) {
      const generation = { epoch: 0, counter }
      const puk = derivePuk(nodeCrypto, master, uuid, generation)
      secrets.set(puk, 'PUK')
      learn('PUK', ascii(puk))
      learn('admin key', deriveGidsAdminKey(nodeCrypto, master, '3des', uuid, generation))
      for (const cipher of ['3des', 'aes192'] as const)
        learn('9B', derivePiv9bKey(nodeCrypto, master, cipher, uuid, generation))
    }
  }
}

const hexOf = (octets: number) => fc.uint8Array({ minLength: octets, maxLength: octets }).map((any) => writeHex(any))
const status = fc.constantFrom('9000', '6982', '6983', '63C1', '6A82', '6D00', '')
const cardAnswer = fc.tuple(
  hexOf(0),
  fc.oneof(hexOf(8), fc.constant('7C0A8108A892D75601617C5D'), fc.constant('')),
  status,
)
const idOf = (name: KnownId) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.nat(9).map((index) => known[name][index % known[name].length] ?? '') },
    fc.uuid(),
    fc.string({ maxLength: 120 }),
  )
const anyText = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 40 }), fc.constant(''))
const anyUuid = fc.oneof(
  fc.nat(9).map((index) => known.uuids[index % 2] ?? ''),
  hexOf(16),
)

/** Every field that a body has somewhere, mostly as it should be. */
const fields = {
  personId: idOf('personId'),
  cardId: idOf('cardId'),
  unblockId: idOf('unblockId'),
  stationId: anyText,
  attempt: anyText,
  passkeyId: anyText,
  name: anyText,
  userName: anyText,
  label: anyText,
  reader: anyText,
  printedSerial: anyText,
  search: anyText,
  family: fc.constantFrom('piv', 'gids'),
  hardwareNumber: fc.oneof(fc.constant(null), fc.stringMatching(/^[0-9]{1,12}$/)),
  adminKeyTriesLimit: fc.nat(15),
  factoryAdminKey: fc.constantFrom('counting', 'zeros'),
  challenge: fc.oneof(
    fc.nat(9).map((index) => known.challenges[index % 3] ?? ''),
    fc.stringMatching(/^[0-9A-Z]{10}$/),
    anyText,
  ),
  way: fc.constantFrom('call-back', 'address-code', 'manager', 'passkey', 'in-person', 'video'),
  procedure: fc.constantFrom('telephone', 'connected'),
  document: fc.constantFrom('passport', 'company-badge'),
  isSameFace: fc.boolean(),
  idempotencyKey: fc.stringMatching(/^[a-z0-9-]{8,40}$/),
  bare: fc.record({ challengeAgain: fc.constant('A892D75601617C5D'), serialEnd: fc.constantFrom('1001', '1002') }),
  receipt: fc.oneof(fc.stringMatching(/^[0-9]{4}$/), fc.constant(null)),
  told: fc.constantFrom('unblocked', 'refused', 'unknown'),
  outcome: fc.constantFrom('unblocked', 'refused', 'unknown'),
  at: fc.constant('2026-11-23T09:00:00.000Z'),
  cardUuid: anyUuid,
  seen: fc.record({ cardUuid: anyUuid, hardwareNumber: fc.constant(null) }),
  hasConsent: fc.boolean(),
  isFreshCard: fc.boolean(),
  isDisabled: fc.boolean(),
  round: fc.nat(6),
  answers: fc.array(
    cardAnswer.map((parts) => parts.join('')),
    { maxLength: 4 },
  ),
  proofs: fc.array(hexOf(32), { maxLength: 2 }),
  answer: fc.oneof(
    cardAnswer.map((parts) => parts.join('')),
    fc.record({
      id: anyText,
      rawId: anyText,
      type: fc.constant('public-key'),
      response: fc.dictionary(anyText, anyText),
    }),
  ),
  password: fc.constantFrom('wrong', 'a long enough one'),
  newPassword: anyText,
  code: anyText,
  roles: fc.array(idOf('roleId'), { maxLength: 2 }),
  permissions: fc.array(fc.constantFrom('person:read', 'unblock:release', 'nothing'), { maxLength: 3 }),
  currentSecrets: fc.oneof(
    fc.record({ puk: hexOf(8) }),
    fc.record({ adminKey: hexOf(24) }),
    fc.record({ managementKey: fc.record({ cipher: fc.constantFrom('aes192', '3des', 'aes128'), key: hexOf(24) }) }),
  ),
} as const

/** Some fields are missing, some are anything. */
const wellMeant = fc
  .tuple(
    fc.record(fields),
    fc.subarray(['currentSecrets', 'seen', 'receipt', 'factoryAdminKey', 'isFreshCard', 'personId', 'bare', 'answer']),
    fc.dictionary(fc.constantFrom(...Object.keys(fields)), fc.jsonValue(), { maxKeys: 2 }),
  )
  .map(([body, missing, odd]) => {
    const kept = Object.entries(body).filter(([name]) => !missing.includes(name as never))
    return JSON.stringify({ ...Object.fromEntries(kept), ...odd })
  })
const anyBody = fc.oneof(
  { weight: 6, arbitrary: wellMeant },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: anyText },
)
const oddHeaders = fc.dictionary(
  fc.constantFrom('cookie', 'origin', 'content-type', 'accept', 'x-forwarded-for', 'sec-fetch-site', 'unlatch-agent'),
  fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
  { maxKeys: 2 },
)
const asked = fc.record({
  /** Mostly whom the line is for. */
  caller: fc.oneof(
    { weight: 3, arbitrary: fc.constant<CallerName | 'right'>('right') },
    fc.constantFrom<CallerName>(...CALLERS),
  ),
  params: fc.record({
    personId: idOf('personId'),
    cardId: idOf('cardId'),
    unblockId: idOf('unblockId'),
    operatorId: idOf('operatorId'),
    roleId: idOf('roleId'),
  }),
  query: fc.oneof(
    fc.constant({}),
    fc.dictionary(fc.constantFrom('search', 'after', 'limit', 'x'), anyText, { maxKeys: 3 }),
  ),
  body: anyBody,
  headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, oddHeaders),
})
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never

const RIGHT = { operator: 'operator', agent: 'station', anybody: 'unsigned' } as const

async function send(route: Route, { caller: wished, params, query, body, headers }: Asked) {
  const caller = wished === 'right' ? RIGHT[route.caller] : wished
  const path = route.path.replace(/:(\w+)/g, (_, name: KnownId) => encodeURIComponent(params[name]))
  const search = new URLSearchParams(query as Record<string, string>).toString()
  const url = search === '' ? path : `${path}?${search}`
  const hasBody = route.method !== 'GET'
  const by: Record<CallerName, () => Record<string, string>> = {
    unsigned: () => ({}),
    operator: () => ({ cookie }),
    station: () => server.station.headers(route.method, url, hasBody ? body : ''),
    holder: () => server.holder.headers(route.method, url, hasBody ? body : ''),
  }
  return server.app.inject({
    method: route.method,
    url,
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...by[caller](), ...headers },
    ...(hasBody && { payload: body }),
  })
}

/** A station's rounds carry commands with a secret in them: those are for the card. */
function withoutCommands(caller: CallerName | 'right', text: string): string {
  if (!['station', 'right'].includes(caller) || !text.startsWith('{')) return text
  const { commands: _, command: __, ...rest } = JSON.parse(text)
  return JSON.stringify(rest)
}

function expectNoSecret(text: string): void {
  for (const [secret, name] of secrets) {
    if (text.includes(secret) || text.toUpperCase().includes(secret))
      throw new Error(`${name} is in an answer: ${text}`)
  }
}

/** The audit log as it was seen to grow. */
const log: { seq: number; record: string }[] = []

/** Reads on from where it was: nothing before that may be gone. */
async function expectGrown(): Promise<void> {
  const { reads } = server.stage.database
  const rows = reads.selectFrom('audit').select(['seq', 'record']).orderBy('seq')
  log.push(...(await rows.where('seq', '>', log.at(-1)?.seq ?? 0).execute()))
  const { count } = await reads
    .selectFrom('audit')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(Number(count)).toBe(log.length)
}

/** Whoever was signed in may have signed out, or was shut out. */
async function staySignedIn(): Promise<void> {
  const { statusCode } = await server.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } })
  if (statusCode !== 200) await signIn()
}

/** By name: the server that answers is there later. */
const NAMES = routes({ settings: {} } as never, {} as never).map(({ method, path }) => `${method} ${path}`)

describe('whatever is sent', () => {
  it.each(NAMES)('%s answers as it should', async (name) => {
    const route = lines.find(({ method, path }) => `${method} ${path}` === name)
    if (!route) throw new Error('no such line')
    await fc.assert(
      fc.asyncProperty(asked, async (wish) => {
        await staySignedIn()
        await expectGrown()
        const answer = await send(route, wish)
        expect(answer.statusCode, answer.payload).not.toBe(500)
        if (answer.statusCode >= 400) {
          expect(answer.headers['content-type']).toContain('application/problem+json')
          expect(TYPES).toContain(answer.json().type)
          expect(answer.json().status).toBe(answer.statusCode)
        } else expect(answer.statusCode).toBeLessThan(300)
        expectNoSecret(withoutCommands(wish.caller, answer.payload))
        await expectGrown()
      }),
      { numRuns: runs(12) },
    )
  })

  it('no record of the audit log was changed afterwards', async () => {
    const rows = await server.stage.database.reads
      .selectFrom('audit')
      .select(['seq', 'record'])
      .orderBy('seq')
      .execute()
    expect(rows.length).toBeGreaterThan(100)
    expect(rows).toEqual(log)
  })

  it('nothing secret was logged either', () => {
    expect(server.logged.length).toBeGreaterThan(100)
    expectNoSecret(server.logged.join('\n'))
  })
})
