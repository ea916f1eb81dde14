import { describe, expect, it } from 'vitest'
import { findMissing, guessMapping, isTwofold } from './mapping.ts'
import { readRows } from './read-rows.ts'
import { guessDelimiter, guessEncoding, readText } from './read-text.ts'

/** A file read as it is guessed. */
async function read(file: string | Uint8Array) {
  const octets = typeof file === 'string' ? Buffer.from(file) : file
  const encoding = guessEncoding(octets)
  const delimiter = guessDelimiter(readText(octets, encoding))
  const asIs = { encoding, delimiter, mapping: [], clearsEmpty: false }
  const { header } = await readRows(octets, asIs, 1)
  const reading = { ...asIs, mapping: guessMapping(header) }
  return { ...(await readRows(octets, reading)), reading }
}
const people = async (file: string | Uint8Array) => (await read(file)).rows.map(({ person }) => person)
const faults = async (file: string) =>
  (await read(file)).rows.map(({ line, faults }) => [line, ...faults.map(({ field, fault }) => `${field} ${fault}`)])

describe('what the octets mean', () => {
  const text = 'Name;Login\nJosé Müller €;jm\n'
  const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  const windows = Buffer.from(text.replace('€', '\x80'), 'latin1')

  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16be', utf16be],
    ['windows-1252', windows],
  ] as const)('%s', async (encoding, octets) => {
    const { reading, header, rows } = await read(octets)
    expect(reading.encoding).toBe(encoding)
    expect(header).toEqual(['Name', 'Login'])
    expect(rows.map(({ person }) => person)).toEqual([{ name: 'José Müller €', userName: 'jm' }])
  })

  it.each([
    [',', 'a,b;c,d\n;;;;'],
    [';', 'a;"b,c,d";e'],
    ['\t', 'a\tb\tc,d'],
    [';', '\n\na;b'],
    [',', 'alone'],
  ])('%j stands between the cells', (delimiter, text) => expect(guessDelimiter(text)).toBe(delimiter))
})

it('a language is one of the catalogue, or that of the organisation', async () => {
  const file = 'Name,Login,Language\na,a,de-AT\nb,b,EN\nc,c,fr\nd,d,\n'
  expect((await people(file)).map(({ language }) => language)).toEqual(['de', 'en', '', ''])
})

describe('what the columns are', () => {
  it.each([
    [
      'Name,User name,Department,E-mail,Telephone,Manager,Language,Added',
      'name userName department email phone manager language -',
    ],
    ['sAMAccountName,givenName,sn,mail,telephoneNumber', 'userName givenName surname email phone'],
    ['displayName,givenName,sn,uid', 'name - - userName'],
    ['Login,user,First name,Last_Name', '- userName givenName surname'],
    ['x,y', '- -'],
  ])('%s', (header, fields) => {
    expect(guessMapping(header.split(',')).map((field) => field ?? '-')).toEqual(fields.split(' '))
  })

  it('some must be there, and none twice', () => {
    expect(findMissing(['givenName', null])).toEqual(['userName'])
    expect(findMissing(['phone'])).toEqual(['name', 'userName'])
    expect(isTwofold(['name', null, null])).toBe(false)
    expect(isTwofold(['name', 'name'])).toBe(true)
  })
})

describe('what the rows say', () => {
  it('a number stays a number, and the apostrophe of an export goes', async () => {
    const file = `name,uid,phone,department\nA B,ab,+49 30 1,=1+1\nC D,cd,'+49 30 2,-\n`
    expect(await people(file)).toEqual([
      { name: 'A B', userName: 'ab', phone: '+49 30 1', department: '=1+1' },
      { name: 'C D', userName: 'cd', phone: '+49 30 2', department: '-' },
    ])
  })

  it('a name is made of its halves, a cell has lines and quotation marks, a short row says less', async () => {
    const file = 'uid,givenName,sn,department\r\nab,Ada,Berg,"a ""b"",\r\nc"\r\n\r\ncd,,Curie\r\n'
    const { rows } = await read(file)
    expect(rows.map(({ line, person }) => [line, person])).toEqual([
      [2, { userName: 'ab', name: 'Ada Berg', department: 'a "b", c' }],
      [5, { userName: 'cd', name: 'Curie' }],
    ])
  })

  it('what is wrong is told, with its line', async () => {
    const lines = [
      'name,uid,mail',
      ',a,',
      'B,,',
      'C,c c,not an address',
      `${'D'.repeat(201)},d,d@x`,
      'E\ufffd,e,',
      'F,f,f@x,more',
      'G,twin,',
      'H,fine,h@x',
      'I,twin,',
    ]
    expect(await faults(lines.join('\n'))).toEqual([
      [2, 'name missing'],
      [3, 'userName missing'],
      [4, 'userName blank', 'email no-address'],
      [5, 'name too-long'],
      [6, 'name no-text'],
      [7, 'null cells'],
      [8, 'userName twice'],
      [9],
      [10, 'userName twice'],
    ])
  })

  it('a quotation mark that is not closed spoils its row, and says where', async () => {
    const found = await faults('name,uid\nA,a\nB "x" y,b\n"C" x,c\nD,d\n"E,e\nF,f\n')
    expect(found).toEqual([[2], [3], [4], [5], [6, 'null quotes']])
    expect(await faults('name,uid\nA,a\n"B,b\nC,c\n"D",d\nE,e\n')).toContainEqual([3, 'null quotes'])
  })

  it('a file without a row, or without anything, has no people', async () => {
    expect(await people('name,uid\n')).toEqual([])
    expect(await people('')).toEqual([])
  })
})
