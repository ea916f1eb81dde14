import { PeopleFilter } from '../../records/people/people-list.ts'
import { operation } from '../operation.ts'

/** Somebody takes the list of people out as a file: that is on record, with what was asked, before the first line leaves. */
export const exportPeople = operation({
  name: 'person.export',
  permission: 'person:export',
  input: PeopleFilter,
  subject: () => 'people',
  async run(_, filter) {
    const { search = '', department = null, cards = null } = filter
    return { result: {}, event: { search, department, cards } }
  },
})
