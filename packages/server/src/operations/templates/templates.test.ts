import { writeHex } from '@unlatch/card'
import type { TemplateDocument } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { findTemplateFaults } from '../../records/templates/template.ts'
import { expectUsable } from '../../records/templates/templates.ts'
import { cardPinPolicy } from '../../records/templates/views.ts'
import { look } from '../../records/view.ts'
import { readConnectionOf, stageDelivery, stageTemplate, templateOf } from '../delivery.fixture.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { addTemplate, copyTemplate } from './add-template.ts'
import { changeTemplate, lockTemplate } from './change-template.ts'

let stage: StagedWorld
let actor: Actor
beforeEach(async () => {
  stage = await stageWorld()
  actor = await stage.operator(['template:write'])
})
afterEach(() => stage.close())

const add = (name: string, document: TemplateDocument = templateOf()) =>
  perform(addTemplate, stage.world, { name, document }, actor)

describe('card templates', () => {
  it('a change makes a new version; one that somebody else made meanwhile is told', async () => {
    const { id: templateId } = await add('Staff')
    const change = (version: number, name = 'Staff') =>
      perform(changeTemplate, stage.world, { templateId, version, name, document: templateOf() }, actor)
    expect(await change(1, 'Everybody')).toMatchObject({ version: 2 })
    await expect(change(1)).rejects.toMatchObject({ code: 'template-changed', facts: { version: 2 } })
    const versions = await stage.database.reads.selectFrom('template_versions').select('version').execute()
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2])
  })

  it('a name is given once, by addition, change or copy', async () => {
    const { id: templateId } = await add('Staff')
    await add('Guests')
    await expect(add('Staff')).rejects.toMatchObject({ code: 'name-taken' })
    const copy = { templateId, name: 'Guests' }
    await expect(perform(copyTemplate, stage.world, copy, actor)).rejects.toMatchObject({ code: 'name-taken' })
    const change = { templateId, version: 1, name: 'Guests', document: templateOf() }
    await expect(perform(changeTemplate, stage.world, change, actor)).rejects.toMatchObject({ code: 'name-taken' })
  })

  it('one that is locked stays as it is until it is unlocked; its copy is free', async () => {
    const { id: templateId } = await add('Staff')
    const change = { templateId, version: 1, name: 'Staff', document: templateOf() }
    await perform(lockTemplate, stage.world, { templateId, isLocked: true }, actor)
    await expect(perform(changeTemplate, stage.world, change, actor)).rejects.toMatchObject({ code: 'template-locked' })
    const { id: copy } = await perform(copyTemplate, stage.world, { templateId, name: 'Copy' }, actor)
    await perform(changeTemplate, stage.world, { ...change, templateId: copy, name: 'Copy' }, actor)
    await perform(lockTemplate, stage.world, { templateId, isLocked: false }, actor)
    await perform(changeTemplate, stage.world, change, actor)
  })

  it('is for cards of its family, and for none while something is missing', async () => {
    const { reads } = stage.database
    const good = await add('Good')
    const usable = (templateId: string, family = 'piv') => expectUsable(reads, { templateId }, family)
    expect(await usable(good.id)).toMatchObject({ version: 1 })
    expect(await expectUsable(reads, { templateName: 'Good' }, 'piv')).toMatchObject({ id: good.id })
    expect(await expectUsable(reads, {}, 'piv')).toBeUndefined()
    await expect(usable(good.id, 'gids')).rejects.toMatchObject({ code: 'template-wrong-card' })
    await expect(expectUsable(reads, { templateName: 'none' }, 'piv')).rejects.toMatchObject({
      code: 'template-unknown',
    })
    await expect(usable('none')).rejects.toMatchObject({ code: 'template-unknown' })
    const wanting = await add('Wanting', templateOf({ puc: 'delivered' }))
    await expect(usable(wanting.id)).rejects.toMatchObject({
      code: 'template-not-usable',
      facts: { faults: ['connection-missing'] },
    })
  })
})

describe('what is wrong with a template', () => {
  const mail = readConnectionOf({ testedAt: '2026-11-23T09:00:00.000Z' })
  const letter = { folder: 'letters', envelope: 'window', sender: '', isCollected: false } as const
  const delivered = { puc: 'delivered', connectionId: 'c' } as const
  const none = { operator: false, telephone: false, selfService: false }

  it.each([
    ['nothing', {}, undefined, []],
    ['nothing: mail and a card that is handed over', delivered, mail, []],
    ['a PUC on a GIDS card', { family: 'gids', puc: 'help-desk' }, undefined, ['puc-on-gids']],
    ['no connection', { puc: 'delivered' }, undefined, ['connection-missing']],
    ['one that is gone', delivered, undefined, ['connection-removed']],
    ['one that was removed', delivered, { ...mail, isRemoved: true }, ['connection-removed']],
    ['one that was never tested', delivered, { ...mail, testedAt: null }, ['connection-untested']],
    [
      'the card’s own route',
      { ...delivered, cardRoute: 'post' },
      { ...mail, details: { kind: 'letter', letter } },
      ['same-route'],
    ],
    ['a PIN that the card does not take', { pin: { ...templateOf().pin, minLength: 4 } }, undefined, ['pin-lengths']],
    ['lengths crosswise', { pin: { ...templateOf().pin, minLength: 8, maxLength: 7 } }, undefined, ['pin-lengths']],
    ['a kind of another family', { kinds: ['gids'] }, undefined, ['kind-of-other-family']],
    ['no way out', { allows: none }, undefined, ['no-way-to-unblock']],
    ['the PUC is a way out', { allows: none, puc: 'help-desk' }, undefined, []],
  ] as const)('%s', (_, changes, connection, faults) => {
    const document = templateOf(changes as Partial<TemplateDocument>)
    expect(findTemplateFaults(document, connection as typeof mail | undefined)).toEqual(faults)
  })
})

describe('the rules of a PIN', () => {
  const policyOf = async (changes: Partial<TemplateDocument>) => {
    const { templateId } = await stageTemplate(stage, changes)
    const { cardUuid } = await stageDelivery(stage, await stage.person(), templateId)
    const agent = { ...actor, permissions: new Set(['agent:report'] as const) }
    return (await look(cardPinPolicy, stage.world, { cardUuid: writeHex(cardUuid) }, agent)).policy
  }
  const { pin } = templateOf()

  it('are a preset with what the template refuses beside it, or its own', async () => {
    const preset = await policyOf({ pin: { ...pin, blockList: ['20261126'] } })
    expect(preset).toMatchObject({ minLength: 6, longestSequence: 3 })
    expect(preset?.blockList).toContain('20261126')
    expect(preset?.blockList.length).toBeGreaterThan(10)
    const own = await policyOf({ pin: { ...pin, preset: 'own', minLength: 7, blockList: ['1234567'] } })
    expect(own).toMatchObject({ minLength: 7, blockList: ['1234567'] })
  })

  it('are the organisation’s for a card without a template, and for one that nobody knows', async () => {
    const agent = { ...actor, permissions: new Set(['agent:report'] as const) }
    const { cardUuid } = await stage.pivCard(await stage.person())
    for (const uuid of [writeHex(cardUuid), '00'.repeat(16)])
      expect(await look(cardPinPolicy, stage.world, { cardUuid: uuid }, agent)).toEqual({ policy: null })
  })
})
