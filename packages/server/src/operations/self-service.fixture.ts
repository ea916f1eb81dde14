import { createECDH } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { SelfServiceDemand } from '@unlatch/contract'
import type { connectAgent } from './connected.fixture.ts'
import { templateOf } from './delivery.fixture.ts'
import { perform } from './operation.ts'
import { openSelfService } from './self-service/open-self-service.ts'
import { addTemplate } from './templates/add-template.ts'
import type { StagedPivCard, StagedWorld } from './world.fixture.ts'

/** A card whose template allows self-service, in the reader of its holder's agent. */

const JOB_KEY = writeHex(createECDH('prime256v1').generateKeys())
let count = 0

/** Gives a card a template of its own that demands this. */
export async function allowSelfService(
  { world, database, operator }: StagedWorld,
  cardId: string,
  demand: Partial<SelfServiceDemand> = {},
  isAllowed = true,
): Promise<void> {
  const document = templateOf({
    allows: { operator: true, telephone: true, selfService: isAllowed },
    selfService: { count: 1, ways: ['domain'], identityProviderId: null, ...demand },
  })
  const { id } = await perform(
    addTemplate,
    world,
    { name: `Self ${++count}`, document },
    await operator(['template:write']),
  )
  const values = { template_id: id, template_version: 1 }
  await database.transaction(
    async (tx) => void (await tx.updateTable('cards').set(values).where('id', '=', cardId).execute()),
  )
}

/** Opens an attempt at an agent. */
export const openAttempt = (
  { world }: StagedWorld,
  card: Pick<StagedPivCard, 'cardUuid'>,
  { actor }: ReturnType<typeof connectAgent>,
) => perform(openSelfService, world, { cardUuid: writeHex(card.cardUuid), reader: 'Reader', jobKey: JOB_KEY }, actor)

/** One whose card proved itself, as far as the database goes: the key of a staged card is a test's own. */
export async function openProved(
  stage: StagedWorld,
  card: Pick<StagedPivCard, 'cardUuid'>,
  agent: ReturnType<typeof connectAgent>,
): Promise<string> {
  const { unblockId } = await openAttempt(stage, card, agent)
  await stage.database.transaction(
    async (tx) =>
      void (await tx
        .updateTable('connected_unblocks')
        .set({ state: 'proved' })
        .where('unblock_id', '=', unblockId)
        .execute()),
  )
  return unblockId
}
