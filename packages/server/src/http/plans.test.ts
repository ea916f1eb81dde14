import { ascii, writeHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { writeNativeChallenge, writeReceipt, writeRehearsal } from '@unlatch/card/unblock'
import {
  CARD_FINDINGS,
  type CeremonyOptions,
  DIRECTORY_PRESETS,
  PEOPLE_SORTS,
  ROLE_PERMISSIONS,
} from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findFullReads, type Statement } from '../db/plans.fixture.ts'
import { deliverDue } from '../jobs/deliver.ts'
import { importDue } from '../jobs/import-people.ts'
import { tellDue } from '../jobs/tell-holders.ts'
import { connectAgent } from '../operations/connected.fixture.ts'
import { stageDelivery, templateOf } from '../operations/delivery.fixture.ts'
import { takeEntries } from '../operations/directory/take-entries.ts'
import { perform } from '../operations/operation.ts'
import { STAGED_PASSWORD } from '../operations/world.fixture.ts'
import { SYSTEM } from '../records/actors.ts'
import { markTested } from '../records/connections/connections.ts'
import { directoryMatches } from '../records/directories/views.ts'
import { StagedAuthenticator } from '../records/passkeys/authenticator.fixture.ts'
import { look } from '../records/view.ts'
import { routes } from './routes.ts'
import { type StagedAgent, type StagedServer, stageServer } from './server.fixture.ts'

/** Whatever is asked at a door is found by an index: an organisation with half a million cards waits no longer than a small one. */

let server: StagedServer
const sent: Statement[] = []
const walked = new Set<string>()
let isAsking = false

beforeEach(async () => {
  server = await stageServer({ onStatement: (statement) => isAsking && sent.push(statement) })
  server.app.addHook('onRequest', async (request) => {
    walked.add(`${request.method} ${request.routeOptions.url}`)
  })
})
afterEach(() => server.close())

type Body = Record<string, unknown>

const PASSWORD = 'four quiet lorries'

/** Asks and remembers the statements that it took. */
async function ask(method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>, payload?: string) {
  isAsking = true
  const answer = await server.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
  isAsking = false
  if (answer.statusCode === 500) throw new Error(`${method} ${url}: ${answer.body}`)
  const isJson = String(answer.headers['content-type']).includes('json')
  return isJson && answer.body !== '' ? (answer.json() as Body) : {}
}

const asOperator = (cookie: string) => (method: 'GET' | 'POST' | 'DELETE', url: string, body?: Body) =>
  ask(method, url, { cookie, ...(body && { 'content-type': 'application/json' }) }, body && JSON.stringify(body))

const asAgent = (agent: StagedAgent) => (url: string, body: Body) =>
  ask('POST', url, agent.headers('POST', url, JSON.stringify(body)), JSON.stringify(body))

/** One of everything that operators do. */
async function walkAsOperator(personId: string): Promise<void> {
  const cookie = await server.signIn()
  const operator = asOperator(cookie)
  const officer = asOperator(await server.signIn(['card:move']))
  for (const password of ['wrong', 'a long enough one']) {
    await asOperator('')('POST', '/api/session', { userName: 'door-1', password })
  }
  await operator('GET', '/api/session')
  await operator('GET', '/api/people?search=pia')
  const lists = [
    '',
    'sort=oldest',
    'sort=serial',
    'search=pia&state=issued&family=piv&sort=serial',
    'search=pia&finding=puc-only',
  ]
  const filters = ['state=issued', 'family=piv', 'templateId=x']
  lists.push(...filters.flatMap((filter) => [`${filter}&sort=newest`, `${filter}&sort=oldest`]))
  lists.push(...CARD_FINDINGS.map((finding) => `finding=${finding}`))
  for (const list of lists) {
    expect(await operator('GET', `/api/cards?${list}`)).toMatchObject({ cards: expect.any(Array) })
  }
  isAsking = true
  const file = await server.app.inject({ url: '/api/card-file?search=pia', headers: { cookie } })
  isAsking = false
  expect(file.headers['content-type']).toContain('text/csv')
  await operator('GET', '/api/card-findings')
  const [piv, gids] = [await server.stage.pivCard(personId), await server.stage.gidsCard(personId, 3)]
  const block = nodeCrypto.random(8)
  for (const [card, attempt] of [
    [piv, piv.attempt()],
    [gids, { challenge: writeNativeChallenge(nodeCrypto, block, gids.cardUuid), wrong: '0000000000', keys: undefined }],
  ] as const) {
    await walkVerification(operator, card.id, 'telephone')
    const { id } = await operator('POST', '/api/unblocks', { cardId: card.id })
    const { challenge, wrong, keys } = attempt
    const verification = { idempotencyKey: 'key-00000001' }
    for (const said of [wrong, challenge])
      await operator('POST', `/api/unblocks/${id}/challenge-check`, { challenge: said })
    await operator('POST', `/api/unblocks/${id}/cryptogram`, { challenge: wrong, ...verification })
    const toSign = await operator('POST', `/api/unblocks/${id}/statement`, { challenge, ...verification })
    const { nonce } = toSign.statement as { nonce: string }
    const signed = { nonce, signature: { kind: 'password', password: STAGED_PASSWORD } }
    const released = await operator('POST', `/api/unblocks/${id}/cryptogram`, { challenge, ...verification, signed })
    expect(released).toMatchObject({ code: expect.any(String) })
    await operator('POST', `/api/unblocks/${id}/outcome`, { receipt: '7777' })
    const evidence = await asOperator(await server.signIn(['evidence:read']))('GET', `/api/unblocks/${id}/evidence`)
    expect(evidence).toMatchObject({ releases: [{ verifiedBy: [expect.any(String)] }], ways: expect.any(Array) })
    const records = (evidence.records as { record: string }[]).map(({ record }) => JSON.parse(record).operation)
    expect(records).toEqual(expect.arrayContaining(['unblock.release-cryptogram', 'verification.attest-way']))
    await asOperator(await server.signIn(['evidence:read']))('GET', `/api/unblocks/${id}/evidence-sheet`)
    const receipt = keys && writeReceipt(nodeCrypto, keys, ascii(String(released.code)), { code: 'unblocked' })
    const { outcome } = await operator('POST', `/api/unblocks/${id}/outcome`, keys ? { receipt } : { told: 'unknown' })
    expect(outcome).toBe(keys ? 'unblocked' : 'unknown')
    const cardUuid = writeHex(card.cardUuid)
    await operator('POST', `/api/cards/${card.id}/outcome`, { told: 'unknown' })
    await operator('POST', `/api/cards/${card.id}/try-approval`, {})
    await officer('POST', `/api/cards/${card.id}/state`, { move: 'suspend', reason: 'lost' })
    await officer('POST', `/api/cards/${card.id}/state`, { move: 'resume', reason: 'found' })
    const report = {
      cardUuid,
      challenge,
      outcome: 'unblocked',
      receipt: receipt ?? null,
      at: '2026-11-23T09:01:00.000Z',
    }
    await asAgent(server.holder)('/api/reports', report)
    const pucReport = { cardUuid, outcome: 'unblocked', triesLeft: null, at: '2026-11-23T09:02:00.000Z' }
    const puc = keys ? ['recorded', 'known'] : ['no-puk', 'known']
    for (const result of puc) expect(await asAgent(server.holder)('/api/puc-reports', pucReport)).toEqual({ result })
  }
  await operator('GET', `/api/people/${personId}`)
  await walkRotation(piv)
  await officer('POST', `/api/cards/${piv.id}/state`, { move: 'restock', reason: 'returned' })
  expect(await operator('GET', `/api/cards/${piv.id}`)).toMatchObject({ state: 'stock', holder: null })
  expect(await operator('GET', `/api/cards/${gids.id}`)).toMatchObject({ holder: { id: personId } })
  expect(await operator('GET', `/api/cards/${piv.id}/history`)).toMatchObject({ events: expect.any(Array) })
  expect(await operator('GET', `/api/cards?search=${piv.printedSerial}`)).toMatchObject({ cards: [{ id: piv.id }] })
  await operator('DELETE', '/api/session')
}

async function walkRotation(card: Awaited<ReturnType<StagedServer['stage']['pivCard']>>): Promise<void> {
  const station = asAgent(server.station)
  const { rehearsal, attempt } = await station('/api/contacts', { cardUuid: writeHex(card.cardUuid) })
  const { keys } = card.attempt((rehearsal as { nonce: string }).nonce)
  const proof = writeHex(writeRehearsal(nodeCrypto, keys))
  const { command } = await station(`/api/cards/${card.id}/rotation`, {
    cardId: card.id,
    attempt,
    proofs: [proof, proof],
  })
  expect(command).toBeTypeOf('string')
  expect(await station(`/api/cards/${card.id}/rotation`, { cardId: card.id, attempt, answer: '9000' })).toMatchObject({
    end: 'done',
  })
}

/** An agent that is online with an empty reader. */
function connectCardless(): { agentId: string } {
  connectAgent(server.stage, undefined, { id: 'cardless' })
  return { agentId: 'cardless' }
}

/** Operators and roles; and how a new operator sets himself up, signs in and looks after his account. */
async function walkAsAdministrator(): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const { id: roleId } = await admin('POST', '/api/roles', { name: 'Own', permissions: ['person:read'] })
  const { operatorId, code } = await admin('POST', '/api/operators', { name: 'Ben', userName: 'ben', roles: [roleId] })

  let cookies = ''
  const stranger = async (url: string, body?: Body) => {
    const payload = JSON.stringify(body ?? {})
    const headers = { cookie: cookies, 'content-type': 'application/json' }
    isAsking = true
    const answer = await server.app.inject({ method: 'POST', url, headers, payload })
    isAsking = false
    const lines = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0])
    if (lines.length > 0) cookies = lines.join('; ')
    expect([url, answer.statusCode]).toEqual([url, 200])
    return answer.json()
  }
  const key = new StagedAuthenticator(server.stage.world.settings.origin)
  await stranger('/api/set-up/code', { code })
  const passkey = { label: 'Key', answer: key.create(await stranger('/api/set-up/passkey-challenge', { code })) }
  await stranger('/api/set-up', { code, password: PASSWORD, passkey })
  const options = await stranger('/api/session/password', { userName: 'ben', password: PASSWORD })
  await stranger('/api/session/passkey', { answer: key.get(options) })
  await stranger('/api/session/passkey', { answer: key.get(await stranger('/api/session/passkey-challenge')) })

  const ben = asOperator(cookies.split('; ').find((line) => line.startsWith('unlatch-session=')) ?? '')
  await ben('POST', '/api/account/password', { password: PASSWORD, newPassword: 'nine tall gardens' })
  const second = new StagedAuthenticator(server.stage.world.settings.origin)
  const more = await ben('POST', '/api/account/passkey-challenge', { password: 'nine tall gardens' })
  await ben('POST', '/api/account/passkeys', { label: 'Spare', answer: second.create(more as CeremonyOptions) })
  await ben('POST', '/api/account/passkey-removal', { passkeyId: key.id.toString('base64url') })
  const { agentId } = connectCardless()
  const place = { agentId, reader: 'Reader' }
  const { signingId } = await ben('POST', '/api/account/operator-card-signing', {
    password: 'nine tall gardens',
    ...place,
  })
  await ben('GET', `/api/signings/${signingId}`)
  await ben('POST', `/api/signings/${signingId}/cancellation`, {})
  const refusal = { answer: { kind: 'ended', problem: 'signing-declined' } }
  await asAgent(server.holder)(`/api/signings/${signingId}/answer`, refusal)
  await ben('POST', '/api/account/operator-cards', { signingId, label: 'Card' })
  await ben('POST', '/api/account/operator-card-removal', { operatorCardId: 'x' })
  await ben('POST', '/api/signings', { unblockId: 'x', nonce: '00', ...place })
  await ben('POST', '/api/account/session-end', {})
  const { sessions } = (await ben('GET', '/api/account')) as { sessions: { id: string }[] }
  await ben('POST', '/api/account/session-end', { sessionId: sessions[0]?.id })

  await admin('GET', '/api/operators')
  await admin('GET', '/api/roles')
  await admin('GET', `/api/operators/${operatorId}/sessions`)
  await admin('POST', `/api/operators/${operatorId}/session-end`, {})
  await admin('POST', `/api/operators/${operatorId}/roles`, { roles: ['auditor'] })
  await admin('POST', `/api/operators/${operatorId}/set-up-code`, {})
  await admin('POST', `/api/operators/${operatorId}/state`, { isDisabled: true })
  await admin('POST', `/api/roles/${roleId}`, { name: 'Other', permissions: [] })
  await admin('POST', `/api/roles/${roleId}/removal`, {})

  const done = (await server.stage.audit())
    .filter(({ outcome }) => outcome === 'done')
    .map(({ operation }) => operation)
  for (const name of [
    'operator.invite',
    'operator.check-set-up-code',
    'operator.begin-set-up',
    'operator.set-up',
    'operator.check-password',
    'operator.sign-in-with-passkey',
    'account.change-password',
    'account.begin-passkey',
    'account.add-passkey',
    'account.remove-passkey',
    'account.end-sessions',
    'session.revoke',
    'operator.change-roles',
    'operator.renew-set-up-code',
    'operator.set-state',
    'role.add',
    'role.change',
    'role.delete',
  ])
    expect(done).toContain(name)
}

const SMTP = {
  host: '127.0.0.1',
  port: 1,
  security: 'implicit',
  authority: '',
  userName: 'u',
  from: 'cms@example.org',
}

/** Connections, templates, and a card whose PUC is to be delivered by them. */
async function walkDelivery(personId: string): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const { world } = server.stage
  const { id } = await admin('POST', '/api/connections', { kind: 'smtp', name: 'Mail', smtp: SMTP, secret: 's' })
  await admin('POST', `/api/connections/${id}`, { kind: 'smtp', name: 'Mail', smtp: SMTP })
  expect(await admin('POST', `/api/connections/${id}/test`, { to: 'a@example.org' })).toMatchObject({ status: 502 })
  await world.database.transaction((tx) => markTested(tx, String(id), 2, world.clock.now()))
  const document = templateOf({ puc: 'delivered', connectionId: String(id) })
  const { id: templateId } = await admin('POST', '/api/card-templates', { name: 'Staff', document })
  await admin('POST', `/api/card-templates/${templateId}`, { version: 1, name: 'Staff', document })
  await admin('POST', `/api/card-templates/${templateId}/copy`, { name: 'Copy' })
  await admin('POST', `/api/card-templates/${templateId}/lock`, { isLocked: true })
  const wish = { personId, family: 'piv', templateId, label: 'l', printedSerial: 'S-9' }
  const { cardId: replaced } = await admin('POST', '/api/registrations', wish)
  const replacing = { ...wish, printedSerial: 'S-10', replacesCardId: replaced }
  expect(await admin('POST', '/api/registrations', replacing)).toMatchObject({ cardId: expect.any(String) })
  expect(await admin('GET', `/api/cards/${replaced}`)).toMatchObject({ replacedBy: { printedSerial: 'S-10' } })
  await admin('POST', `/api/card-templates/${templateId}/lock`, { isLocked: false })
  await admin('POST', `/api/card-templates/${templateId}`, { version: 2, name: 'Staff', document })
  const moved = await admin('POST', `/api/cards/${replaced}/template-version`, { version: 3 })
  expect(moved).toEqual({ version: 3 })
  const all = await admin('POST', `/api/card-templates/${templateId}/card-move`, { version: 3 })
  expect(all).toEqual({ moved: 1, isMore: false })
  await admin('POST', `/api/card-templates/${templateId}/lock`, { isLocked: true })
  await admin('GET', '/api/card-templates')
  const card = await stageDelivery(server.stage, personId, String(templateId))
  isAsking = true
  const carrier = { send: async () => {} }
  const carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
  await deliverDue(world, carriers, { organisation: '', helpDeskPhone: '', language: 'en' })
  isAsking = false
  const { deliveries } = (await admin('GET', `/api/cards/${card.id}/deliveries`)) as { deliveries: { id: string }[] }
  expect(deliveries).toMatchObject([{ state: 'delivered' }])
  await admin('POST', `/api/deliveries/${deliveries[0]?.id}/retry`, {})
  await admin('GET', '/api/connections')
  await walkVerification(admin, card.id, 'telephone')
  expect(
    await admin('POST', `/api/cards/${card.id}/puc`, { reason: 'r', password: 'a long enough one' }),
  ).toMatchObject({ puc: expect.any(String) })
  const { id: other } = await admin('POST', '/api/connections', { kind: 'smtp', name: 'Old', smtp: SMTP })
  await admin('POST', `/api/connections/${other}/removal`, {})
}

/** A holder is told, says that it was not them, and the incident is closed. */
async function walkNotices(personId: string): Promise<void> {
  const { world } = server.stage
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const other = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const { id } = await admin('POST', '/api/connections', { kind: 'smtp', name: 'Desk', smtp: SMTP, secret: 's' })
  const webhook = { url: 'https://stop.example.org/', authority: '', isInternal: false }
  const { id: stop } = await admin('POST', '/api/connections', { kind: 'webhook', name: 'Stop', webhook })
  for (const one of [id, stop])
    await world.database.transaction((tx) => markTested(tx, String(one), 1, world.clock.now()))
  const { revision } = await admin('GET', '/api/desk')
  const settings = { mailConnectionId: id, revocationConnectionId: stop }
  await admin('POST', '/api/desk', { revision, settings })
  const card = await server.stage.pivCard(personId)
  await admin('POST', `/api/cards/${card.id}/state`, { move: 'suspend', reason: 'lost' })
  await admin('POST', `/api/cards/${card.id}/state`, { move: 'resume', reason: 'found' })
  const texts: string[] = []
  const take = async (_: unknown, message: { text: string }) => void texts.push(message.text)
  const carrier = { send: async () => {}, sendText: take, sendReport: async () => {} }
  const carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
  const tell = async () => {
    isAsking = true
    await tellDue(world, carriers, { organisation: '', helpDeskPhone: '', language: 'en' })
    isAsking = false
  }
  await tell()
  const token = texts.flatMap((text) => /#([\w-]{22})$/m.exec(text)?.[1] ?? []).at(-1)
  const stranger = asOperator('')
  await stranger('POST', '/api/not-me/notice', { token: 'x' })
  expect(await stranger('POST', '/api/not-me/notice', { token })).toMatchObject({ answer: null })
  expect(await stranger('POST', '/api/not-me/answer', { token, answer: 'not-me' })).toMatchObject({ isSuspended: true })
  await tell()
  const { notices } = (await admin('GET', `/api/cards/${card.id}/notices`)) as { notices: { id: string }[] }
  await admin('POST', `/api/notices/${notices[0]?.id}/retry`, {})
  for (const list of ['', '?state=closed', '?after=2026%20x']) await admin('GET', `/api/incidents${list}`)
  const { incidents } = (await admin('GET', '/api/incidents')) as { incidents: { id: string }[] }
  const at = `/api/incidents/${incidents[0]?.id}`
  expect(await admin('GET', at)).toMatchObject({ report: { state: 'reported' } })
  for (const page of ['', '?after=2026-11-23T09:00:00.000Z%209']) await admin('GET', `${at}/deeds${page}`)
  const seen = { document: 'passport', isSameFace: true }
  expect(await other('POST', `${at}/closing`, { note: 'n', seen })).toMatchObject({ isLifted: true })
  expect(await admin('GET', at)).toMatchObject({ state: 'closed' })
}

/** A card does not prove to be itself; that is looked into and closed. */
async function walkCaught(personId: string): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const station = asAgent(server.station)
  const card = await server.stage.pivCard(personId)
  for (const _ of [1, 2]) {
    const { attempt } = await station('/api/contacts', { cardUuid: writeHex(card.cardUuid) })
    const wrong = { cardId: card.id, attempt, proofs: ['00'.repeat(32), '00'.repeat(32)] }
    expect(await station(`/api/cards/${card.id}/rotation`, wrong)).toMatchObject({ type: '/problems/rehearsal-failed' })
  }
  const { incidents } = (await admin('GET', '/api/incidents')) as { incidents: { id: string; cardId: string }[] }
  const incident = incidents.find(({ cardId }) => cardId === card.id)
  const at = `/api/caught-incidents/${incident?.id}`
  expect(await admin('GET', at)).toMatchObject({ kind: 'card-not-itself', count: 2, obstacle: null })
  const { events } = await admin('GET', `/api/cards/${card.id}/history`)
  expect(events).toContainEqual(expect.objectContaining({ what: 'incident-caught', result: 'card-not-itself' }))
  await admin('POST', `${at}/closing`, { note: 'n' })
  expect(await admin('GET', at)).toMatchObject({ state: 'closed' })
}

/** What an agent says of an unblock. */
const STEPS = {
  progress: {},
  readiness: { cardUuid: '00'.repeat(16), reader: 'r', jobKey: '00' },
  collection: {},
  outcome: { outcome: 'unknown', triesLeft: null, at: 'now' },
  drop: { problem: 'card-removed' },
}

/** The holder adds a passkey, and proves who he is with it a week later. */
async function walkProof(operator: ReturnType<typeof asOperator>, cardId: string, verificationId: unknown) {
  const ask = async (url: string, payload: object): Promise<Body> => {
    isAsking = true
    const answer = await server.app.inject({ method: 'POST', url, payload })
    isAsking = false
    return answer.json()
  }
  const card = await server.stage.database.reads
    .selectFrom('cards')
    .select('person_id')
    .where('id', '=', cardId)
    .executeTakeFirstOrThrow()
  const at = `/api/people/${card.person_id}`
  const { code } = await operator('POST', `${at}/passkey-invitation`, { document: 'passport', isSameFace: true })
  const key = new StagedAuthenticator(server.stage.world.settings.origin)
  const { options } = await ask('/api/proof/code', { code })
  const added = await ask('/api/proof', { code, answer: key.create(options as CeremonyOptions) })
  expect(added).toMatchObject({ kind: 'add' })
  await server.stage.database.transaction((tx) =>
    tx.updateTable('person_passkeys').set({ usable_from: '2020-01-01' }).execute(),
  )
  const begin = () => operator('POST', `/api/verifications/${verificationId}/ways`, { way: 'passkey' })
  const { readOut } = await begin()
  const asked = await ask('/api/proof/code', { code: readOut })
  const answer = key.get(asked.options as CeremonyOptions)
  expect(await ask('/api/proof', { code: readOut, answer })).toMatchObject({ kind: 'prove' })
  await ask('/api/proof/refusal', { code: (await begin()).readOut })
  const reader = asOperator(await server.signIn(['person:read']))
  const { passkeys } = await reader('GET', `${at}/passkeys`)
  const [{ id: passkeyId }] = passkeys as [{ id: string }]
  await operator('POST', `${at}/passkey-removal`, { passkeyId })
}

/** The holder of a card proves who he is, by every way that there is; in person it counts. */
async function walkVerification(operator: ReturnType<typeof asOperator>, cardId: string, procedure: string) {
  const { id } = await operator('POST', '/api/verifications', { cardId, procedure })
  const begin = (body: Body) => operator('POST', `/api/verifications/${id}/ways`, body)
  await begin({ way: 'call-back', address: 'email' })
  await begin({ way: 'address-code', address: 'email' })
  await begin({ way: 'manager' })
  await operator('POST', `/api/verifications/${id}/ways/x/answer`, { said: 'two words' })
  const seen = { way: 'in-person', document: 'passport', isSameFace: true }
  await operator('POST', `/api/verifications/${id}/sightings`, seen)
  const view = await operator('GET', `/api/cards/${cardId}/verification?procedure=${procedure}`)
  expect(view).toMatchObject({ open: { isMet: true } })
  await walkProof(operator, cardId, id)
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  await admin('GET', '/api/approvals')
  await admin('POST', '/api/approvals/x', { answer: 'confirm' })
  await admin('POST', '/api/threat-level', { isRaised: true, reason: 'why' })
  const second = asOperator(await server.signIn(['unblock:approve', 'unblock:release']))
  const { id: approvalId } = await operator('POST', `/api/verifications/${id}/four-eyes`, { note: '' })
  await second('GET', '/api/four-eyes')
  await second('POST', `/api/four-eyes/${approvalId}/statement`, {})
  await second('POST', `/api/four-eyes/${approvalId}`, { signed: null })
  await admin('POST', `/api/verifications/${id}/broken-glass`, { reason: 'nobody is here' })
  await operator('GET', `/api/cards/${cardId}/verification?procedure=${procedure}`)
  await admin('POST', '/api/threat-level', { isRaised: false, reason: 'why' })
  const { revision } = await admin('GET', '/api/desk')
  await admin('POST', '/api/desk', { revision, settings: {} })
}

/** The desk as it is, and in numbers; an attempt that is handed over, taken over and ended. */
async function walkLiveDesk(personId: string): Promise<void> {
  const supervisor = asOperator(await server.signIn(['unblock:release', 'unblock:supervise', 'desk:watch']))
  const operator = asOperator(await server.signIn(['unblock:release']))
  const card = await server.stage.pivCard(personId)
  await walkVerification(operator, card.id, 'telephone')
  expect(await operator('GET', '/api/live-desk')).toMatchObject({ attempts: [{ cardId: card.id }] })
  const { id } = await operator('POST', '/api/unblocks', { cardId: card.id })
  expect(await operator('GET', `/api/cards/${card.id}/attempt`)).toMatchObject({ attempt: { unblockId: id } })
  const { colleagues } = (await operator('GET', '/api/live-desk/colleagues')) as { colleagues: { id: string }[] }
  const to = { operatorId: colleagues.at(-1)?.id, reason: '' }
  for (const end of [supervisor, operator]) expect(await end('GET', '/api/live-desk?after=9%20x')).toBeTruthy()
  expect(await operator('POST', `/api/live-desk/${id}/hand-over`, to)).toEqual({})
  expect(await supervisor('GET', '/api/live-desk')).toMatchObject({ attempts: expect.any(Array) })
  await supervisor('POST', `/api/live-desk/${id}/take-over`, {})
  expect(await supervisor('POST', `/api/live-desk/${id}/end`, {})).toEqual({})
  expect(await supervisor('GET', '/api/desk-numbers?days=30')).toMatchObject({ days: expect.any(Array) })
  await supervisor('GET', '/api/desk-numbers-file')
}

async function walkConnected(personId: string): Promise<void> {
  const operator = asOperator(await server.signIn(['unblock:release']))
  const card = await server.stage.pivCard(personId)
  connectAgent(server.stage, card)
  const { readers } = (await operator('GET', '/api/connected-readers')) as { readers: { obstacle: string | null }[] }
  expect(readers).toContainEqual(expect.objectContaining({ obstacle: null }))
  await walkVerification(operator, card.id, 'connected')
  const wish = { cardId: card.id, agentId: 'laptop', reader: 'Reader' }
  for (let i = 0; i < 2; i++) {
    const { id } = await operator('POST', '/api/connected-unblocks', wish)
    expect(await operator('GET', `/api/connected-unblocks/${id}`)).toMatchObject({ state: 'asked' })
    for (const step of ['statement', 'signature', 'cancellation']) {
      const signature = { nonce: '00'.repeat(16), signature: { kind: 'password', password: 'a long enough one' } }
      await operator('POST', `/api/connected-unblocks/${id}/${step}`, step === 'signature' ? signature : {})
    }
  }
}

async function walkAgents(): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const { stranger } = server
  const { agentId, code } = await admin('POST', '/api/agents', { name: 'Desk 1', isStation: true })
  expect(await admin('POST', '/api/agents', { name: 'Desk 1', isStation: true })).toMatchObject({ status: 409 })
  const about = { protocol: 2, version: 'test', platform: 'test' }
  for (const [said, expected] of [
    ['0000-0000-0000-0000', { status: 401 }],
    [code, { agentId, name: 'Desk 1', isStation: true }],
  ]) {
    expect(await asAgent(stranger)('/api/enrolments', { code: said, ...about })).toMatchObject(expected as Body)
  }
  expect(await asAgent(stranger)('/api/hello', about)).toMatchObject({ agent: { name: 'Desk 1' } })
  await admin('POST', `/api/agents/${agentId}`, { name: 'Desk 2', isStation: false })
  for (const list of ['', '?search=desk', '?search=d&after=d', '?show=revoked', '?show=revoked&after=2026%20x']) {
    expect(await admin('GET', `/api/agents${list}`)).toMatchObject({ agents: expect.any(Array) })
  }
  expect(await admin('GET', `/api/agents/${agentId}`)).toMatchObject({ name: 'Desk 2', version: 'test' })
  await admin('POST', `/api/agents/${agentId}/revocation`, {})
  expect(await asAgent(stranger)('/api/hello', about)).toMatchObject({ type: '/problems/agent-unknown' })
}

async function walkAsStation(personId: string): Promise<void> {
  const station = asAgent(server.station)
  const wish = { personId, family: 'piv', label: 'l', printedSerial: 'S-1' }
  const { cardId } = await station('/api/cards', wish)
  await station('/api/cards', wish)
  const seen = { cardUuid: '00'.repeat(16), hardwareNumber: 'yubico:1' }
  await station(`/api/cards/${cardId}/issuance`, { cardId, seen })
  const { id } = await server.stage.gidsCard(personId)
  expect(await station(`/api/cards/${id}/holder`, { cardId: id, personId })).toMatchObject({ cardId: id })
  await station(`/api/cards/${cardId}/personalisation`, { cardId, round: 1, answers: [] })
  const unblock = '/api/connected-unblocks/x'
  for (const [step, body] of Object.entries(STEPS)) await station(`${unblock}/${step}`, body)
  expect(await station('/api/pin-policy', { cardUuid: '00'.repeat(16) })).toEqual({ policy: null })
  await station('/api/hello', { protocol: 1, version: 'test', platform: 'test' })
}

/** A holder alone, with a card that says to be hers: of the stock's template, whose directory is not there. */
async function walkSelfService(): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const { world } = server.stage
  const personId = await server.stage.person('Sven Selfe')
  const document = templateOf({ family: 'gids', allows: { operator: true, telephone: true, selfService: true } })
  const { id: templateId } = await admin('POST', '/api/card-templates', { name: 'Self', document })
  const [directory] = (await admin('GET', '/api/directories')).directories as { id: string }[]
  const { id: cardId, cardUuid } = await server.stage.gidsCard(personId)
  await world.database.transaction(async (tx) => {
    await tx
      .updateTable('cards')
      .set({ template_id: String(templateId), template_version: 1 })
      .where('id', '=', cardId)
      .execute()
    await tx
      .updateTable('people')
      .set({ directory_id: directory?.id ?? '', directory_entry: 'k' })
      .where('id', '=', personId)
      .execute()
  })
  const { id: verificationId } = await admin('POST', '/api/verifications', { cardId, procedure: 'telephone' })
  const seen = { way: 'in-person', document: 'passport', isSameFace: true }
  await admin('POST', `/api/verifications/${verificationId}/sightings`, seen)
  const given = await admin('POST', `/api/cards/${cardId}/unblock-codes`, { kind: 'sheet' })
  expect(given).toMatchObject({ codes: expect.any(Array) })
  const holder = asAgent(server.holder)
  const card = { cardUuid: writeHex(cardUuid) }
  expect(await holder('/api/self-service/offer', card)).toEqual({ obstacle: null })
  const { unblockId } = await holder('/api/self-service', { ...card, reader: 'r', jobKey: '00' })
  const at = `/api/self-service/${unblockId}`
  expect(await holder(`${at}/proof`, {})).toMatchObject({ isMet: false })
  expect(await holder(`${at}/progress`, {})).toMatchObject({ personName: 'Sven Selfe' })
  await holder(`${at}/password`, { secret: '70' })
  await holder(`${at}/unblock-code`, { secret: '70' })
  await holder(`${at}/one-time-password`, { secret: '70' })
  await walkHolder(holder, card)
  for (const way of ['passkey', 'identity-provider']) {
    await holder(`${at}/way`, { way, redirectUri: 'http://127.0.0.1:1/self-service/signed-in' })
  }
  await holder(`${at}/identity`, { query: 'code=c' })
  const wish = { issuer: 'https://id.example', subject: 's' }
  const { id: identityId } = await admin('POST', `/api/people/${personId}/identities`, wish)
  expect(await admin('GET', `/api/people/${personId}/identities`)).toMatchObject({ identities: [wish] })
  await admin('POST', `/api/people/${personId}/identities/${identityId}/removal`, {})
  expect(await holder(`${at}/release`, {})).toMatchObject({ type: '/problems/caller-not-verified' })
}

/** My Smartcard, with a card that works. */
async function walkHolder(holder: ReturnType<typeof asAgent>, card: { cardUuid: string }): Promise<void> {
  const { sessionId } = await holder('/api/holder', { ...card, reader: 'r', jobKey: '00' })
  const at = `/api/holder/${sessionId}`
  expect(await holder(`${at}/proof`, {})).toMatchObject({ personName: 'Sven Selfe' })
  expect(await holder(`${at}/cards`, {})).toMatchObject({ cards: [{ isHere: true }] })
  const drawn = await holder(`${at}/one-time-passwords`, { kind: 'totp', label: 'l' })
  const one = `${at}/one-time-passwords/${drawn.oneTimePasswordId}`
  await holder(`${one}/confirmation`, { secret: '70' })
  expect(await holder(`${at}/passkey-invitation`, {})).toMatchObject({ code: expect.any(String) })
  expect(await holder(`${at}/passkey-removal`, { passkeyId: 'x' })).toMatchObject({ status: 404 })
  expect(await holder(`${at}/sign-in`, {})).toMatchObject({ passkeys: [], oneTimePasswords: [] })
  expect(await holder(`${one}/removal`, {})).toEqual({})
  expect(await holder(`${at}/end`, {})).toEqual({})
}

/** The list in each order and by each filter, its file, and what becomes of one person. */
async function walkPeople(): Promise<void> {
  const officer = asOperator(await server.signIn(['person:read', 'person:write', 'person:export']))
  const filters = ['department=d', 'cards=with', 'cards=without', 'department=d&cards=with']
  const searches = ['search=pia', 'search=pia&department=d&cards=with&sort=department']
  for (const list of ['', ...PEOPLE_SORTS.map((sort) => `sort=${sort}`), ...filters, ...searches]) {
    expect(await officer('GET', `/api/people-list?${list}`)).toMatchObject({ people: expect.any(Array) })
  }
  for (const file of ['', ...filters, 'search=pia']) await officer('GET', `/api/people-file?${file}`)
  await officer('GET', '/api/people-departments')
  const person = { name: 'Kim Nilsson', userName: 'kim', department: '', email: '', phone: '', manager: '' }
  const { id } = await officer('POST', '/api/people', person)
  const change = { ...person, name: 'Kim Berg', revision: 1 }
  expect(await officer('POST', `/api/people/${id}`, change)).toEqual({ revision: 2 })
  expect(await officer('POST', `/api/people/${id}`, change)).toMatchObject({ status: 409 })
  expect(await officer('POST', `/api/people/${id}/removal`, {})).toEqual({})
}

/** A file of people, from the look at it to its last row. */
async function walkImport(): Promise<void> {
  const cookie = await server.signIn(['person:write'])
  const officer = asOperator(cookie)
  const upload = async (file: string) => {
    const headers = { cookie, 'content-type': 'application/octet-stream' }
    return String((await ask('POST', '/api/people-imports?fileName=people.csv', headers, file)).id)
  }
  const file = 'Name;User name;Telephone\nMia Falk;mia;+49 1\nPia Person;person1;+49 2\nBad;;\n'
  const at = `/api/people-imports/${await upload(file)}`
  await officer('GET', '/api/people-imports')
  await officer('POST', `${at}/reading`, { encoding: 'utf-8', delimiter: ';', clearsEmpty: false })
  const { comparedAt, revision, counts } = await officer('GET', `${at}/rows?kind=new`)
  expect(counts).toEqual({ new: 1, changed: 1, unchanged: 0, wrong: 1 })
  await officer('GET', `${at}/wrong-rows`)
  expect(await officer('POST', `${at}/start`, { comparedAt, revision })).toEqual({})
  isAsking = true
  await importDue(server.stage.world)
  isAsking = false
  expect(await officer('GET', at)).toMatchObject({ state: 'done', progress: { added: 1, changed: 1, wrong: 1 } })
  expect(await officer('POST', `/api/people-imports/${await upload(file)}/stop`, {})).toEqual({})
}

/** A directory that is not there: what is read and written about it all the same. */
async function walkDirectory(): Promise<void> {
  const admin = asOperator(await server.signIn(ROLE_PERMISSIONS))
  const settings = { urls: ['ldaps://localhost:1'], authority: '', baseDn: 'dc=x', bindDn: 'cn=x' }
  const directory = { ...settings, ...DIRECTORY_PRESETS.openldap }
  const { id } = await admin('POST', '/api/connections', { kind: 'directory', name: 'D', directory, secret: 's' })
  const { world } = server.stage
  await world.database.transaction((tx) => markTested(tx, String(id), 1, world.clock.now()))
  expect(await admin('GET', '/api/directories')).toMatchObject({ directories: [{ name: 'D' }] })
  const unreachable = { type: '/problems/directory-unreachable' }
  expect(await admin('POST', `/api/directories/${id}/search`, { search: 'pia' })).toMatchObject(unreachable)
  expect(await admin('POST', `/api/directories/${id}/people`, { keys: ['k'] })).toMatchObject(unreachable)
  const actor = { ...SYSTEM, id: 'a' }
  const person = { name: 'Una', userName: 'una', department: '', email: '', phone: '', manager: '', language: '' }
  const entries = [{ key: 'k', dn: 'cn=una', person }]
  isAsking = true
  for (const _ of [1, 2]) {
    await look(directoryMatches, world, { connectionId: id, entries }, actor)
    await perform(takeEntries, world, { connectionId: id, entries }, actor)
  }
  isAsking = false
}

async function walkAsCardOfficer(personId: string): Promise<void> {
  const cookie = await server.signIn(['card:register', 'card:move', 'person:write'])
  const officer = asOperator(cookie)
  const card = {
    kind: 'piv',
    firmware: null,
    cardUuid: 'A'.repeat(32),
    hardwareNumber: 'yubico:7',
    family: 'piv',
    isBlocked: false,
  } as const
  const socket = {
    send() {},
    close() {},
    onMessage: (listener: (text: string) => void) => tell.push(listener),
    onClose() {},
  }
  const tell: ((text: string) => void)[] = []
  server.stage.channel.attach(socket, {
    id: 'station',
    keySha256: 'A'.repeat(64),
    protocol: 2,
    name: 'station',
    isStation: true,
    version: 'test',
  })
  for (const listener of tell) listener(JSON.stringify({ type: 'readers', readers: [{ name: 'reader', card }] }))
  const wish = { personId, family: 'piv', label: 'l', printedSerial: 'S-2' }
  const { cardId } = await officer('POST', '/api/registrations', wish)
  const person = { name: 'New', userName: 'new', department: '', email: '', phone: '', manager: '' }
  for (const expected of [{ id: expect.any(String) }, { status: 409 }])
    expect(await officer('POST', '/api/people', person)).toMatchObject(expected)
  await officer('GET', '/api/stations')
  await officer('GET', '/api/registrations')
  await officer('GET', `/api/registrations/${cardId}`)
  const again = await officer('POST', `/api/registrations/${(await server.stage.gidsCard(personId)).id}/holder`, {
    personId,
  })
  expect(again).toMatchObject({ round: 0 })
  const order = { cardId, stationId: 'station', reader: 'reader' }
  expect(await officer('POST', `/api/registrations/${cardId}/issuance`, order)).toMatchObject({
    jobId: expect.any(String),
  })
  const revocation = { move: 'revoke', reason: 'lost' }
  expect(await officer('POST', `/api/cards/${cardId}/state`, revocation)).toEqual({ state: 'revoked' })
}

describe('statement plans', () => {
  it('every route of the API finds its rows by an index', async () => {
    const personId = await server.stage.person()
    await walkAsOperator(personId)
    await walkLiveDesk(await server.stage.person('Paul Person'))
    await walkAsAdministrator()
    await walkDelivery(personId)
    await walkConnected(personId)
    await walkAgents()
    await walkAsStation(personId)
    await walkAsCardOfficer(personId)
    await walkPeople()
    await walkImport()
    await walkDirectory()
    await walkSelfService()
    await walkNotices(personId)
    await walkCaught(personId)
    await ask('GET', '/health/live', {})
    await ask('GET', '/health/ready', {})
    await ask('GET', '/api/status', {})
    await ask('GET', '/api/client-configuration', {})
    const all = routes(server.stage.world, {} as never)
    expect(all.map(({ method, path }) => `${method} ${path}`).filter((route) => !walked.has(route))).toEqual([])
    expect(new Set(sent.map(({ sql }) => sql)).size).toBeGreaterThan(40)
    expect(await findFullReads(server.stage.world.database, sent)).toEqual([])
  })

  it('a read without an index is noticed', async () => {
    const everything = [{ sql: "select * from people where phone = 'x'", parameters: [] }]
    expect(await findFullReads(server.stage.world.database, everything)).toHaveLength(1)
    const one = [{ sql: "select * from people where id = 'x'", parameters: [] }]
    expect(await findFullReads(server.stage.world.database, one)).toEqual([])
  })
})
