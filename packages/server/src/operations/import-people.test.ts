import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importDue } from '../jobs/import-people.ts'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { importRows, oneImport, recentImports, wrongRows } from '../records/imports/views.ts'
import { look } from '../records/view.ts'
import { importBatch } from './import/import-batch.ts'
import { rereadImport, startImport, stopImport } from './import/steer-import.ts'
import { uploadImport } from './import/upload-import.ts'
import { perform } from './operation.ts'
import { addPerson } from './people/add-person.ts'
import { changePerson } from './people/change-person.ts'
import { type StagedWorld, stageWorld } from './world.fixture.ts'

let stage: StagedWorld
let actor: Actor
beforeEach(async () => {
  stage = await stageWorld()
  actor = await stage.operator(['person:write'])
})
afterEach(() => stage.close())

const EVA = { name: 'Eva Berg', userName: 'eva', department: 'IT', email: 'e@x', phone: '+49 1', manager: 'M' }
const add = (changes: Partial<typeof EVA> = {}) => perform(addPerson, stage.world, { ...EVA, ...changes }, SYSTEM)
const upload = async (file: string) => {
  const input = { fileName: 'people.csv', octets: Buffer.from(file) }
  return (await perform(uploadImport, stage.world, input, actor)).id
}
const rowsOf = (importId: string, more: object = {}) => look(importRows, stage.world, { importId, ...more }, actor)
const one = (importId: string) => look(oneImport, stage.world, { importId }, actor)
const start = async (importId: string) => {
  const { revision, comparedAt } = await rowsOf(importId)
  await perform(startImport, stage.world, { importId, revision, comparedAt }, actor)
}
const later = (seconds: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + seconds * 1000)
}
const people = () =>
  stage.database.reads
    .selectFrom('people')
    .select(['user_name', 'name', 'phone', 'source'])
    .orderBy('user_name')
    .execute()

const FILE = 'Name;User name;Telephone\nEva Berg;eva;+49 2\nÅsa Öberg;asa;=1\nNobody;;\nSame;same;+49 1\n'

describe('a preview', () => {
  it('says what each row would do, and writes nothing about anybody', async () => {
    await add()
    await add({ userName: 'same', name: 'Same' })
    const id = await upload(FILE)
    const { counts, rows } = await rowsOf(id)
    expect(counts).toEqual({ new: 1, changed: 1, unchanged: 1, wrong: 1 })
    expect(rows.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'changed'],
      [3, 'new'],
      [4, 'wrong'],
      [5, 'unchanged'],
    ])
    expect(rows[0]?.changes).toEqual([{ field: 'phone', from: '+49 1', to: '+49 2' }])
    expect((await people()).map(({ user_name }) => user_name)).toEqual(['eva', 'same'])
    expect((await stage.audit()).at(-1)).toMatchObject({
      operation: 'import.upload',
      event: { fileName: 'people.csv' },
    })
  })

  it('is paged and filtered', async () => {
    const id = await upload(FILE)
    const first = await rowsOf(id, { kind: 'new', limit: 2 })
    expect(first).toMatchObject({ rows: [{ line: 2 }, { line: 3 }], next: 3 })
    expect(await rowsOf(id, { kind: 'new', limit: 2, after: 3 })).toMatchObject({ rows: [{ line: 5 }], next: null })
  })

  it('is read another way, and its columns are chosen', async () => {
    await add()
    const id = await upload('who,key,tel\nEva Berg,eva,\n')
    expect(await one(id)).toMatchObject({ missing: ['name', 'userName'], header: ['who', 'key', 'tel'] })
    await expect(start(id)).rejects.toMatchObject({ code: 'import-unmapped' })
    const wish = { importId: id, encoding: 'utf-8', delimiter: ',', clearsEmpty: false }
    const mapping = ['name', 'userName', 'phone']
    await perform(rereadImport, stage.world, { ...wish, mapping }, actor)
    expect((await rowsOf(id)).counts).toMatchObject({ unchanged: 1 })
    await perform(rereadImport, stage.world, { ...wish, mapping, clearsEmpty: true }, actor)
    expect((await rowsOf(id)).rows[0]?.changes).toEqual([{ field: 'phone', from: '+49 1', to: '' }])
    const twice = { ...wish, mapping: ['name', 'name', null] }
    await expect(perform(rereadImport, stage.world, twice, actor)).rejects.toMatchObject({ code: 'input-invalid' })
    await perform(rereadImport, stage.world, { ...wish, delimiter: ';' }, actor)
    expect(await one(id)).toMatchObject({ header: ['who,key,tel'], revision: 4 })
  })

  it('gives the wrong rows back, with the reason', async () => {
    const id = await upload(FILE)
    let file = ''
    for await (const piece of await look(wrongRows, stage.world, { importId: id }, actor)) file += piece
    expect(file.split('\r\n').slice(0, 2)).toEqual([
      '\ufeffName,User name,Telephone,Line,Reason',
      'Nobody,,,4,User name: is empty',
    ])
  })
})

describe('an import', () => {
  it('adds and changes, and each person can be traced to it', async () => {
    await add()
    const id = await upload(FILE)
    later(1)
    await start(id)
    await importDue(stage.world)
    expect(await people()).toEqual([
      { user_name: 'asa', name: 'Åsa Öberg', phone: '=1', source: 'import' },
      { user_name: 'eva', name: 'Eva Berg', phone: '+49 2', source: 'hand' },
      { user_name: 'same', name: 'Same', phone: '+49 1', source: 'import' },
    ])
    expect(await one(id)).toMatchObject({
      state: 'done',
      progress: { total: 4, done: 4, added: 2, changed: 1, unchanged: 0, wrong: 1, leftAlone: 0 },
    })
    const { event } = (await stage.audit()).at(-1) ?? {}
    expect(event).toMatchObject({
      importId: id,
      sha256: expect.stringMatching(/^[0-9A-F]{64}$/),
      orderedBy: actor.id,
      added: [
        { line: 3, userName: 'asa' },
        { line: 5, userName: 'same' },
      ],
      changed: [{ line: 2, changes: [{ field: 'phone', from: '+49 1', to: '+49 2' }] }],
    })
    const kept = await stage.database.reads.selectFrom('import_pieces').select('number').execute()
    expect(kept).toEqual([])
  })

  it('leaves whom somebody else changed after the preview', async () => {
    const { id: personId } = await add()
    const id = await upload(FILE)
    await start(id)
    later(1)
    await perform(changePerson, stage.world, { ...EVA, personId, revision: 1, phone: '+49 9' }, SYSTEM)
    await importDue(stage.world)
    expect(await one(id)).toMatchObject({ progress: { added: 2, changed: 0, leftAlone: 1 } })
    expect((await people())[1]).toMatchObject({ user_name: 'eva', phone: '+49 9' })
  })

  it('two of one file at once add nobody twice', async () => {
    const many = ['name,uid', ...Array.from({ length: 600 }, (_, i) => `P ${i},p${i}`)].join('\n')
    const [first, second] = [await upload(many), await upload(many)]
    await start(first)
    await start(second)
    await Promise.all([importDue(stage.world), importDue(stage.world)])
    const [a, b] = [await one(first), await one(second)]
    expect([a.state, b.state]).toEqual(['done', 'done'])
    expect((a.progress?.added ?? 0) + (b.progress?.added ?? 0)).toBe(600)
    expect((a.progress?.unchanged ?? 0) + (b.progress?.unchanged ?? 0)).toBe(600)
    expect(await people()).toHaveLength(600)
  })

  it('broken off leaves whole batches; what is left goes on, or the file finishes it', async () => {
    const many = ['name,uid', ...Array.from({ length: 600 }, (_, i) => `P ${i},p${i}`)].join('\n')
    const id = await upload(many)
    await start(id)
    const aborting = new AbortController()
    const { transaction } = stage.world.database
    let left = 1
    stage.world.database.transaction = async (work) => {
      if (left-- === 0) aborting.abort()
      return transaction(work)
    }
    await importDue(stage.world, aborting.signal)
    stage.world.database.transaction = transaction
    expect(await one(id)).toMatchObject({ state: 'running', progress: { done: 500, added: 500 } })
    expect(await people()).toHaveLength(500)
    await perform(stopImport, stage.world, { importId: id }, actor)
    const again = await upload(many)
    expect((await rowsOf(again)).counts).toMatchObject({ new: 100, unchanged: 500 })
    await start(again)
    await importDue(stage.world)
    expect(await people()).toHaveLength(600)
  })

  it('a batch that was carried out changes nothing a second time', async () => {
    const id = await upload(FILE)
    await start(id)
    const rows = [{ line: 3, person: { name: 'Å', userName: 'asa' }, isWrong: false }]
    const batch = { importId: id, from: 0, total: 4, rows }
    expect(await perform(importBatch, stage.world, batch, SYSTEM)).toEqual({ isTaken: true })
    expect(await perform(importBatch, stage.world, batch, SYSTEM)).toEqual({ isTaken: false })
    expect(await people()).toHaveLength(1)
  })

  it('is started once, as it was looked at, and not after its end', async () => {
    const id = await upload(FILE)
    const { revision, comparedAt } = await rowsOf(id)
    const wish = { importId: id, revision, comparedAt }
    const reading = { importId: id, encoding: 'utf-8', delimiter: ';', clearsEmpty: true }
    await perform(rereadImport, stage.world, reading, actor)
    await expect(perform(startImport, stage.world, wish, actor)).rejects.toMatchObject({ code: 'import-changed' })
    await start(id)
    await expect(start(id)).rejects.toMatchObject({ code: 'import-over' })
    await expect(perform(rereadImport, stage.world, reading, actor)).rejects.toMatchObject({ code: 'import-over' })
    await importDue(stage.world)
    await expect(perform(stopImport, stage.world, { importId: id }, actor)).rejects.toMatchObject({
      code: 'import-over',
    })
  })

  it('that nobody goes on with is forgotten after a day', async () => {
    const id = await upload(FILE)
    later(25 * 3600)
    await upload(FILE)
    expect((await one(id)).state).toBe('stopped')
    expect((await look(recentImports, stage.world, {}, actor)).imports.map(({ state }) => state)).toEqual([
      'preview',
      'stopped',
    ])
  })
})
