import { writeHex } from '@unlatch/card'
import type { CardMove, MoveReason } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../records/actors.ts'
import { beginDelivery } from './deliver/carry-out.ts'
import { retryDelivery } from './deliver/retry-delivery.ts'
import { revealPuc } from './deliver/reveal-puc.ts'
import { stageDelivery, stageTemplate } from './delivery.fixture.ts'
import { moveCard } from './lifecycle/move-card.ts'
import { perform } from './operation.ts'
import { issueCard } from './register/issue-card.ts'
import { personaliseCard } from './register/personalise-card.ts'
import { registerCard } from './register/register-card.ts'
import { reissueCard } from './register/reissue-card.ts'
import { touchCard } from './rotate/rotate-puk.ts'
import { releaseSigned } from './signed-release.fixture.ts'
import { openUnblock } from './unblock/open-unblock.ts'
import { releaseCryptogram } from './unblock/release-cryptogram.ts'
import { STAGED_PASSWORD, type StagedWorld, stageWorld } from './world.fixture.ts'

/** What every other operation says to a card that was moved. */

let stage: StagedWorld
let officer: Actor
let station: Actor
let personId: string
beforeEach(async () => {
  stage = await stageWorld()
  officer = await stage.operator(['unblock:release', 'card:move', 'puc:read', 'puc:deliver'])
  const permissions = new Set(['agent:report', 'card:contact', 'card:register', 'card:rotate'] as const)
  station = { kind: 'agent', id: 's', name: 'station', userName: '', permissions, sessionId: '' }
  personId = await stage.person()
})
afterEach(() => stage.close())

const move = (cardId: string, wish: { move: CardMove; reason: MoveReason }) =>
  perform(moveCard, stage.world, { cardId, ...wish }, officer)
const rowsOf = (table: 'deliveries' | 'notices', cardId: string) =>
  stage.database.reads.selectFrom(table).selectAll().where('card_id', '=', cardId).execute()

describe('after a move', () => {
  it.each([
    ['suspend', 'lost', 'card-suspended'],
    ['revoke', 'stolen', 'card-revoked'],
    ['retire', 'damaged', 'card-revoked'],
  ] as const)('%s (%s): every way to the card answers %s', async (name, reason, code) => {
    const { templateId } = await stageTemplate(stage)
    const card = await stageDelivery(stage, personId, templateId)
    const { id: earlier } = await perform(openUnblock, stage.world, { cardId: card.id }, officer)
    const [delivery] = await rowsOf('deliveries', card.id)
    await move(card.id, { move: name, reason })

    const release = (unblockId: string) => {
      const { challenge } = card.attempt()
      const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
      return perform(releaseCryptogram, stage.world, wish, officer)
    }
    const { id: later } = await perform(openUnblock, stage.world, { cardId: card.id }, officer)
    const deliveryId = delivery?.id ?? ''
    const contact = { cardUuid: writeHex(card.cardUuid) }
    const refusals = {
      'the call that was open': [() => release(earlier), 'attempt-closed'],
      'another call': [() => release(later), code],
      'PUC again': [() => perform(retryDelivery, stage.world, { deliveryId }, officer), code],
      reveal: [
        () => perform(revealPuc, stage.world, { cardId: card.id, reason: 'r', password: STAGED_PASSWORD }, officer),
        code,
      ],
      contact: [() => perform(touchCard, stage.world, contact, station), code],
      'another holder': [() => perform(reissueCard, stage.world, { cardId: card.id, personId }, station), code],
    } as const
    for (const [what, [ask, problem]] of Object.entries(refusals)) {
      expect([what, await ask().catch((error) => error.code)]).toEqual([what, problem])
    }
    expect(await rowsOf('deliveries', card.id)).toMatchObject([{ state: 'void', next_at: null }])
    const carrier = { ...officer, permissions: new Set(['delivery:carry-out'] as const) }
    expect(await perform(beginDelivery, stage.world, { deliveryId }, carrier)).toBeNull()
  })

  it('a card that is resumed answers again, and has none of its deliveries back', async () => {
    const { templateId } = await stageTemplate(stage)
    const card = await stageDelivery(stage, personId, templateId)
    await move(card.id, { move: 'suspend', reason: 'lost' })
    await move(card.id, { move: 'resume', reason: 'found' })
    expect(await rowsOf('deliveries', card.id)).toMatchObject([{ state: 'void' }])
    const { id: unblockId } = await perform(openUnblock, stage.world, { cardId: card.id }, officer)
    const { challenge } = card.attempt()
    const wish = { unblockId, challenge, idempotencyKey: 'key-00000001' }
    expect(await releaseSigned(stage.world, wish, officer)).toMatchObject({ code: expect.any(String) })
    expect(await rowsOf('notices', card.id)).toHaveLength(3)
  })

  it('an issuance that was under way is over, and the card is known when it comes again', async () => {
    const wish = { personId, family: 'piv', label: 'card', printedSerial: 'MOVE-1', hardwareNumber: 'yubico:1' }
    const { cardId } = await perform(registerCard, stage.world, wish, station)
    const { round } = await perform(issueCard, stage.world, { cardId }, station)
    await move(cardId, { move: 'retire', reason: 'damaged' })
    const closed = { code: 'attempt-closed' }
    const answers = { cardId, round, answers: [] }
    await expect(perform(personaliseCard, stage.world, answers, station)).rejects.toMatchObject(closed)
    await expect(perform(issueCard, stage.world, { cardId }, station)).rejects.toMatchObject(closed)
    const again = perform(registerCard, stage.world, { ...wish, printedSerial: 'MOVE-2' }, station)
    await expect(again).rejects.toMatchObject({ code: 'card-identity-conflict' })
    const sameSerial = perform(registerCard, stage.world, { ...wish, hardwareNumber: 'yubico:2' }, station)
    await expect(sameSerial).rejects.toMatchObject({ code: 'card-exists' })
  })
})
