import { type AddPerson, Departments, PeopleListed, PersonChanged } from '@unlatch/contract'
import { callServer } from './connection.ts'
import type { PeopleAddress } from './people/people-address.ts'

/** The server's API about the list of people, one function for each call; all throw `ApiFailure`. */

const part = encodeURIComponent

const queryOf = (address: PeopleAddress): string =>
  new URLSearchParams(Object.entries(address).filter(([, value]) => value !== undefined)).toString()

export const listPeople = (address: PeopleAddress, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/people-list?${queryOf(address)}`, answer: PeopleListed, signal })

/** Where the list is saved from: no order, and all pages. */
export const peopleFileAddress = ({ search, department, cards }: PeopleAddress) =>
  `/api/people-file?${queryOf({
    ...(search !== undefined && { search }),
    ...(department !== undefined && { department }),
    ...(cards !== undefined && { cards }),
  })}`

export const readDepartments = () => callServer({ method: 'GET', path: '/api/people-departments', answer: Departments })

export const changePerson = (id: string, revision: number, person: AddPerson) =>
  callServer({
    method: 'POST',
    path: `/api/people/${part(id)}`,
    body: { ...person, revision },
    answer: PersonChanged,
  })

export const removePerson = (id: string) =>
  callServer({ method: 'POST', path: `/api/people/${part(id)}/removal`, body: {} })
