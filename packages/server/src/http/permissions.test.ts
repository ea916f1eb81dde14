import { AGENT_PERMISSIONS, PERMISSIONS, type Permission, problemType } from '@unlatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stageRole } from '../operations/world.fixture.ts'
import type { Route } from './doors.ts'
import { routes } from './routes.ts'
import { type StagedServer, stageServer } from './server.fixture.ts'

/**
 * Each line of the API demands something, and whoever has everything else is refused. A route that is added without an
 * input below, or without a demand, fails here.
 */

/** A body that passes the schema of each route, so that it is the permission that refuses. */
const SMTP = { host: 'mail.example', port: 465, security: 'implicit', authority: '', userName: '', from: 'a@example' }
const DOCUMENT = {
  family: 'piv',
  kinds: [],
  pin: { preset: 'fips-201-3', minLength: 6, maxLength: 8, longestRepeat: 2, longestSequence: 3, blockList: [] },
  puc: 'none',
  connectionId: null,
  allows: { operator: true, telephone: true, selfService: false },
  cardRoute: 'handed-over',
}
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/live-desk/:attemptId/hand-over': { operatorId: 'x' },
  'POST /api/live-desk/:attemptId/take-over': {},
  'POST /api/live-desk/:attemptId/end': {},
  'POST /api/verifications': { cardId: 'x', procedure: 'telephone' },
  'POST /api/verifications/:verificationId/ways': { way: 'manager' },
  'POST /api/verifications/:verificationId/sightings': { way: 'video', badge: 'b', isSameFace: true },
  'POST /api/verifications/:verificationId/ways/:wayId/answer': { said: 's' },
  'POST /api/notices/:noticeId/retry': {},
  'POST /api/not-me/notice': { token: 't' },
  'POST /api/not-me/answer': { token: 't', answer: 'me' },
  'POST /api/incidents/:incidentId/closing': { note: 'n', seen: null },
  'POST /api/caught-incidents/:incidentId/closing': { note: 'n' },
  'POST /api/approvals/:wayId': { answer: 'confirm' },
  'POST /api/people/:personId/passkey-invitation': { document: 'passport', isSameFace: true },
  'POST /api/people/:personId/passkey-removal': { passkeyId: 'p' },
  'POST /api/verifications/:verificationId/four-eyes': { note: '' },
  'POST /api/verifications/:verificationId/broken-glass': { reason: 'a long enough one' },
  'POST /api/four-eyes/:approvalId/statement': {},
  'POST /api/four-eyes/:approvalId': { signed: null },
  'POST /api/threat-level': { isRaised: true, reason: 'why' },
  'POST /api/desk': { revision: 0, settings: {} },
  'POST /api/connected-unblocks': { cardId: 'x', agentId: 'x', reader: 'r' },
  'POST /api/connected-unblocks/:unblockId/statement': {},
  'POST /api/connected-unblocks/:unblockId/signature': {
    nonce: '00',
    signature: {
      kind: 'passkey',
      answer: { id: 'i', rawId: 'i', type: 'public-key', response: { clientDataJSON: '' } },
    },
  },
  'POST /api/connected-unblocks/:unblockId/cancellation': {},
  'POST /api/connected-unblocks/:unblockId/progress': {},
  'POST /api/connected-unblocks/:unblockId/readiness': { cardUuid: '00', reader: 'r', jobKey: '00' },
  'POST /api/connected-unblocks/:unblockId/collection': {},
  'POST /api/connected-unblocks/:unblockId/outcome': { outcome: 'unknown', triesLeft: null, at: 'now' },
  'POST /api/connected-unblocks/:unblockId/drop': { problem: 'card-removed' },
  'POST /api/self-service/offer': { cardUuid: '0'.repeat(32) },
  'POST /api/self-service': { cardUuid: '0'.repeat(32), reader: 'r', jobKey: '00' },
  'POST /api/self-service/:unblockId/progress': {},
  'POST /api/self-service/:unblockId/proof': {},
  'POST /api/self-service/:unblockId/password': { secret: '70' },
  'POST /api/self-service/:unblockId/unblock-code': { secret: '70' },
  'POST /api/self-service/:unblockId/one-time-password': { secret: '70' },
  'POST /api/self-service/:unblockId/way': { way: 'passkey' },
  'POST /api/self-service/:unblockId/identity': { query: 'code=c' },
  'POST /api/holder': { cardUuid: '0'.repeat(32), reader: 'r', jobKey: '00' },
  'POST /api/holder/:sessionId/proof': {},
  'POST /api/holder/:sessionId/cards': {},
  'POST /api/holder/:sessionId/sign-in': {},
  'POST /api/holder/:sessionId/one-time-passwords': { kind: 'totp', label: 'l' },
  'POST /api/holder/:sessionId/one-time-passwords/:oneTimePasswordId/confirmation': { secret: '70' },
  'POST /api/holder/:sessionId/one-time-passwords/:oneTimePasswordId/removal': {},
  'POST /api/holder/:sessionId/passkey-invitation': {},
  'POST /api/holder/:sessionId/passkey-removal': { passkeyId: 'x' },
  'POST /api/holder/:sessionId/end': {},
  'POST /api/people/:personId/identities': { issuer: 'i', subject: 's' },
  'POST /api/people/:personId/identities/:identityId/removal': {},
  'POST /api/self-service/:unblockId/release': {},
  'POST /api/cards/:cardId/unblock-codes': { kind: 'spoken' },
  'POST /api/account/password': { password: 'p', newPassword: 'q' },
  'POST /api/account/passkey-challenge': { password: 'p' },
  'POST /api/account/passkeys': {
    label: 'l',
    answer: { id: 'i', rawId: 'i', type: 'public-key', response: { clientDataJSON: '' } },
  },
  'POST /api/account/passkey-removal': { passkeyId: 'x' },
  'POST /api/account/operator-card-signing': { password: 'p', agentId: 'a', reader: 'r' },
  'POST /api/account/operator-cards': { signingId: 's', label: 'l' },
  'POST /api/account/operator-card-removal': { operatorCardId: 'x' },
  'POST /api/signings': { unblockId: 'u', nonce: '00', agentId: 'a', reader: 'r' },
  'POST /api/signings/:signingId/cancellation': {},
  'POST /api/signings/:signingId/answer': { answer: { kind: 'ended', problem: 'signing-declined' } },
  'POST /api/account/session-end': {},
  'POST /api/operators': { name: 'n', userName: 'u', roles: [] },
  'POST /api/operators/:operatorId/roles': { roles: [] },
  'POST /api/operators/:operatorId/state': { isDisabled: true },
  'POST /api/operators/:operatorId/set-up-code': {},
  'POST /api/operators/:operatorId/session-end': {},
  'POST /api/roles': { name: 'n', permissions: [] },
  'POST /api/roles/:roleId': { name: 'n', permissions: [] },
  'POST /api/roles/:roleId/removal': {},
  'POST /api/people': { name: 'n', userName: 'u', department: '', email: '', phone: '', manager: '' },
  'POST /api/people/:personId': {
    revision: 1,
    name: 'n',
    userName: 'u',
    department: '',
    email: '',
    phone: '',
    manager: '',
  },
  'POST /api/people/:personId/removal': {},
  'POST /api/people-imports': Buffer.from('name;user name'),
  'POST /api/people-imports/:importId/reading': { encoding: 'utf-8', delimiter: ',', clearsEmpty: false },
  'POST /api/people-imports/:importId/start': { revision: 1, comparedAt: 'x' },
  'POST /api/people-imports/:importId/stop': {},
  'POST /api/directories/:connectionId/search': { search: 's' },
  'POST /api/directories/:connectionId/people': { keys: ['k'] },
  'POST /api/unblocks': { cardId: 'x' },
  'POST /api/unblocks/:unblockId/challenge-check': { challenge: 'x' },
  'POST /api/unblocks/:unblockId/statement': { challenge: 'x' },
  'POST /api/unblocks/:unblockId/cryptogram': { challenge: 'x', idempotencyKey: 'key-00000001' },
  'POST /api/unblocks/:unblockId/outcome': {},
  'POST /api/cards/:cardId/try-approval': {},
  'POST /api/cards/:cardId/state': { move: 'suspend', reason: 'lost' },
  'POST /api/cards/:cardId/template-version': { version: 1 },
  'POST /api/card-templates': { name: 'n', document: DOCUMENT },
  'POST /api/card-templates/:templateId': { version: 1, name: 'n', document: DOCUMENT },
  'POST /api/card-templates/:templateId/lock': { isLocked: true },
  'POST /api/card-templates/:templateId/copy': { name: 'n' },
  'POST /api/card-templates/:templateId/card-move': { version: 1 },
  'POST /api/connections': { kind: 'smtp', name: 'n', smtp: SMTP },
  'POST /api/connections/:connectionId': { kind: 'smtp', name: 'n', smtp: SMTP },
  'POST /api/connections/:connectionId/test': { to: 'a@example' },
  'POST /api/connections/:connectionId/removal': {},
  'POST /api/agents': { name: 'n', isStation: false },
  'POST /api/agents/:agentId': { name: 'n', isStation: false },
  'POST /api/agents/:agentId/revocation': {},
  'POST /api/deliveries/:deliveryId/retry': {},
  'POST /api/cards/:cardId/puc': { reason: 'r', password: 'p' },
  'POST /api/registrations': { personId: 'p', family: 'piv', label: 'l', printedSerial: 's' },
  'POST /api/registrations/:cardId/holder': { personId: 'p' },
  'POST /api/registrations/:cardId/issuance': { stationId: 's', reader: 'r' },
  'POST /api/pin-policy': { cardUuid: '00' },
  'POST /api/reports': { cardUuid: '00', challenge: 'x', outcome: 'unknown', receipt: null, at: 'x' },
  'POST /api/puc-reports': { cardUuid: '00', outcome: 'unknown', triesLeft: null, at: 'x' },
  'POST /api/cards': { personId: 'p', family: 'piv', label: 'l', printedSerial: 's' },
  'POST /api/cards/:cardId/issuance': {},
  'POST /api/cards/:cardId/personalisation': { round: 1, answers: [] },
  'POST /api/contacts': { cardUuid: '00' },
  'POST /api/cards/:cardId/rotation': { attempt: 'a' },
  'POST /api/cards/:cardId/holder': { personId: 'p' },
}
const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/cards/:cardId/verification': '?procedure=telephone',
  'GET /api/people': '?search=a',
  'POST /api/people-imports': '?fileName=f',
}

/** What strangers may ask. A new one is a decision, and stands here by name. */
const FOR_ANYBODY = [
  'GET /api/client-configuration',
  'GET /api/status',
  'GET /health/live',
  'GET /health/ready',
  'POST /api/enrolments',
  'POST /api/not-me/answer',
  'POST /api/not-me/notice',
  'POST /api/proof',
  'POST /api/proof/code',
  'POST /api/proof/refusal',
  'POST /api/session',
  'POST /api/session/passkey',
  'POST /api/session/passkey-challenge',
  'POST /api/session/password',
  'POST /api/set-up',
  'POST /api/set-up/code',
  'POST /api/set-up/passkey-challenge',
]

/** What a holder's agent may, too. */
const HOLDERS: readonly string[] = ['agent:report', 'card:contact']
const ALL = Object.keys(PERMISSIONS) as Permission[]
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const urlOf = (route: Route) => route.path.replace(/:\w+/g, 'x') + (QUERIES[nameOf(route)] ?? '')

let server: StagedServer
let lines: Route[]
beforeAll(async () => {
  server = await stageServer()
  lines = routes(server.stage.world, {} as never)
})
afterAll(() => server.close())

const ask = (route: Route, headers: Record<string, string>) => {
  const body = BODIES[nameOf(route)]
  const type = Buffer.isBuffer(body) ? { 'content-type': 'application/octet-stream' } : {}
  const asked = { ...headers, ...type }
  return server.app.inject({ method: route.method, url: urlOf(route), headers: asked, ...(body && { payload: body }) })
}

/** A refusal, and that it was recorded where an operation refused. */
async function expectRefused(
  route: Route,
  answer: Awaited<ReturnType<typeof ask>>,
  code: 'not-permitted' | 'station-only',
) {
  expect([nameOf(route), answer.json().type]).toEqual([nameOf(route), problemType(code)])
  if (route.method === 'GET') return
  const record = (await server.stage.audit()).at(-1)
  expect(record).toMatchObject({ operation: route.asks, outcome: 'refused', event: { problem: code } })
}

describe('every line of the API', () => {
  it('demands a permission, or stands among what anybody may ask', () => {
    const open = lines.filter(({ demands }) => demands === 'anybody')
    expect(open.map(nameOf).toSorted()).toEqual(FOR_ANYBODY)
    for (const { demands, caller } of lines) {
      expect(['anybody', 'signed-in', ...ALL]).toContain(demands)
      expect(caller === 'anybody').toBe(demands === 'anybody')
    }
  })

  it('wants somebody who is signed in, where it wants anybody at all', async () => {
    for (const route of lines.filter(({ caller }) => caller === 'operator')) {
      const answer = await ask(route, {})
      expect([nameOf(route), answer.json().type]).toEqual([nameOf(route), problemType('sign-in-needed')])
    }
  })

  it('refuses an operator who has every other permission', async () => {
    const asked = lines.filter(({ caller, demands }) => caller === 'operator' && demands !== 'signed-in')
    expect(asked.length).toBeGreaterThan(10)
    for (const needed of new Set(asked.map(({ demands }) => demands))) {
      const cookie = await server.signIn(ALL.filter((permission) => permission !== needed))
      for (const route of asked.filter(({ demands }) => demands === needed))
        await expectRefused(route, await ask(route, { cookie }), 'not-permitted')
    }
  })

  it('refuses a holder’s agent what only a station may, and an operator’s role gives nothing of it', async () => {
    const asked = lines.filter(({ caller, demands }) => caller === 'agent' && !HOLDERS.includes(demands))
    expect(asked.length).toBeGreaterThan(3)
    for (const route of asked) {
      expect([...AGENT_PERMISSIONS, 'card:register']).toContain(route.demands)
      const body = JSON.stringify(BODIES[nameOf(route)] ?? {})
      const headers = server.holder.headers('POST', urlOf(route), body)
      await expectRefused(
        route,
        await server.app.inject({ method: 'POST', url: urlOf(route), headers, payload: body }),
        'station-only',
      )
    }
    const roleId = await stageRole(server.stage.world, ['card:rotate', 'server:start', 'person:read'])
    const role = await server.app.inject({
      url: '/api/roles',
      headers: { cookie: await server.signIn(['operator:read']) },
    })
    const found = (role.json().roles as { id: string; permissions: string[] }[]).find(({ id }) => id === roleId)
    expect(found?.permissions).toEqual(['person:read'])
  })

  it('lets an operator without any role change his own account, and nothing else', async () => {
    const cookie = await server.signIn([])
    for (const route of lines.filter(({ demands }) => demands === 'signed-in')) {
      if (nameOf(route) === 'DELETE /api/session') continue
      expect([nameOf(route), (await ask(route, { cookie })).statusCode]).not.toEqual([nameOf(route), 403])
    }
  })
})
