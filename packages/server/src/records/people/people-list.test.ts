import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StagedDatabase, stageDatabase } from '../../db/database.fixture.ts'
import { insertPerson, noteHolder } from './people.ts'
import { writeCsv, writePeople } from './people-csv.ts'
import { listDepartments, listPeople, type PeopleWish } from './people-list.ts'

let database: StagedDatabase
beforeEach(async () => {
  database = await stageDatabase()
  await database.transaction(async (tx) => {
    for (const [i, [name, department, user]] of PEOPLE.entries()) {
      const at = `2026-11-0${i + 1}T00:00:00.000Z`
      const rest = { email: '', phone: '+49 1', manager: '', created_at: at }
      await insertPerson(tx, { id: `p${i}`, name, user_name: user, department, ...rest })
    }
    await noteHolder(tx, 'p1')
    await noteHolder(tx, 'p3')
  })
})
afterEach(() => database.close())

const PEOPLE = [
  ['Zoe Alt', 'Staff', 'e5'],
  ['Åsa Ek', 'Staff', 'd4'],
  ['anna berg', 'IT', 'c3'],
  ['Ärne Ek', 'IT', 'b2'],
  ['Bo', '', 'a1'],
] as const

/** All pages of a list, one after the other. */
async function names(wish: Partial<PeopleWish>): Promise<string[]> {
  const found: string[] = []
  let after: string | undefined
  do {
    const page = await listPeople(database.reads, { limit: 2, ...wish, after })
    found.push(...page.people.map(({ name }) => name))
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}

describe('the list of people', () => {
  it('stands in each order, whatever letters a name has', async () => {
    expect(await names({})).toEqual(['anna berg', 'Ärne Ek', 'Åsa Ek', 'Bo', 'Zoe Alt'])
    expect(await names({ sort: 'userName' })).toEqual(['Bo', 'Ärne Ek', 'anna berg', 'Åsa Ek', 'Zoe Alt'])
    expect(await names({ sort: 'department' })).toEqual(['Bo', 'anna berg', 'Ärne Ek', 'Åsa Ek', 'Zoe Alt'])
    expect(await names({ sort: 'newest' })).toEqual(['Bo', 'Ärne Ek', 'anna berg', 'Åsa Ek', 'Zoe Alt'])
  })

  it('holds those whom a filter fits', async () => {
    expect(await names({ department: 'IT' })).toEqual(['anna berg', 'Ärne Ek'])
    expect(await names({ cards: 'with' })).toEqual(['Ärne Ek', 'Åsa Ek'])
    expect(await names({ cards: 'without', department: 'Staff' })).toEqual(['Zoe Alt'])
  })

  it('is searched, with any filter and sort', async () => {
    expect(await names({ search: 'EK' })).toEqual(['Ärne Ek', 'Åsa Ek'])
    expect(await names({ search: 'ek', sort: 'newest', department: 'Staff' })).toEqual(['Åsa Ek'])
  })

  it('refuses what no index answers, and a place that is none', async () => {
    await expect(names({ department: 'IT', sort: 'newest' })).rejects.toMatchObject({ code: 'input-invalid' })
    const after = Buffer.from('["x"]').toString('base64url')
    await expect(listPeople(database.reads, { limit: 2, after })).rejects.toMatchObject({ code: 'input-invalid' })
  })

  it('knows the departments', async () => {
    expect(await listDepartments(database.reads, 9)).toEqual(['IT', 'Staff'])
    expect(await listDepartments(database.reads, 1)).toEqual(['IT'])
  })
})

describe('the file of people', () => {
  const fileOf = async (filter: object) => {
    let text = ''
    for await (const piece of writePeople(database.reads, filter)) text += piece
    return text
  }

  it('has everybody whom the filter fits, and no formula', async () => {
    const lines = (await fileOf({ department: 'IT' })).split('\r\n')
    expect(lines[0]).toBe('\ufeffName,User name,Department,E-mail,Telephone,Manager,Language,Added')
    expect(lines.slice(1)).toEqual(["anna berg,c3,IT,,'+49 1,,,2026-11-03", "Ärne Ek,b2,IT,,'+49 1,,,2026-11-04", ''])
    expect((await fileOf({ search: 'ek' })).split('\r\n')).toHaveLength(4)
  })

  it('neutralises whatever a spreadsheet would carry out', () => {
    expect(writeCsv([['=1+1', '@SUM(1)', '-2', '+3', '\t=1', 'a=b']])).toBe("'=1+1,'@SUM(1),'-2,'+3,'\t=1,a=b\r\n")
  })
})
