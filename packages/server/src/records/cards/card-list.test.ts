import { CARD_FINDINGS, type CardFinding, type CardsFound, type FindingCounts } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Updateable } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tables } from '../../db/tables.ts'
import { stageDelivery, stageTemplate } from '../../operations/delivery.fixture.ts'
import { moveCard } from '../../operations/lifecycle/move-card.ts'
import { perform } from '../../operations/operation.ts'
import { type StagedWorld, stageWorld } from '../../operations/world.fixture.ts'
import type { Actor } from '../actors.ts'
import { addSearchWords } from '../people/people.ts'
import { look } from '../view.ts'
import { cardFindings, cardList } from './views.ts'

/** The list of cards and what is wrong with some of them: one organisation, looked at from all sides. */

let stage: StagedWorld
let officer: Actor
let templateId: string
const MINUTE = 60_000

beforeAll(async () => {
  stage = await stageWorld()
  officer = await stage.operator()
  templateId = (await stageTemplate(stage)).templateId
})
afterAll(() => stage.close())

const list = (wish: object = {}): Promise<CardsFound> => look(cardList, stage.world, wish, officer)
const later = () => {
  stage.clock.at = new Date(stage.clock.at.getTime() + MINUTE)
}
const put = (cardId: string, set: Updateable<Tables['cards']>) =>
  stage.database.transaction((tx) => tx.updateTable('cards').set(set).where('id', '=', cardId).execute())

/** Cards one a minute; the same times in pairs where `perMinute` is two. */
async function stageCards(personId: string, count: number, perMinute = 1): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    if (i % perMinute === 0) later()
    ids.push((await stage.pivCard(personId)).id)
  }
  return ids
}

/** All pages, as ids; `between` happens once, after the first one. */
async function pages(wish: object, limit: number, between?: () => Promise<unknown>): Promise<string[][]> {
  const found: string[][] = []
  let after: string | null | undefined
  do {
    const page = await list({ ...wish, limit, ...(after && { after }) })
    found.push(page.cards.map(({ id }) => id))
    after = page.next
    if (found.length === 1) await between?.()
  } while (after !== null)
  return found
}

describe('the list', () => {
  let personId: string
  let ids: string[]
  beforeAll(async () => {
    personId = await stage.person('Pia Person')
    ids = await stageCards(personId, 7, 2)
  })

  it.each(['newest', 'oldest', 'serial'] as const)('%s: every card once, by pages of any length', async (sort) => {
    const all = (await pages({ sort }, 100)).flat()
    expect(all.toSorted()).toEqual(ids.toSorted())
    for (const limit of [1, 2, 3, 6, 7, 8]) {
      const found = await pages({ sort }, limit)
      expect(found.flat()).toEqual(all)
      expect(found).toHaveLength(Math.ceil(ids.length / limit))
    }
    const { cards } = await list({ sort })
    const keys = cards.map(({ createdAt, printedSerial }) => (sort === 'serial' ? printedSerial : createdAt))
    expect(keys).toEqual(sort === 'newest' ? keys.toSorted().reverse() : keys.toSorted())
  })

  it('newest is what it gives when nobody says, and a row says what its card is', async () => {
    expect(await list()).toEqual(await list({ sort: 'newest' }))
    const id = ids[0] ?? ''
    await put(id, { template_id: templateId, template_version: 1 })
    const rowOf = async () => (await list()).cards.find((card) => card.id === id)
    expect(await rowOf()).toEqual({
      id,
      label: `card ${id}`,
      printedSerial: expect.stringMatching(/^SER-/),
      family: 'piv',
      state: 'issued',
      personId,
      personName: 'Pia Person',
      templateName: expect.stringMatching(/^Template/),
      templateVersion: 1,
      isOlderVersion: false,
      createdAt: expect.stringMatching(/^2026-11-23T/),
      findings: [],
    })
    await put(id, { template_version: 0 })
    expect(await rowOf()).toMatchObject({ templateVersion: 0, isOlderVersion: true })
    expect((await list()).cards.find((card) => card.id === ids[1])).toMatchObject({
      templateName: null,
      templateVersion: null,
      isOlderVersion: false,
    })
    await put(id, { template_id: null, template_version: null })
  })

  it.each(['newest', 'oldest', 'serial'] as const)('%s: cards that come in between move nothing', async (sort) => {
    const before = (await pages({ sort }, 100)).flat()
    let more: string[] = []
    const found = await pages({ sort }, 3, async () => {
      more = await stageCards(personId, 2)
    })
    const all = found.flat()
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((id) => before.includes(id))).toEqual(before)
    if (sort === 'newest') expect(all).toEqual(before)
    ids.push(...more)
  })

  it('by state, by family, by template: each in both orders of time', async () => {
    const gids = (await stage.gidsCard(personId)).id
    ids.push(gids)
    const [suspended = '', templated = ''] = ids
    await put(suspended, { state: 'suspended' })
    await put(templated, { template_id: templateId, template_version: 1 })
    const expected = { state: ['suspended', suspended], family: ['gids', gids], templateId: [templateId, templated] }
    for (const [filter, [value, id]] of Object.entries(expected)) {
      for (const sort of ['newest', 'oldest']) expect(await pages({ [filter]: value, sort }, 50)).toEqual([[id]])
    }
    const issued = ids.filter((id) => id !== suspended)
    for (const limit of [2, 100]) {
      expect((await pages({ state: 'issued' }, limit)).flat().toSorted()).toEqual(issued.toSorted())
    }
    expect(await list({ state: 'retired' })).toEqual({ cards: [], next: null, isCut: false })
  })

  it('says no to what no index answers, and to a place that is none', async () => {
    const refused = { code: 'input-invalid' }
    for (const wish of [
      { state: 'issued', family: 'piv' },
      { state: 'issued', templateId },
      { family: 'piv', finding: 'puc-only' },
      { state: 'issued', sort: 'serial' },
      { finding: 'puc-only', sort: 'newest' },
      { state: 'lost' },
      { family: 'cac' },
      { finding: 'none' },
      { sort: 'name' },
      { limit: 101 },
      { limit: 0 },
      ...['x', '[]', '["a"]', '["a",1]', '["a\\u0000","b"]', '["\\ud800","b"]', '{}', 'null'].flatMap((text) => [
        { after: Buffer.from(text).toString('base64url') },
        { after: text, search: 'pia' },
      ]),
    ]) {
      await expect(list(wish), JSON.stringify(wish)).rejects.toMatchObject(refused)
    }
  })
})

describe('a search', () => {
  let ana: string
  let ben: string
  let anas: string[]
  let bens: string[]
  beforeAll(async () => {
    ;[ana, ben] = [await stage.person('Ana María Núñez'), await stage.person('Anatol Ber')]
    ;[anas, bens] = [await stageCards(ana, 3), await stageCards(ben, 2)]
    await stage.database.transaction(async (tx) => {
      for (const [personId, cards] of [[ana, anas] as const, [ben, bens] as const]) {
        for (const [i, id] of cards.entries()) {
          const printed_serial = `${personId === ana ? 'NU' : 'BE'}-00${i}`
          await tx.updateTable('cards').set({ printed_serial }).where('id', '=', id).execute()
          await addSearchWords(tx, personId, [printed_serial])
        }
      }
    })
    await put(anas[0] ?? '', { state: 'suspended' })
    await put(bens[0] ?? '', { sealed_key: null })
  })

  const found = async (wish: object) => (await list(wish)).cards.map(({ id }) => id)

  it('by a name gives all cards of whom it finds; by a printed serial that card', async () => {
    expect(await found({ search: 'nunez', sort: 'oldest' })).toEqual(anas)
    expect(await found({ search: 'ANA', sort: 'oldest' })).toEqual([...anas, ...bens])
    expect(await found({ search: 'nu-001' })).toEqual([anas[1]])
    expect(await found({ search: 'be-0', sort: 'serial' })).toEqual(bens)
    expect(await found({ search: 'nobody' })).toEqual([])
    expect(await found({ search: ' , ' })).toEqual(await found({}))
  })

  it('takes any filters and any sort, and has pages', async () => {
    const [suspended, ...issued] = anas
    expect(await found({ search: 'ana', state: 'suspended', family: 'piv' })).toEqual([suspended])
    expect(await found({ search: 'nunez', state: 'issued', sort: 'newest' })).toEqual(issued.toReversed())
    expect(await found({ search: 'ana', finding: 'puc-only', state: 'issued' })).toEqual([bens[0]])
    expect(await found({ search: 'ana', family: 'gids' })).toEqual([])
    expect(await found({ search: 'ana', templateId })).toEqual([])
    for (const sort of ['newest', 'oldest', 'serial']) {
      const all = await found({ search: 'ana', sort })
      expect((await pages({ search: 'ana', sort }, 2)).flat()).toEqual(all)
      expect(all).toHaveLength(5)
    }
  })

  it('of more people than it looks at says so', async () => {
    expect((await list({ search: 'ana' })).isCut).toBe(false)
    for (let i = 0; i < 201; i++) await stage.person(`Zoe ${i}`)
    expect((await list({ search: 'zo' })).isCut).toBe(true)
  })
})

describe('findings', () => {
  const cards = new Map<CardFinding, string>()
  let over: string
  beforeAll(async () => {
    const personId = await stage.person('Fay Finding')
    const piv = async (finding: CardFinding, record = {}) => {
      const { id } = await stage.pivCard(personId, record)
      cards.set(finding, id)
      return id
    }
    const exposed = { exposedSince: '2026-11-22T09:00:00.000Z', exposedTo: 'somebody' }
    await piv('puc-exposed', exposed)
    await piv('puc-default', { candidates: ['factory'] })
    await piv('puk-unknown', { candidates: [] })
    const factory = { card_id: await piv('key-factory'), cipher: '3des', generation: 'factory' }
    const gids = (await stage.gidsCard(personId)).id
    cards.set('key-unknown', gids)
    // The one that the search left is one more.
    await stage.database.transaction(async (tx) => {
      await tx.updateTable('cards').set({ sealed_key: 'sealed' }).where('sealed_key', 'is', null).execute()
      await tx.insertInto('management_keys').values(factory).execute()
      const set = { refused_at: '2026-11-22T09:00:00.000Z' }
      await tx.updateTable('admin_key_records').set(set).where('card_id', '=', gids).execute()
    })
    await put(await piv('puc-only'), { sealed_key: null })
    cards.set('puc-undelivered', (await stageDelivery(stage, personId, templateId)).id)
    over = (await stage.pivCard(personId, exposed)).id
    const mover = await stage.operator(['card:move'])
    await perform(moveCard, stage.world, { cardId: over, move: 'revoke', reason: 'lost' }, mover)
    await stage.pivCard(personId, exposed, 'registered')
  })

  const counts = (): Promise<FindingCounts> => look(cardFindings, stage.world, {}, officer)
  const idsWith = async (finding: CardFinding) => (await pages({ finding }, 50)).flat()
  const rowOf = async (id: string) => (await list({ search: 'fay', limit: 100 })).cards.find((card) => card.id === id)
  const wait = (minutes: number) => {
    stage.clock.at = new Date(stage.clock.at.getTime() + minutes * MINUTE)
  }

  it('a PUC that has waited for less than an hour is none', async () => {
    wait(59)
    const id = cards.get('puc-undelivered') ?? ''
    expect(await idsWith('puc-undelivered')).toEqual([])
    expect((await rowOf(id))?.findings).toEqual([])
    wait(1)
    expect(await idsWith('puc-undelivered')).toEqual([id])
  })

  it('one that was given up is one at once, one that arrived or is void is none', async () => {
    const { id, personId } = (await rowOf(cards.get('puc-undelivered') ?? '')) ?? {}
    const { id: fresh } = await stageDelivery(stage, personId ?? '', templateId)
    const become = (state: string) =>
      stage.database.transaction((tx) =>
        tx
          .updateTable('deliveries')
          .set({ state, next_at: state === 'queued' ? stage.clock.at.toISOString() : null })
          .where('card_id', '=', fresh)
          .execute(),
      )
    for (const [state, expected] of Object.entries({ failed: true, delivered: false, void: false, queued: false })) {
      await become(state)
      expect([state, (await idsWith('puc-undelivered')).includes(fresh)]).toEqual([state, expected])
      expect((await rowOf(fresh))?.findings).toEqual(expected ? ['puc-undelivered'] : [])
    }
    await become('delivered')
    expect(await idsWith('puc-undelivered')).toEqual([id])
  })

  it.each(CARD_FINDINGS)('%s: found by the filter, told by the row, counted once, with its remedy', async (finding) => {
    const id = cards.get(finding) ?? ''
    expect(await idsWith(finding)).toEqual([id])
    expect((await rowOf(id))?.findings).toEqual([finding])
    const counted = (await counts()).findings.find((one) => one.finding === finding)
    const remedy = `cards.remedies.${finding}`
    expect(counted).toEqual({ finding, count: 1, isAtLeast: false, remedy })
    const text = remedy.split('.').reduce((tree: unknown, key) => (tree as Record<string, unknown>)[key], MESSAGES.en)
    expect(text).toMatch(/^\S.*\.$/)
  })

  it('a card that is not in use any more has none', async () => {
    expect((await rowOf(over))?.findings).toEqual([])
    expect(await idsWith('puc-exposed')).not.toContain(over)
    const rows = stage.database.reads.selectFrom('puk_records').select(['exposed_since', 'is_out_of_use'])
    expect(await rows.where('card_id', '=', over).executeTakeFirst()).toMatchObject({
      exposed_since: expect.any(String),
      is_out_of_use: 1,
    })
  })

  it('of very many are counted to a thousand; the list goes on past those that are not in use', async () => {
    const personId = await stage.person('Mo Many')
    const row = (i: number, state: string) => ({
      id: `many-${String(i).padStart(5, '0')}`,
      card_uuid: `M${i}`,
      person_id: personId,
      family: 'piv',
      label: 'l',
      printed_serial: `M-${i}`,
      state,
      sealed_key: null,
      personalisation: null,
      created_at: '2026-11-23T09:00:00.000Z',
    })
    const rows = Array.from({ length: 2600 }, (_, i) => row(i, i < 600 ? 'registered' : 'issued'))
    await stage.database.transaction(async (tx) => {
      for (let i = 0; i < rows.length; i += 200)
        await tx
          .insertInto('cards')
          .values(rows.slice(i, i + 200))
          .execute()
    })
    const counted = (await counts()).findings.find(({ finding }) => finding === 'puc-only')
    expect(counted).toMatchObject({ count: 1000, isAtLeast: true })
    const found = await pages({ finding: 'puc-only' }, 100)
    const inUse = rows.filter(({ state }) => state === 'issued').map(({ id }) => id)
    expect(found.flat()).toEqual([cards.get('puc-only'), ...inUse].toSorted())
    expect(found.length).toBeLessThan(30)
  })
})
