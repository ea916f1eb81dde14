import { type CardsMovedToVersion, MoveCardsToVersion } from '@unlatch/contract'
import { voidDeliveriesOf } from '../../records/outbox/outbox.ts'
import { expectNoFaults, getTemplate } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/** Cards of one transaction: nobody who is served waits long for their rows. */
const BATCH = 500

/**
 * Cards of older versions get the newest version of their template, some at a time: the record names them. Whoever asks goes on
 * while there are more; whatever happens between, each card has one version or the other.
 */
export const moveCardsToVersion = operation({
  name: 'card.move-all-to-version',
  permission: 'card:move',
  input: MoveCardsToVersion,
  subject: ({ templateId }) => `template:${templateId}`,
  async run({ tx }, { templateId, version }) {
    const template = await getTemplate(tx, templateId)
    if (template.isLocked) throw new Fault('template-locked')
    if (template.version !== version) throw new Fault('template-changed')
    await expectNoFaults(tx, template.document)
    const found = await tx
      .selectFrom('cards')
      .select(['id', 'family'])
      .where('template_id', '=', templateId)
      .where('template_version', '<', version)
      .limit(BATCH)
      .forNoKeyUpdate()
      .execute()
    // A template keeps its family, or none of its cards is moved.
    if (found.some(({ family }) => family !== template.document.family)) throw new Fault('template-wrong-card')
    const cardIds = found.map(({ id }) => id)
    if (cardIds.length > 0) {
      await tx.updateTable('cards').set({ template_version: version }).where('id', 'in', cardIds).execute()
      if (template.document.puc !== 'delivered') await voidDeliveriesOf(tx, cardIds)
    }
    const result: CardsMovedToVersion = { moved: cardIds.length, isMore: cardIds.length === BATCH }
    return { result, event: { templateId, version, cardIds } }
  },
})
