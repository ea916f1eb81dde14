import { CARD_FINDINGS, CARD_SORTS, CARD_STATES, type CardFinding, type CardSort } from '@unlatch/contract'

/** Columns that may be hidden; the printed serial always stands. */
export const COLUMNS = ['state', 'holder', 'template', 'registered', 'finding'] as const
export type Column = (typeof COLUMNS)[number]

/** What the address of the list says: which cards, in which order, which page, which columns. */
export interface CardsAddress {
  readonly search?: string
  readonly state?: (typeof CARD_STATES)[number]
  readonly family?: 'piv' | 'gids'
  readonly template?: string
  readonly finding?: CardFinding
  readonly sort?: CardSort
  /** Where the page before this one ended. */
  readonly after?: string
  readonly page?: number
  /** Hidden columns, with full stops between them. */
  readonly hide?: string
}

/** What a list may be filtered by. */
const FILTERS = ['state', 'family', 'template', 'finding'] as const
export type Filter = (typeof FILTERS)[number]

/** Reads the address; what makes no sense in it is left out. A printed serial of digits alone arrives as a number. */
export function readCardsAddress(address: Record<string, unknown>): CardsAddress {
  const text = (value: unknown) =>
    (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
  const oneOf = <T extends string>(all: readonly T[], value: unknown) => all.find((one) => one === value)
  const page = Number(address.page)
  return tidy({
    search: text(address.search),
    state: oneOf(CARD_STATES, address.state),
    family: oneOf(['piv', 'gids'], address.family),
    template: text(address.template),
    finding: oneOf(CARD_FINDINGS, address.finding),
    sort: oneOf(CARD_SORTS, address.sort),
    after: text(address.after),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
    hide: text(address.hide),
  })
}

/** The first page of another list. Without a search the server has one filter at a time, and its orders. */
export function changeList(
  address: CardsAddress,
  change: { readonly [Name in 'search' | 'sort' | Filter]?: CardsAddress[Name] | undefined },
): CardsAddress {
  const next = { ...address, ...change, after: undefined, page: undefined }
  if (next.search === undefined) {
    const chosen =
      FILTERS.find((name) => change[name] !== undefined) ?? FILTERS.find((name) => next[name] !== undefined)
    for (const name of FILTERS) if (name !== chosen) next[name] = undefined
    if (chosen === 'finding' || (chosen !== undefined && next.sort === 'serial')) next.sort = undefined
  }
  return tidy(next)
}

/** The orders that a list is offered in; none where it has one of its own. */
export function ordersOf({ search, state, family, template, finding }: CardsAddress): readonly CardSort[] {
  if (search !== undefined) return CARD_SORTS
  if (finding !== undefined) return []
  return (state ?? family ?? template) ? ['newest', 'oldest'] : CARD_SORTS
}

/** What the server is asked for. */
export function wishOf({ template, page: _, hide: __, ...rest }: CardsAddress): Record<string, string> {
  return { ...rest, ...(template !== undefined && { templateId: template }) }
}

/** Without what is not said. */
function tidy(address: { [Name in keyof CardsAddress]: CardsAddress[Name] | undefined }): CardsAddress {
  return Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined))
}
