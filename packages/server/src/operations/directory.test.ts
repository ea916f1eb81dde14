import { DIRECTORY_PRESETS } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { searchDirectory, takeFromDirectory } from '../jobs/ask-directory.ts'
import { type Directory, type DirectoryEntry, DirectoryError, type OpenDirectory } from '../ports/directory.ts'
import type { Actor } from '../records/actors.ts'
import { markTested } from '../records/connections/connections.ts'
import { directories } from '../records/directories/views.ts'
import { look } from '../records/view.ts'
import { addConnection } from './connections/add-connection.ts'
import { perform } from './operation.ts'
import { addPerson } from './people/add-person.ts'
import { changePerson } from './people/change-person.ts'
import { type StagedWorld, stageWorld } from './world.fixture.ts'

/** A directory whose entries stand in the test: what is asked of it, and what becomes of its people here. */

let stage: StagedWorld
let actor: Actor
let connectionId: string
let entries: DirectoryEntry[]
let asked: OpenDirectory[]
let directory: Directory
const entry = (key: string, changes: Partial<DirectoryEntry['person']> = {}): DirectoryEntry => {
  const person = {
    name: 'Eva Berg',
    userName: key,
    department: 'IT',
    email: 'e@x',
    phone: '+49 1',
    manager: 'M',
    language: '',
  }
  return { key, dn: `uid=${key},ou=people`, person: { ...person, ...changes } }
}
beforeEach(async () => {
  stage = await stageWorld()
  actor = await stage.operator(['person:write', 'connection:write'])
  entries = [entry('eva'), entry('kim', { name: 'Kim', email: '' })]
  asked = []
  directory = {
    async search(open) {
      asked.push(open)
      return { entries, isMore: false }
    },
    read: async (_, keys) => entries.filter(({ key }) => keys.includes(key)),
    count: async () => ({ count: 2, isMore: false }),
  }
  const settings = { urls: ['ldaps://dir.example'], authority: '', baseDn: 'ou=people', bindDn: 'cn=reader' }
  const wish = { kind: 'directory', name: 'Directory', directory: { ...settings, ...DIRECTORY_PRESETS.openldap } }
  connectionId = (await perform(addConnection, stage.world, { ...wish, secret: 'canary-of-the-directory' }, actor)).id
  await stage.database.transaction((tx) => markTested(tx, connectionId, 1, stage.clock.now()))
})
afterEach(() => stage.close())

const search = () => searchDirectory(stage.world, directory, { connectionId, search: 'e' }, actor)
const take = (...keys: string[]) => takeFromDirectory(stage.world, directory, { connectionId, keys }, actor)
const people = () => stage.database.reads.selectFrom('people').selectAll().orderBy('user_name').execute()

it('is asked with its password, which stands nowhere; that it was asked is on record first', async () => {
  expect(await look(directories, stage.world, {}, actor)).toEqual({
    directories: [{ id: connectionId, name: 'Directory' }],
  })
  const found = await search()
  expect(asked[0]?.secret).toBe('canary-of-the-directory')
  expect(found.entries.map(({ here, fault }) => [here, fault])).toEqual([
    [null, null],
    [null, null],
  ])
  const audit = await stage.audit()
  expect(audit.at(-1)).toMatchObject({ operation: 'directory.open', event: { asks: { search: 'e' } } })
  const stored = await stage.database.reads.selectFrom('connections').selectAll().execute()
  expect(JSON.stringify([audit, stored, found])).not.toContain('canary-of-the-directory')
})

it('gives people, who are known by their entry from then on', async () => {
  const { added } = await take('eva', 'kim')
  expect(added).toHaveLength(2)
  expect(await people()).toMatchObject([
    { user_name: 'eva', source: 'directory', directory_entry: 'eva', directory_dn: 'uid=eva,ou=people' },
    { user_name: 'kim', email: '' },
  ])
  entries = [entry('eva', { userName: 'eva.berg', name: 'Eva Ek', email: '' })]
  expect((await search()).entries[0]?.here).toEqual({
    personId: added[0],
    name: 'Eva Berg',
    changes: [
      { field: 'name', from: 'Eva Berg', to: 'Eva Ek' },
      { field: 'userName', from: 'eva', to: 'eva.berg' },
    ],
  })
  expect(await take('eva')).toEqual({ added: [], changed: [added[0]], refused: [] })
  expect((await people())[0]).toMatchObject({ user_name: 'eva.berg', email: 'e@x', revision: 2 })
  expect((await stage.audit()).at(-1)).toMatchObject({
    operation: 'directory.take',
    event: { changed: [{ entry: 'eva', changes: [{ field: 'name', from: 'Eva Berg', to: 'Eva Ek' }, {}] }] },
  })
})

it('finds who was added by hand by the user name', async () => {
  const { id } = await perform(addPerson, stage.world, { ...entry('eva').person, phone: '' }, actor)
  expect((await search()).entries[0]?.here).toMatchObject({
    personId: id,
    changes: [{ field: 'phone', from: '', to: '+49 1' }],
  })
  await take('eva')
  expect(await people()).toMatchObject([{ id, phone: '+49 1', directory_entry: 'eva', source: 'hand' }])
})

it('does not give whom nobody could tell apart, or who has no name', async () => {
  entries = [entry('a', { userName: 'twin' }), entry('b', { userName: 'twin' }), entry('c', { name: '' })]
  expect((await search()).entries.map(({ fault }) => fault)).toEqual(['twice', 'twice', 'missing'])
  const { added, refused } = await take('a', 'b', 'c')
  expect([added, refused.map(({ fault }) => fault)]).toEqual([[], ['twice', 'twice', 'missing']])
})

it('does not give one person the user name of another', async () => {
  await take('eva', 'kim')
  const [eva] = await people()
  entries = [entry('eva', { userName: 'kim' })]
  await expect(take('eva')).rejects.toMatchObject({ code: 'name-taken' })
  const kept = { ...entry('eva').person, personId: eva?.id, revision: 1, phone: '2' }
  await perform(changePerson, stage.world, kept, actor)
  expect((await search()).entries[0]?.here?.changes).toContainEqual({ field: 'phone', from: '2', to: '+49 1' })
})

it('that does not answer is told, in its own words; one that was never tested is not asked', async () => {
  directory = { ...directory, search: () => Promise.reject(new DirectoryError('directory-base', 'noSuchObject')) }
  await expect(search()).rejects.toMatchObject({ code: 'directory-base', facts: { said: 'noSuchObject' } })
  await stage.database.transaction((tx) => tx.updateTable('connections').set({ tested_at: null }).execute())
  await expect(search()).rejects.toMatchObject({ code: 'connection-untested' })
  const other = { connectionId: 'x', search: 'e' }
  await expect(searchDirectory(stage.world, directory, other, actor)).rejects.toMatchObject({
    code: 'connection-unknown',
  })
})
