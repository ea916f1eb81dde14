import { ascii, concat, readHex, writeHex } from '@unlatch/card'
import type { CardMove, MoveReason } from '@unlatch/contract'
import { createVirtualCard, loadVirtualCard, type VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { moveCard } from '../../packages/server/src/operations/lifecycle/move-card.ts'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { registerCard } from '../../packages/server/src/operations/register/register-card.ts'
import { reissueCard } from '../../packages/server/src/operations/register/reissue-card.ts'
import { openUnblock } from '../../packages/server/src/operations/unblock/open-unblock.ts'
import { releaseCryptogram } from '../../packages/server/src/operations/unblock/release-cryptogram.ts'
import type { Actor } from '../../packages/server/src/records/actors.ts'
import { cardDetails, cardFindings, cardHistory, cardList } from '../../packages/server/src/records/cards/views.ts'
import { findPeople, personDetails } from '../../packages/server/src/records/people/views.ts'
import { look } from '../../packages/server/src/records/view.ts'
import { openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'

/** Cards that come back and go to somebody else, and cards that take the place of another. */

let stage: SecretsStage
let officer: Actor
beforeEach(async () => {
  stage = await openSecretsStage()
  officer = await stage.staged.operator(['person:read', 'card:register', 'card:move', 'unblock:release'])
})
afterEach(() => stage.close())

const world = () => stage.staged.world
const move = (cardId: string, wish: { move: CardMove; reason: MoveReason }) =>
  perform(moveCard, world(), { cardId, ...wish }, officer)
const detailsOf = (cardId: string) => look(cardDetails, world(), { cardId }, officer)
const cardsOf = async (personId: string) => (await look(personDetails(true), world(), { personId }, officer)).cards
const peopleOf = async (search: string) =>
  (await look(findPeople, world(), { search }, officer)).people.map(({ id }) => id)
const listed = async (wish: object) => (await look(cardList, world(), wish, officer)).cards
const countOf = async (finding: string) =>
  (await look(cardFindings, world(), {}, officer)).findings.find((one) => one.finding === finding)?.count
const historyOf = async (cardId: string) => (await look(cardHistory, world(), { cardId }, officer)).events
const noticesOf = async (cardId: string) =>
  (await world().database.reads.selectFrom('notices').selectAll().where('card_id', '=', cardId).execute()).length
const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string } }).puk.valueHex

/** What somebody with the old PUK would do, on a copy of the card. */
function unblocksWith(card: VirtualCard, pukHex: string): boolean {
  const copy = loadVirtualCard(card.save())
  copy.transmit(readHex('00A4040009A0000003080000100000'))
  const data = concat(readHex(pukHex), ascii('490712'), Uint8Array.of(0xff, 0xff))
  return writeHex(copy.transmit(concat(readHex('002C008010'), data))) === '9000'
}

it('returned to stock, a card is nobody’s: in no search, no call, no finding; and known by its serial alone', async () => {
  const issued = await stage.issuedPiv()
  await stage.call(stage.station, issued)
  const { cardId } = issued
  const { printedSerial } = await detailsOf(cardId)
  expect(await countOf('puc-exposed')).toBe(1)
  expect(await move(cardId, { move: 'restock', reason: 'returned' })).toEqual({ state: 'stock' })

  expect(await cardsOf(stage.personId)).toEqual([])
  expect(await peopleOf(printedSerial)).toEqual([])
  expect((await look(findPeople, world(), { search: 'Pia' }, officer)).people[0]?.cards).toEqual([])
  expect(await countOf('puc-exposed')).toBe(0)
  const row = { id: cardId, state: 'stock', personId: null, personName: null, findings: [] }
  expect(await listed({ state: 'stock' })).toMatchObject([row])
  expect(await listed({ search: printedSerial.toLowerCase() })).toMatchObject([row])
  expect(await listed({ search: 'Pia' })).toEqual([])
  expect(await detailsOf(cardId)).toMatchObject({
    state: 'stock',
    holder: null,
    isReissuable: true,
    moves: [{ move: 'revoke' }, { move: 'retire' }],
    puk: { exposedSince: expect.any(String), exposedTo: 'Pia Person' },
  })
  const { id: unblockId } = await perform(openUnblock, world(), { cardId }, officer)
  const wish = { unblockId, challenge: '0'.repeat(10), idempotencyKey: 'key-00000001' }
  await expect(perform(releaseCryptogram, world(), wish, officer)).rejects.toMatchObject({ code: 'card-in-stock' })
  await expect(stage.station.contact(issued.card)).rejects.toMatchObject({ code: 'card-in-stock' })

  const told = await noticesOf(cardId)
  await move(cardId, { move: 'retire', reason: 'damaged' })
  expect(await noticesOf(cardId)).toBe(told)
  expect(await cardsOf(stage.personId)).toEqual([])
  expect((await stage.staged.audit()).at(-1)).toMatchObject({ event: { personId: null, from: 'stock', to: 'retired' } })
})

it('out of stock it is registered for somebody else, and nothing that its last holder knew opens it', async () => {
  const issued = await stage.issuedPiv()
  await stage.call(stage.station, issued)
  const old = pukOf(issued.card)
  const { cardId } = issued
  await move(cardId, { move: 'retire', reason: 'returned' })
  await move(cardId, { move: 'restock', reason: 'returned' })
  const nils = await stage.staged.person('Nils Next')
  await stage.station.client.reissueCard({ cardId, personId: nils })
  expect(await detailsOf(cardId)).toMatchObject({ state: 'registered', holder: { id: nils } })
  await stage.station.issue(cardId, issued.card)
  expect(unblocksWith(issued.card, old)).toBe(false)
  expect(unblocksWith(issued.card, pukOf(issued.card))).toBe(true)
  expect(await cardsOf(stage.personId)).toEqual([])
  expect(await cardsOf(nils)).toMatchObject([{ state: 'issued', exposedSince: null }])
  expect(await peopleOf((await detailsOf(cardId)).printedSerial)).toEqual([nils])
  // What is wrong with it counts again.
  await stage.call(stage.station, issued)
  expect(await countOf('puc-exposed')).toBe(1)
})

it('a card that was never issued does not go to stock', async () => {
  const cardId = await stage.register({ family: 'piv' })
  await move(cardId, { move: 'retire', reason: 'mistake' })
  await expect(move(cardId, { move: 'restock', reason: 'mistake' })).rejects.toMatchObject({
    code: 'card-move-refused',
    facts: { why: 'a card that was never issued' },
  })
})

it('a card that takes the place of another ends it when it is issued, and not before', async () => {
  const old = await stage.issuedPiv()
  const wish = { personId: stage.personId, family: 'piv', label: 'new', printedSerial: 'NEW-1' }
  const replacing = { ...wish, replacesCardId: old.cardId }
  const mayNot = { ...officer, permissions: new Set(['card:register'] as const) }
  await expect(perform(registerCard, world(), replacing, mayNot)).rejects.toMatchObject({ code: 'not-permitted' })
  const other = { ...replacing, personId: await stage.staged.person('Nils Next') }
  await expect(perform(registerCard, world(), other, officer)).rejects.toMatchObject({ code: 'input-invalid' })

  const { cardId } = await perform(registerCard, world(), replacing, officer)
  expect(await detailsOf(cardId)).toMatchObject({ replaces: { id: old.cardId, state: 'issued' } })
  expect(await detailsOf(old.cardId)).toMatchObject({ state: 'issued', replacedBy: { id: cardId } })
  await stage.station.issue(cardId, createVirtualCard('yubikey'))
  expect(await detailsOf(cardId)).toMatchObject({ state: 'issued', replaces: { state: 'revoked' } })
  expect(await detailsOf(old.cardId)).toMatchObject({ state: 'revoked' })
  const [last] = await historyOf(old.cardId)
  expect(last).toMatchObject({ what: 'superseded', problem: null, by: { kind: 'agent' } })
  expect((await historyOf(cardId)).map(({ what }) => what)).toEqual(['issued', 'issuance-begun', 'registered'])
})

it('a card out of stock takes the place of another as well', async () => {
  const [old, stocked] = [await stage.issuedPiv(), await stage.issuedPiv()]
  await move(stocked.cardId, { move: 'restock', reason: 'returned' })
  const wish = { cardId: stocked.cardId, personId: stage.personId, replacesCardId: old.cardId }
  await perform(reissueCard, world(), wish, officer)
  expect(await detailsOf(old.cardId)).toMatchObject({ state: 'issued', replacedBy: { id: stocked.cardId } })
  await stage.station.issue(stocked.cardId, stocked.card)
  expect(await detailsOf(old.cardId)).toMatchObject({ state: 'revoked' })
})

it('the history of a card tells what happened, by whom and why, and no code', async () => {
  const issued = await stage.issuedPiv()
  const { cardId } = issued
  const { receipt } = await stage.call(stage.station, issued)
  await stage.station.contact(issued.card)
  const note = { move: 'suspend', reason: 'lost', note: 'in a taxi' } as const
  await move(cardId, note)
  await move(cardId, { move: 'suspend', reason: 'lost' }).catch(() => {})
  const events = await historyOf(cardId)
  expect(events[0]).toMatchObject({ what: 'moved', problem: 'card-move-refused' })
  expect(events[1]).toMatchObject({
    what: 'moved',
    ...note,
    problem: null,
    by: { kind: 'operator', name: officer.name },
  })
  const names = events.map(({ what }) => what)
  for (const what of ['registered', 'issued', 'call-opened', 'cryptogram', 'outcome', 'contacted', 'puc-replaced']) {
    expect(names).toContain(what)
  }
  expect(names.filter((what) => what === 'issued')).toHaveLength(1)
  const [release] = await world().database.reads.selectFrom('releases').selectAll().execute()
  for (const secret of [release?.challenge, receipt, release?.generation, pukOf(issued.card)]) {
    expect(JSON.stringify(events)).not.toContain(`"${secret}"`)
  }
  const { issuedAt } = await detailsOf(cardId)
  expect(issuedAt).toBe(events.find(({ what }) => what === 'issued')?.at)
  // Page by page it is the same.
  for (let i = 0; i < 30; i++) await perform(openUnblock, world(), { cardId }, officer)
  const first = await look(cardHistory, world(), { cardId }, officer)
  expect(first.events).toHaveLength(20)
  const second = await look(cardHistory, world(), { cardId, before: first.next }, officer)
  const all = [
    ...first.events,
    ...second.events,
    ...(second.next === null
      ? []
      : (await look(cardHistory, world(), { cardId, before: second.next }, officer)).events),
  ]
  expect(all.slice(30)).toEqual(events)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})
