import { type MovedToVersion, MoveToVersion } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { voidDeliveries } from '../../records/outbox/outbox.ts'
import { expectNoFaults, getTemplate } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/**
 * A card gets the newest version of its template: from now on that one says how it is unblocked, how its PIN is chosen and what
 * becomes of its PUC. Nothing is written to the card. A PUC that waits is not sent where the new version sends none.
 */
export const moveToVersion = operation({
  name: 'card.move-to-version',
  permission: 'card:move',
  input: MoveToVersion,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx }, { cardId, version }) {
    const card = await lockCard(tx, cardId)
    if (card.template_id === null) throw new Fault('template-unknown', { detail: 'this card has no template' })
    if (card.state === 'revoked') throw new Fault('card-revoked')
    const template = await getTemplate(tx, card.template_id)
    if (template.isLocked) throw new Fault('template-locked')
    if (template.version !== version || card.template_version === version) {
      throw new Fault('card-move-refused', { facts: { why: `version ${template.version} is the newest one` } })
    }
    if (template.document.family !== card.family) throw new Fault('template-wrong-card')
    await expectNoFaults(tx, template.document)
    await tx.updateTable('cards').set({ template_version: version }).where('id', '=', cardId).execute()
    if (template.document.puc !== 'delivered') await voidDeliveries(tx, cardId)
    const result: MovedToVersion = { version }
    return { result, event: { cardId, templateId: template.id, from: card.template_version, version } }
  },
})
