import type { TemplateDocument } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { cardHistory } from '../records/cards/views.ts'
import { look } from '../records/view.ts'
import { stageDelivery, stageTemplate, templateOf } from './delivery.fixture.ts'
import { moveCard } from './lifecycle/move-card.ts'
import { moveCardsToVersion } from './lifecycle/move-cards-to-version.ts'
import { moveToVersion } from './lifecycle/move-to-version.ts'
import { perform } from './operation.ts'
import { changeTemplate, lockTemplate } from './templates/change-template.ts'
import { type StagedWorld, stageWorld } from './world.fixture.ts'

let stage: StagedWorld
let officer: Actor
let templateId: string
let connectionId: string
let cardId: string
beforeEach(async () => {
  stage = await stageWorld()
  officer = await stage.operator(['card:move'])
  ;({ templateId, connectionId } = await stageTemplate(stage))
  cardId = (await stageDelivery(stage, await stage.person(), templateId)).id
})
afterEach(() => stage.close())

const ADMINISTRATOR = { ...SYSTEM, permissions: new Set(['template:write'] as const) }
const change = (version: number, document: TemplateDocument) =>
  perform(changeTemplate, stage.world, { templateId, version, name: 'Staff', document }, ADMINISTRATOR)
const move = (version: number) => perform(moveToVersion, stage.world, { cardId, version }, officer)
const versionOf = async () =>
  (await stage.database.reads.selectFrom('cards').select('template_version').where('id', '=', cardId).execute())[0]
const deliveries = () => stage.database.reads.selectFrom('deliveries').select('state').execute()

describe('a card gets the newest version of its template', () => {
  it('and its record says from which to which; a PUC that waits stays where the new one sends it too', async () => {
    await change(1, templateOf({ puc: 'delivered', connectionId }))
    expect(await move(2)).toEqual({ version: 2 })
    expect(await versionOf()).toEqual({ template_version: 2 })
    expect(await deliveries()).toEqual([{ state: 'queued' }])
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'card.move-to-version',
      event: { cardId, templateId, from: 1, version: 2 },
    })
  })

  it('and a PUC that waits is not sent where the new version sends none', async () => {
    await change(1, templateOf({ puc: 'help-desk' }))
    await move(2)
    expect(await deliveries()).toEqual([{ state: 'void' }])
  })

  it('with all others of that template, some at a time; the record names them', async () => {
    const ids = [cardId, (await stageDelivery(stage, await stage.person('Nils Next'), templateId)).id]
    await change(1, templateOf({ puc: 'help-desk' }))
    const all = () => perform(moveCardsToVersion, stage.world, { templateId, version: 2 }, officer)
    expect(await all()).toEqual({ moved: 2, isMore: false })
    const event: Record<string, unknown> = (await stage.audit()).at(-1)?.event ?? {}
    expect([event.templateId, event.version, (event.cardIds as string[]).toSorted()]).toEqual([
      templateId,
      2,
      ids.toSorted(),
    ])
    expect(await deliveries()).toEqual([{ state: 'void' }, { state: 'void' }])
    const reader = await stage.operator(['person:read'])
    const { events } = await look(cardHistory, stage.world, { cardId }, reader)
    expect(events).toMatchObject([{ what: 'version-moved', result: '2', by: { name: officer.name } }])
    expect(await all()).toEqual({ moved: 0, isMore: false })
    await change(2, templateOf({ family: 'gids' }))
    await expect(all()).rejects.toMatchObject({ code: 'template-changed' })
    const other = perform(moveCardsToVersion, stage.world, { templateId, version: 3 }, officer)
    await expect(other).rejects.toMatchObject({ code: 'template-wrong-card' })
  })

  it('not where that version cannot serve it, is locked, or is not the newest that the operator saw', async () => {
    await expect(move(1)).rejects.toMatchObject({ code: 'card-move-refused' })
    await change(1, templateOf({ puc: 'delivered', connectionId: 'gone' }))
    await expect(move(2)).rejects.toMatchObject({ code: 'template-not-usable' })
    await change(2, templateOf({ family: 'gids' }))
    await expect(move(2)).rejects.toMatchObject({ code: 'card-move-refused' })
    await expect(move(3)).rejects.toMatchObject({ code: 'template-wrong-card' })
    await change(3, templateOf())
    await perform(lockTemplate, stage.world, { templateId, isLocked: true }, ADMINISTRATOR)
    await expect(move(4)).rejects.toMatchObject({ code: 'template-locked' })
    await perform(lockTemplate, stage.world, { templateId, isLocked: false }, ADMINISTRATOR)
    await perform(moveCard, stage.world, { cardId, move: 'revoke', reason: 'lost' }, officer)
    await expect(move(4)).rejects.toMatchObject({ code: 'card-revoked' })
    expect(await versionOf()).toEqual({ template_version: 1 })
  })
})
