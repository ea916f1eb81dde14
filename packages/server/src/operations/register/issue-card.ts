import { IssueCard, type PersonalisationRound } from '@unlatch/contract'
import { lockCard } from '../../records/cards/cards.ts'
import { findGeneration, type Purpose } from '../../records/generations/generations.ts'
import { Fault, operation } from '../operation.ts'
import { restartGids } from './gids-script.ts'
import type { Personalisation } from './personalise-card.ts'
import { restartPiv } from './piv-script.ts'

/** A station begins to issue a registered card, or begins again after a tear. */
export const issueCard = operation({
  name: 'card.issue',
  permission: 'card:register',
  input: IssueCard,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx }, { cardId }) {
    const card = await lockCard(tx, cardId)
    if (card.personalisation === null) throw new Fault('attempt-closed', { detail: 'this card is issued already' })
    const { round, conversation } = JSON.parse(card.personalisation) as Personalisation
    const meantFor = (purpose: Purpose) => findGeneration(tx, card.card_uuid, purpose)
    const restarted =
      'keyKind' in conversation
        ? restartPiv(conversation, { puk: await meantFor('puk'), managementKey: await meantFor('piv-9b') })
        : restartGids(conversation, await meantFor('gids-admin'))
    const personalisation: Personalisation = { round: round + 1, conversation: restarted }
    await tx
      .updateTable('cards')
      .set({ personalisation: JSON.stringify(personalisation), sealed_key: null })
      .where('id', '=', cardId)
      .execute()
    const result: PersonalisationRound = { cardId, round: round + 1, commands: [], rehearsal: null, isDone: false }
    return { result, event: { cardId, round: round + 1 } }
  },
})
