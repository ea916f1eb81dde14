import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StagedDatabase, stageDatabase } from './database.fixture.ts'
import { lockName } from './dialect.ts'
import { isUniqueViolation, TransactionConflict } from './errors.ts'

/** What both databases promise; the run says which one it is about. */

let database: StagedDatabase
const lookup = (person_id: string) => ({ operator_id: 'o', person_id, at: '2026-11-23T09:00:00.000Z' })
const lookups = () => database.reads.selectFrom('lookups').selectAll().execute()
const record = (id: string) => ({ id, at: 'x', subject: 's', record: '{}' })

beforeEach(async () => {
  database = await stageDatabase()
})
afterEach(() => database.close())

describe('transactions', () => {
  it.each([new Date(), { a: 1 }, undefined])(
    'refuse a parameter that would become something else: %o',
    async (strange) => {
      const row = { ...lookup('p'), at: strange as unknown as string }
      const bound = database.transaction((tx) => sql`insert into lookups values ('o', 'p', ${row.at})`.execute(tx))
      await expect(bound).rejects.toThrow(TypeError)
      expect(await lookups()).toEqual([])
    },
  )

  it('inside a transaction throw instead of waiting for themselves', async () => {
    const inner = () => database.transaction(async () => 1)
    await expect(database.transaction(inner)).rejects.toThrow('inside a transaction')
  })

  it('roll back when they throw, and reads see only what is committed', async () => {
    const insert = database.transaction(async (tx) => {
      await tx.insertInto('lookups').values(lookup('p')).execute()
      expect(await lookups()).toEqual([])
      throw new Error('no')
    })
    await expect(insert).rejects.toThrow('no')
    expect(await lookups()).toEqual([])
  })

  it('fifty at once all end', async () => {
    const insert = (person: string) =>
      database.transaction((tx) => tx.insertInto('lookups').values(lookup(person)).execute())
    await Promise.all(Array.from({ length: 50 }, (_, i) => insert(`${i}`)))
    expect(await lookups()).toHaveLength(50)
  })

  it('that met a conflict run again from the beginning, with nothing of the first time left; not for ever', async () => {
    let times = 0
    await database.transaction(async (tx) => {
      await tx
        .insertInto('lookups')
        .values(lookup(`${++times}`))
        .execute()
      if (times < 3) throw new TransactionConflict('met')
    })
    expect(await lookups()).toMatchObject([{ person_id: '3' }])
    const unlucky = database.transaction(async () => {
      throw new TransactionConflict('met')
    })
    await expect(unlucky).rejects.toMatchObject({ code: 'database-unreachable' })
  })

  it('hold a name that has no row: read, count and write is one step', async () => {
    const other = await database.another()
    const addOne = (one: typeof other) =>
      one.transaction(async (tx) => {
        await lockName(tx, 'counter')
        const rows = await tx.selectFrom('lookups').selectAll().execute()
        await tx
          .insertInto('lookups')
          .values(lookup(`${rows.length}`))
          .execute()
      })
    await Promise.all(Array.from({ length: 10 }, (_, i) => addOne(i % 2 ? database : other)))
    const people = (await lookups()).map(({ person_id }) => Number(person_id))
    expect(people.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('what is stored', () => {
  it('reads cannot write', async () => {
    await expect(database.reads.insertInto('lookups').values(lookup('p')).execute()).rejects.toThrow(/read-?only/)
  })

  it('a broken unique constraint is known as one', async () => {
    const twice = database.transaction(async (tx) => {
      await tx.insertInto('audit').values(record('a')).execute()
      await tx.insertInto('audit').values(record('a')).execute()
    })
    await expect(twice).rejects.toSatisfy(isUniqueViolation)
  })

  it('the audit log takes no change and no removal', async () => {
    await database.transaction((tx) => tx.insertInto('audit').values(record('a')).execute())
    const change = database.transaction((tx) => tx.updateTable('audit').set({ record: '' }).execute())
    await expect(change).rejects.toThrow('append-only')
    const removal = database.transaction((tx) => tx.deleteFrom('audit').execute())
    await expect(removal).rejects.toThrow('append-only')
    expect(await database.reads.selectFrom('audit').select('record').execute()).toEqual([{ record: '{}' }])
  })

  it('numbers come back as numbers', async () => {
    await database.transaction((tx) => tx.insertInto('audit').values(record('a')).execute())
    const row = await database.reads
      .selectFrom('audit')
      .select((e) => ['seq', e.fn.countAll().over().as('count')])
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ seq: 1, count: 1 })
  })

  it('text is ordered by its bytes, so a prefix is a range, whatever the language of the cluster', async () => {
    const words = [
      'a',
      'A',
      'B',
      'aa',
      'a b',
      'a-b',
      'a\u{10fffe}',
      'a\u{1f600}',
      'aß',
      'aé',
      'aя',
      'a字',
      'a｡',
      'b',
      'é',
      '字',
    ]
    await database.transaction((tx) => tx.insertInto('lookups').values(words.map(lookup)).execute())
    const stored = (await database.reads.selectFrom('lookups').select('person_id').orderBy('person_id').execute()).map(
      (row) => row.person_id,
    )
    expect(stored).toEqual(words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    const range = await database.reads
      .selectFrom('lookups')
      .select('person_id')
      .where('person_id', '>=', 'a')
      .where('person_id', '<', 'a\u{10ffff}')
      .execute()
    expect(range.map((row) => row.person_id).sort()).toEqual(words.filter((word) => word.startsWith('a')).sort())
  })
})
