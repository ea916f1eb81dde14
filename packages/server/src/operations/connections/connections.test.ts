import { afterEach, beforeEach, expect, it } from 'vitest'
import { ldapDirectory } from '../../adapters/ldap/ldap.ts'
import { testConnection } from '../../jobs/test-connection.ts'
import { type Carriers, DeliveryError, type Message, type OpenConnection } from '../../ports/delivery.ts'
import type { Actor } from '../../records/actors.ts'
import { findConnection } from '../../records/connections/connections.ts'
import { insertVersion, updateTemplate } from '../../records/templates/templates.ts'
import { stageDelivery, stageTemplate, templateOf } from '../delivery.fixture.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { addConnection } from './add-connection.ts'
import { changeConnection } from './change-connection.ts'
import { removeConnection } from './remove-connection.ts'

let stage: StagedWorld
let actor: Actor
let sent: { connection: OpenConnection; message: Message }[]
let answer: () => Promise<void>
let carriers: Carriers
beforeEach(async () => {
  stage = await stageWorld()
  actor = await stage.operator(['connection:write'])
  sent = []
  answer = async () => {}
  const carrier = {
    async send(connection: OpenConnection, message: Message) {
      sent.push({ connection, message })
      await answer()
    },
  }
  carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
})
afterEach(() => stage.close())

const webhook = { url: 'https://sms.example.org/send', authority: '', isInternal: false }
const wish = { kind: 'webhook', name: 'Text messages', webhook } as const
const add = async (secret?: string) =>
  (await perform(addConnection, stage.world, { ...wish, ...(secret && { secret }) }, actor)).id
const find = async (id: string) => findConnection(stage.database.reads, id)
const tryOut = (connectionId: string) =>
  testConnection(
    stage.world,
    { carriers, directory: ldapDirectory },
    { organisation: '', helpDeskPhone: '', language: 'en' },
    { connectionId, to: '+46 8 1' },
    actor,
  )

it('a secret is sealed, used by its connection, kept by a change that says nothing of it, and taken away', async () => {
  const connectionId = await add('shared-secret')
  expect(JSON.stringify([await find(connectionId), await stage.audit()])).not.toContain('shared-secret')
  const secretNow = async () => {
    await tryOut(connectionId)
    return sent.at(-1)?.connection.secret
  }
  expect(await secretNow()).toBe('shared-secret')
  await perform(changeConnection, stage.world, { connectionId, ...wish }, actor)
  expect(await secretNow()).toBe('shared-secret')
  await perform(changeConnection, stage.world, { connectionId, ...wish, secret: 'another' }, actor)
  expect(await secretNow()).toBe('another')
  await perform(changeConnection, stage.world, { connectionId, ...wish, secret: '' }, actor)
  expect(await secretNow()).toBeNull()
})

it('counts as tested once a test arrived, and no longer once it was changed', async () => {
  const connectionId = await add()
  answer = () => Promise.reject(new DeliveryError('delivery-refused', 'HTTP 404'))
  await expect(tryOut(connectionId)).rejects.toMatchObject({ code: 'delivery-refused', facts: { said: 'HTTP 404' } })
  expect(await find(connectionId)).toMatchObject({ testedAt: null })
  answer = async () => {}
  await tryOut(connectionId)
  expect(sent.at(-1)?.message).toMatchObject({ isTest: true, puc: '00000000', to: { phone: '+46 8 1' } })
  expect(await find(connectionId)).toMatchObject({ testedAt: stage.clock.at.toISOString() })
  const records = (await stage.audit()).map(({ operation, event }) => [operation, event.problem ?? null])
  expect(records.slice(-4)).toEqual([
    ['connection.begin-test', null],
    ['connection.end-test', 'delivery-refused'],
    ['connection.begin-test', null],
    ['connection.end-test', null],
  ])
  await perform(changeConnection, stage.world, { connectionId, ...wish, name: 'Other' }, actor)
  expect(await find(connectionId)).toMatchObject({ testedAt: null })
})

it('that is changed while its test is under way stays untested', async () => {
  const connectionId = await add()
  answer = async () => void (await perform(changeConnection, stage.world, { connectionId, ...wish }, actor))
  await tryOut(connectionId)
  expect(await find(connectionId)).toMatchObject({ testedAt: null })
})

it('keeps its kind', async () => {
  const connectionId = await add()
  const letter = { folder: 'letters', envelope: 'window', sender: '', isCollected: false } as const
  await expect(
    perform(changeConnection, stage.world, { connectionId, kind: 'letter', name: 'x', letter }, actor),
  ).rejects.toMatchObject({ code: 'input-invalid' })
})

it('stays while a template delivers by it; otherwise goes, with its secret', async () => {
  const { connectionId: used } = await stageTemplate(stage)
  await expect(perform(removeConnection, stage.world, { connectionId: used }, actor)).rejects.toMatchObject({
    code: 'connection-in-use',
  })
  const connectionId = await add('shared-secret')
  await perform(removeConnection, stage.world, { connectionId }, actor)
  expect(await find(connectionId)).toMatchObject({ isRemoved: true, sealedSecret: null })
  await expect(tryOut(connectionId)).rejects.toMatchObject({ code: 'connection-unknown' })
})

it('stays while cards have an older version of a template that delivers by it', async () => {
  const { connectionId, templateId } = await stageTemplate(stage)
  await stageDelivery(stage, await stage.person(), templateId)
  const document = templateOf({ puc: 'delivered', connectionId: (await stageTemplate(stage)).connectionId })
  await stage.database.transaction(async (tx) => {
    await insertVersion(tx, { id: templateId, version: 2, document, at: stage.clock.now() })
    await updateTemplate(tx, templateId, { version: 2, name: 'Moved' })
  })
  const remove = () => perform(removeConnection, stage.world, { connectionId }, actor)
  await expect(remove()).rejects.toMatchObject({ code: 'connection-in-use', facts: { templates: ['Moved'] } })
  await stage.database.transaction((tx) =>
    tx.updateTable('cards').set({ template_version: 2 }).where('template_id', '=', templateId).execute(),
  )
  await remove()
})
