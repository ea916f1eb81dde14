import type { Octets } from '@unlatch/card'
import { readHex } from '@unlatch/card'
import type { Generation } from '@unlatch/card/unblock'
import { type PersonalisationRound, ReissueCard } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyService } from '../../ports/key-service.ts'
import {
  countOutstandingTries,
  findAdminKeyRecord,
  readContact,
} from '../../records/admin-key-records/admin-key-records.ts'
import { type Card, findStateObstacle, lockCard } from '../../records/cards/cards.ts'
import { setOutOfUse } from '../../records/cards/found-cards.ts'
import { isAlive } from '../../records/cards/leases.ts'
import { findGeneration, type Purpose } from '../../records/generations/generations.ts'
import { findManagementKey } from '../../records/management-keys/management-keys.ts'
import { voidDeliveries } from '../../records/outbox/outbox.ts'
import {
  getPerson,
  getPersonByUserName,
  moveSearchWord,
  noteFormerHolder,
  noteHolder,
} from '../../records/people/people.ts'
import { findPukRecord, readCandidate } from '../../records/puk-records/puk-records.ts'
import { closeUnblocks, hasOutstandingRelease } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'
import { startGids } from './gids-script.ts'
import type { Personalisation } from './personalise-card.ts'
import { startPiv } from './piv-script.ts'
import { expectReplaceable } from './replaceable.ts'
import { startTries } from './secret-tries.ts'

/**
 * A card of ours is given to another person, from stock or from whoever holds it: it is registered for them, and Issue then
 * gives it the next generation of each secret. From here on nothing is released for its last holder.
 */
export const reissueCard = operation({
  name: 'card.reissue',
  permission: 'card:register',
  input: ReissueCard,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, keys, now }, { cardId, personId, userName, label, replacesCardId }, actor) {
    const card = await lockCard(tx, cardId)
    const obstacle = card.state === 'stock' ? undefined : findStateObstacle(card.state)
    if (obstacle) throw new Fault(obstacle)
    const stored = await findPukRecord(tx, cardId)
    const adminKey = await findAdminKeyRecord(tx, cardId)
    const contact = adminKey && readContact(adminKey)
    if (isAlive(stored?.rotation?.lease ?? contact?.lease, now))
      throw new Fault('card-in-two-places', { detail: 'an attempt holds the card' })
    const person =
      personId !== undefined ? await getPerson(tx, personId) : await getPersonByUserName(tx, userName ?? '')
    if (replacesCardId !== undefined) await expectReplaceable(tx, replacesCardId, person.id, actor)
    const conversation = await conversationOf(tx, keys, card)
    const personalisation: Personalisation = { round: 0, conversation }
    await closeUnblocks(tx, cardId, now)
    await voidDeliveries(tx, cardId)
    await tx
      .updateTable('cards')
      .set({
        person_id: person.id,
        is_unheld: 0,
        replaces_card_id: replacesCardId ?? null,
        label: label ?? card.label,
        state: 'registered',
        personalisation: JSON.stringify(personalisation),
      })
      .where('id', '=', cardId)
      .execute()
    await setOutOfUse(tx, cardId, false)
    await noteHolder(tx, person.id)
    await noteFormerHolder(tx, card.person_id)
    await moveSearchWord(tx, { from: card.person_id, to: person.id, word: card.printed_serial })
    const result: PersonalisationRound = { cardId, round: 0, commands: [], rehearsal: null, isDone: false }
    const wasOutstanding = await hasOutstandingRelease(tx, cardId)
    const from = card.is_unheld === 1 ? null : card.person_id
    return { result, event: { cardId, from, to: person.id, wasOutstanding } }
  },
})

/** What the card has, as the records say, and the generations that follow. */
async function conversationOf(tx: Tx, keys: KeyService, card: Card): Promise<Personalisation['conversation']> {
  const cardUuid = readHex(card.card_uuid)
  const nextOf = (purpose: Purpose) => nextGeneration(tx, keys, cardUuid, card.card_uuid, purpose)
  const adminKey = await findAdminKeyRecord(tx, card.id)
  if (adminKey) {
    const key = readCandidate(adminKey.generation)
    const came = startTries([key], adminKey.tries_limit, await countOutstandingTries(tx, adminKey))
    // What the card refused at a station is not sent again where that counts.
    const tries = adminKey.refused_at === null ? came : { ...came, refused: [key] }
    return startGids(card.card_uuid, await nextOf('gids-admin'), tries)
  }
  const stored = await findPukRecord(tx, card.id)
  const managementKey = await findManagementKey(tx, card.id)
  if (!stored || !managementKey) throw new Fault('card-not-supported')
  const { candidates, refused, triesAtLeast, triesLimit } = stored.record
  const came = candidates.length > 0 ? candidates : refused.toReversed()
  return startPiv({
    cardUuidHex: card.card_uuid,
    generation: await nextOf('puk'),
    managementGeneration: await nextOf('piv-9b'),
    managementKey: startTries([managementKey.generation], 0),
    puk: startTries(came, triesLimit, triesLimit - triesAtLeast),
    isReissue: true,
  })
}

/** A generation only grows, and none from before a restore comes again: that holds for keys as it does for the PUK. */
async function nextGeneration(
  tx: Tx,
  keys: KeyService,
  cardUuid: Octets,
  cardUuidHex: string,
  purpose: Purpose,
): Promise<Generation> {
  return keys.nextPukGeneration(cardUuid, (await findGeneration(tx, cardUuidHex, purpose)) ?? { epoch: 0, counter: 0 })
}
