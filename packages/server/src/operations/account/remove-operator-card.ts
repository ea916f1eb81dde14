import { RemoveOperatorCard } from '@unlatch/contract'
import { deleteOperatorCards, listOperatorCards } from '../../records/operator-cards/operator-cards.ts'
import { Fault, operation } from '../operation.ts'

/** An operator removes a card of his own: it signs nothing from then on. */
export const removeOperatorCard = operation({
  name: 'account.remove-operator-card',
  permission: 'signed-in',
  input: RemoveOperatorCard,
  subject: () => 'own-account',
  async run({ tx }, { operatorCardId }, actor) {
    const card = (await listOperatorCards(tx, actor.id)).find(({ id }) => id === operatorCardId)
    if (!card) throw new Fault('not-found')
    await deleteOperatorCards(tx, actor.id, operatorCardId)
    return { result: {}, event: { operatorId: actor.id, operatorCard: card.label } }
  },
})
