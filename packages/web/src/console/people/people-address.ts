import type { CardHolding, PeopleSort } from '@unlatch/contract'

/** Which people are listed, in which order, and from where on. */
export interface PeopleAddress {
  readonly search?: string
  readonly department?: string
  readonly cards?: CardHolding
  readonly sort?: PeopleSort
  readonly after?: string
}
