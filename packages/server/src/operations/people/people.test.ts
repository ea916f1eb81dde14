import { ROLE_PERMISSIONS } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SYSTEM } from '../../records/actors.ts'
import { findPersonIds, noteFormerHolder, noteHolder } from '../../records/people/people.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { addPerson } from './add-person.ts'
import { changePerson } from './change-person.ts'
import { exportPeople } from './export-people.ts'
import { addIdentity } from './identities.ts'
import { invitePasskey } from './invite-passkey.ts'
import { removePerson } from './remove-person.ts'

let stage: StagedWorld
beforeEach(async () => {
  stage = await stageWorld()
})
afterEach(() => stage.close())

const EVA = { name: 'Eva Berg', userName: 'eva', department: 'IT', email: 'e@x', phone: '+49 1', manager: 'M' }
const add = (changes: Partial<typeof EVA> = {}) => perform(addPerson, stage.world, { ...EVA, ...changes }, SYSTEM)
const found = (word: string) => findPersonIds(stage.database.reads, word, 10)

describe('a person is changed', () => {
  it('and the record says what stood there', async () => {
    const actor = await stage.operator(['person:write'])
    const { id } = await add()
    const change = { ...EVA, personId: id, revision: 1, name: ' Eva Sjöberg ', phone: '' }
    expect(await perform(changePerson, stage.world, change, actor)).toEqual({ revision: 2 })
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'person.change',
      subject: `person:${id}`,
      event: {
        changed: { name: { from: 'Eva Berg', to: 'Eva Sjöberg' }, phone: { from: '+49 1', to: '' } },
      },
    })
  })

  it('and is found by new words alone, and still by the serials of their cards', async () => {
    const { id } = await add({ name: 'Berg SER-1001', userName: 'old' })
    await stage.database.transaction(async (tx) => {
      await tx.insertInto('search_words').values({ word: 'ser-77', person_id: id }).execute()
    })
    const card = await stage.pivCard(id)
    await stage.database.transaction((tx) =>
      tx.updateTable('cards').set({ printed_serial: 'old' }).where('id', '=', card.id).execute(),
    )
    const change = { ...EVA, personId: id, revision: 1, name: 'Ån Ek', userName: 'new' }
    await perform(changePerson, stage.world, change, SYSTEM)
    expect(await found('berg')).toEqual([])
    for (const word of ['an ek', 'ek', 'new', 'old', 'ser-77']) expect([word, await found(word)]).toEqual([word, [id]])
  })

  it('only as it was seen, and to a user name of their own', async () => {
    const { id } = await add()
    await add({ userName: 'other' })
    const change = (changes: object) => perform(changePerson, stage.world, { ...EVA, personId: id, ...changes }, SYSTEM)
    await change({ revision: 1, phone: '2' })
    await expect(change({ revision: 1 })).rejects.toMatchObject({ code: 'person-changed' })
    await expect(change({ revision: 2, userName: 'other' })).rejects.toMatchObject({ code: 'name-taken' })
    await expect(change({ revision: 2, personId: 'x' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('a person is removed', () => {
  it('who never had a card; what was on record stays in the log', async () => {
    const { id } = await add()
    await perform(removePerson, stage.world, { personId: id }, await stage.operator(ROLE_PERMISSIONS))
    expect(await found('eva')).toEqual([])
    expect((await stage.audit()).at(-1)).toMatchObject({ event: { removed: { userName: 'eva', phone: '+49 1' } } })
  })

  it('with an invitation for a passkey and an account at a provider', async () => {
    const { id } = await add()
    const seen = { document: 'passport', isSameFace: true } as const
    await perform(invitePasskey, stage.world, { personId: id, ...seen }, await stage.operator(['unblock:release']))
    await perform(addIdentity, stage.world, { personId: id, issuer: 'https://id.example.org', subject: 'eva' }, SYSTEM)
    await perform(removePerson, stage.world, { personId: id }, SYSTEM)
    expect(await found('eva')).toEqual([])
  })

  it('and nobody who has a card, or had one', async () => {
    const { id } = await add()
    const remove = () => perform(removePerson, stage.world, { personId: id }, SYSTEM)
    await stage.database.transaction((tx) => noteHolder(tx, id))
    await expect(remove()).rejects.toMatchObject({ code: 'person-had-cards' })
    await stage.database.transaction((tx) => noteFormerHolder(tx, id))
    await expect(remove()).rejects.toMatchObject({ code: 'person-had-cards' })
  })
})

it('an export is on record, with what was asked', async () => {
  const actor = await stage.operator(['person:export'])
  await perform(exportPeople, stage.world, { department: 'IT' }, actor)
  expect((await stage.audit()).at(-1)).toMatchObject({
    operation: 'person.export',
    event: { search: '', department: 'IT', cards: null },
  })
})
