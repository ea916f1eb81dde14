import { randomBytes } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { Permission } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ANYBODY } from '../../records/actors.ts'
import { hashAgentKey } from '../../records/agents/agents.ts'
import { agentDetails, agentList } from '../../records/agents/views.ts'
import { noteHello, noteLeaving } from '../../records/presence/sightings.ts'
import { look } from '../../records/view.ts'
import { connectAgent } from '../connected.fixture.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { addAgent } from './add-agent.ts'
import { changeAgent } from './change-agent.ts'
import { enrolAgent } from './enrol-agent.ts'
import { revokeAgent } from './revoke-agent.ts'

const newKey = () => randomBytes(32).toString('hex').toUpperCase()
const CONFIGURED = { publicKeyHex: newKey(), name: 'Desk of the file', isStation: true }
const RIGHTS: Permission[] = ['agent:read', 'agent:write']

let stage: StagedWorld
let admin: Actor
beforeEach(async () => {
  stage = await stageWorld({ agents: [CONFIGURED] })
  admin = await stage.operator(RIGHTS)
})
afterEach(() => stage.close())

const add = (name = 'Desk 1', isStation = true) => perform(addAgent, stage.world, { name, isStation }, admin)
const about = { protocol: 2, version: '0.1.0', platform: 'linux x64' }
const enrol = (code: string, publicKeyHex = newKey(), address = '10.0.0.1') =>
  perform(enrolAgent, stage.world, { code, address, publicKeyHex, ...about }, ANYBODY)
const list = (query: object = {}) =>
  look(agentList(stage.channel, stage.world.settings.agents), stage.world, query, admin)
const details = (agentId: string) =>
  look(agentDetails(stage.channel, stage.world.settings.agents), stage.world, { agentId }, admin)
const refusal = (code: string) => expect.objectContaining({ code })

describe('an enrolment', () => {
  it('makes an agent of a key, once; the code is stored nowhere and no record holds it', async () => {
    const { agentId, code, expiresAt } = await add()
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
    expect(expiresAt).toBe('2026-11-24T09:00:00.000Z')
    expect(await details(agentId)).toMatchObject({ state: 'waiting', keySha256: null, addedBy: admin.name })
    const key = newKey()
    const spoken = code.toLowerCase().replace(/(.{4})/g, '$1-')
    expect(await enrol(spoken, key)).toEqual({
      agentId,
      name: 'Desk 1',
      isStation: true,
      configurationKeyHex: writeHex(stage.world.keys.configurationKey),
    })
    expect(await details(agentId)).toMatchObject({
      state: 'enrolled',
      keySha256: hashAgentKey(key),
      version: '0.1.0',
      platform: 'linux x64',
      age: 'current',
      codeExpiresAt: null,
      isOnline: false,
    })
    const rows = await stage.database.reads.selectFrom('agents').selectAll().execute()
    expect(JSON.stringify([rows, await stage.audit()])).not.toContain(code)
    expect((await stage.audit()).slice(-2)).toMatchObject([
      { operation: 'agent.add', outcome: 'done', event: { agentId, name: 'Desk 1', isStation: true } },
      {
        operation: 'agent.enrol',
        outcome: 'done',
        event: { agentId, keySha256: hashAgentKey(key), address: '10.0.0.1' },
      },
    ])
    await expect(enrol(code)).rejects.toMatchObject({ code: 'enrolment-code-refused' })
  })

  it('with an expired, a revoked or no code is one answer, counted by the address', async () => {
    const { code: late } = await add('Late')
    stage.clock.at = new Date('2026-11-24T09:00:00.000Z')
    const { agentId, code: revoked } = await add('Revoked')
    await perform(revokeAgent, stage.world, { agentId }, admin)
    const { code: good } = await add('Good')
    for (const code of [late, revoked, '', ...Array(7).fill('0000 0000 0000 0000')])
      await expect(enrol(code)).rejects.toMatchObject({ code: 'enrolment-code-refused' })
    await expect(enrol(good)).rejects.toMatchObject({ code: 'sign-in-throttled' })
    expect(await enrol(good, newKey(), '10.0.0.2')).toMatchObject({ name: 'Good' })
  })

  it('with a key that an agent has, or had when it was revoked, is refused; its code is still good', async () => {
    const key = newKey()
    const first = await add()
    await enrol(first.code, key)
    const { code } = await add('Desk 2')
    await expect(enrol(code, key)).rejects.toMatchObject({ code: 'agent-exists' })
    await expect(enrol(code, CONFIGURED.publicKeyHex)).rejects.toMatchObject({ code: 'agent-exists' })
    await perform(revokeAgent, stage.world, { agentId: first.agentId }, admin)
    await expect(enrol(code, key)).rejects.toMatchObject({ code: 'agent-exists' })
    expect(await enrol(code)).toMatchObject({ name: 'Desk 2' })
  })

  it('twice at the same moment: one of them gets in', async () => {
    const { code } = await add()
    const both = await Promise.allSettled([enrol(code), enrol(code)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('an agent', () => {
  it('has a name of its own among those that are there', async () => {
    const { agentId } = await add('Réception')
    await expect(add('reception')).rejects.toMatchObject({ code: 'name-taken' })
    const other = await add('Desk 2')
    const rename = { agentId: other.agentId, name: 'RECEPTION', isStation: true }
    await expect(perform(changeAgent, stage.world, rename, admin)).rejects.toMatchObject({ code: 'name-taken' })
    await perform(revokeAgent, stage.world, { agentId }, admin)
    await perform(changeAgent, stage.world, rename, admin)
    expect(await details(other.agentId)).toMatchObject({ name: 'RECEPTION' })
  })

  it('that is changed or revoked loses its connection after the commit; what was revoked is changed no more', async () => {
    const { agentId, code } = await add()
    await enrol(code)
    connectAgent(stage, undefined, { id: agentId })
    expect(await details(agentId)).toMatchObject({ isOnline: true, readers: [{ name: 'Reader', card: null }] })
    await perform(changeAgent, stage.world, { agentId, name: 'Desk 1', isStation: false }, admin)
    expect(await details(agentId)).toMatchObject({ isOnline: false, isStation: false })
    connectAgent(stage, undefined, { id: agentId })
    await perform(revokeAgent, stage.world, { agentId }, admin)
    expect(stage.channel.online()).toEqual([])
    expect(await details(agentId)).toMatchObject({ state: 'revoked', revokedAt: stage.clock.at.toISOString() })
    for (const again of [
      perform(revokeAgent, stage.world, { agentId }, admin),
      perform(changeAgent, stage.world, { agentId, name: 'x', isStation: true }, admin),
    ])
      await expect(again).rejects.toEqual(refusal('agent-revoked'))
    await expect(perform(revokeAgent, stage.world, { agentId: 'x' }, admin)).rejects.toEqual(refusal('not-found'))
  })

  it('of the configuration file stands in the list and is not changed here', async () => {
    const id = CONFIGURED.publicKeyHex.slice(0, 16)
    expect(await details(id)).toMatchObject({ state: 'configured', name: CONFIGURED.name, addedAt: null })
    await expect(perform(revokeAgent, stage.world, { agentId: id }, admin)).rejects.toEqual(refusal('not-found'))
    await expect(details('nobody')).rejects.toEqual(refusal('not-found'))
  })

  it('is noted as it says hello and goes away, as long as it is what it says', async () => {
    const { agentId, code } = await add()
    await enrol(code)
    const note = (isStation: boolean, protocol: number) => {
      const now = new Date('2026-11-23T10:00:00Z')
      return noteHello(stage.database, { id: agentId, isStation }, { ...about, protocol }, now)
    }
    expect(await note(false, 1)).toBe(false)
    expect(await note(true, 1)).toBe(true)
    expect(await details(agentId)).toMatchObject({ lastSeenAt: '2026-11-23T10:00:00.000Z', age: 'older' })
    await noteLeaving(stage.database, agentId, new Date('2026-11-23T11:00:00Z'))
    expect(await details(agentId)).toMatchObject({ lastSeenAt: '2026-11-23T11:00:00.000Z' })
    await perform(revokeAgent, stage.world, { agentId }, admin)
    expect(await note(true, 1)).toBe(false)
  })
})

describe('the list', () => {
  it('is told by name, page by page; the revoked ones by time', async () => {
    for (let i = 0; i < 205; i++) {
      const { agentId } = await add(`Laptop ${String(i).padStart(3, '0')}`, false)
      if (i % 2 === 1) continue
      stage.clock.at = new Date(stage.clock.at.getTime() + 1000)
      await perform(revokeAgent, stage.world, { agentId }, admin)
    }
    const names = async (query: object) => {
      const found = await list(query)
      return { next: found.next, names: found.agents.map(({ name }) => name) }
    }
    const first = await names({})
    expect(first.names.slice(0, 3)).toEqual([CONFIGURED.name, 'Laptop 001', 'Laptop 003'])
    expect(first.names).toHaveLength(101)
    expect(await names({ after: first.next })).toEqual({ names: ['Laptop 201', 'Laptop 203'], next: null })
    expect(await names({ search: 'lap', after: first.next })).toMatchObject({ names: ['Laptop 201', 'Laptop 203'] })
    expect(await names({ search: 'desk' })).toMatchObject({ names: [CONFIGURED.name] })
    const revoked = await names({ show: 'revoked' })
    expect(revoked.names.slice(0, 2)).toEqual(['Laptop 204', 'Laptop 202'])
    expect(await names({ show: 'revoked', after: revoked.next })).toMatchObject({
      names: ['Laptop 004', 'Laptop 002', 'Laptop 000'],
      next: null,
    })
  })
})
