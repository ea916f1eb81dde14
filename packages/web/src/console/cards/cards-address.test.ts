import { describe, expect, it } from 'vitest'
import { changeList, ordersOf, readCardsAddress, wishOf } from './cards-address.ts'

describe('the address of the list of cards', () => {
  it('keeps what makes sense, and nothing else', () => {
    expect(
      readCardsAddress({ search: 4217, state: 'lost', family: 'gids', sort: 'serial', page: 1, after: '', other: 'x' }),
    ).toEqual({ search: '4217', family: 'gids', sort: 'serial' })
    expect(readCardsAddress({ finding: 'puc-only', page: '3', after: 'WyIiXQ' })).toEqual({
      finding: 'puc-only',
      page: 3,
      after: 'WyIiXQ',
    })
  })

  it('has one filter at a time, the latest, and begins at the first page; with a search all that are chosen', () => {
    const filtered = changeList({ state: 'issued', page: 2, after: 'x', hide: 'state' }, { family: 'piv' })
    expect(filtered).toEqual({ family: 'piv', hide: 'state' })
    expect(changeList({ search: 'ada', state: 'issued' }, { family: 'piv' })).toEqual({
      search: 'ada',
      state: 'issued',
      family: 'piv',
    })
    expect(changeList({ search: 'ada', state: 'issued', family: 'piv' }, { search: undefined })).toEqual({
      state: 'issued',
    })
  })

  it('has no order that the server does not offer', () => {
    expect(changeList({ sort: 'serial' }, { state: 'stock' })).toEqual({ state: 'stock' })
    expect(changeList({ sort: 'oldest' }, { finding: 'puc-only' })).toEqual({ finding: 'puc-only' })
    expect(ordersOf({})).toEqual(['newest', 'oldest', 'serial'])
    expect(ordersOf({ template: 'x' })).toEqual(['newest', 'oldest'])
    expect(ordersOf({ finding: 'puc-only' })).toEqual([])
    expect(ordersOf({ finding: 'puc-only', search: 'a' })).toEqual(['newest', 'oldest', 'serial'])
  })

  it('asks the server for a template by its id, and not for columns', () => {
    expect(wishOf({ template: 't', hide: 'state', page: 2, after: 'x' })).toEqual({ templateId: 't', after: 'x' })
  })
})
