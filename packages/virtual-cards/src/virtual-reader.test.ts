import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readHex, writeHex } from '@unlatch/card'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CardFileError, openCardFile } from './card-file.ts'
import { createVirtualCard } from './create-virtual-card.ts'
import { personaliseGids } from './personalise/personalise-gids.ts'
import type { VirtualCard } from './virtual-card.ts'
import { VirtualReader, type VirtualReaderError } from './virtual-reader.ts'

const SELECT = readHex('00A4040009A0000003080000100000')
const QUERY = readHex('00200080')
const UNBLOCK = readHex('002C0080103132333435363738363534333231FFFF')
const WRONG = readHex('0020008008393939393939FFFF')

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: VirtualReaderError) => error.code,
  )

function inserted() {
  const reader = new VirtualReader()
  const card = createVirtualCard('piv-strict')
  reader.insert(card)
  return { reader, card }
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-card-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'card.json')
}

describe('a virtual reader', () => {
  test('tells of insertion and removal until nobody listens', () => {
    const reader = new VirtualReader()
    const seen: string[] = []
    const end = reader.subscribe(({ type }) => seen.push(type))
    reader.insert(createVirtualCard('gids'))
    reader.insert(createVirtualCard('yubikey'))
    reader.remove()
    end()
    reader.insert(createVirtualCard('gids'))
    expect(seen).toEqual(['inserted', 'removed', 'inserted', 'removed'])
  })

  test('gives the card to one connection at a time', async () => {
    const { reader } = inserted()
    const connection = reader.connect()
    expect(() => reader.connect()).toThrow('in-use')
    await connection.transmit(SELECT)
    await connection.transmit(readHex('0020008008313233343536FFFF'))
    await connection.disconnect('leave')
    expect(await codeOf(connection.transmit(QUERY))).toBe('closed')
    const left = reader.connect()
    expect(writeHex(await left.transmit(QUERY))).toBe('9000')
    await left.disconnect('reset')
    expect(writeHex(await reader.connect().transmit(QUERY))).toBe('6986')
    reader.remove()
    expect(() => reader.connect()).toThrow('no-card')
  })

  test('a removed card is gone for its connection, even when another one is there', async () => {
    const { reader } = inserted()
    const connection = reader.connect()
    reader.insert(createVirtualCard('piv-strict'))
    expect(await codeOf(connection.transmit(QUERY))).toBe('removed')
    await connection.disconnect('leave')
    expect(writeHex(await reader.connect().transmit(QUERY))).toBe('6986')
  })

  test('a reset by another program ends the connection', async () => {
    const { reader } = inserted()
    const connection = reader.connect()
    await connection.reset()
    reader.resetByOther()
    expect(await codeOf(connection.transmit(QUERY))).toBe('reset')
    expect(() => reader.connect()).not.toThrow()
  })
})

/** Cards with a fixed random source, so that a recorded answer to their challenge is right each time. */
const CHALLENGE = readHex('A892D75601617C5D')
const fixed = { random: (length: number) => CHALLENGE.slice(0, length) }

function blockedGids(): VirtualCard {
  const card = createVirtualCard('gids', fixed)
  personaliseGids(card, { cardId: new Uint8Array(16), adminKey: readHex('0102030405060708'.repeat(3)), pin: '123456' })
  for (let i = 0; i < 3; i++) card.transmit(readHex('0020008006393939393939'))
  card.reset()
  return card
}

const RUNS = {
  piv: { make: () => createVirtualCard('piv-strict'), commands: [SELECT, WRONG, UNBLOCK, QUERY] },
  gids: {
    make: blockedGids,
    commands: [
      '00A4040009A0000003974254465900',
      '0022C1A403830180',
      '00870000047C02810000',
      '008700000C7C0A8208B0A1674747F4EB87',
      '002C028006363534333231',
      '0020008006363534333231',
    ].map(readHex),
  },
}

describe.each(['piv', 'gids'] as const)('%s: torn at each command, before and after it', (name) => {
  const { make, commands } = RUNS[name]
  const cases = commands.flatMap((_, afterCommands) =>
    (['before', 'after'] as const).map((moment) => ({ afterCommands, moment })),
  )
  const tries = (card: VirtualCard) => {
    const memory = card.save()
    return memory.kind === 'gids' ? [memory.pin] : [memory.pin, memory.puk]
  }

  test('the run itself succeeds', () => {
    const card = make()
    const last = commands.map((command) => writeHex(card.transmit(command))).at(-1)
    expect(last).toBe(name === 'piv' ? '63C3' : '9000')
  })

  test.each(cases)('$afterCommands commands, $moment', async ({ afterCommands, moment }) => {
    const [reader, card, twin] = [new VirtualReader(), make(), make()]
    reader.insert(card)
    const ran = commands.slice(0, afterCommands + (moment === 'after' ? 1 : 0))
    for (const command of ran) twin.transmit(command)
    reader.cutPower({ afterCommands, moment })
    const connection = reader.connect()
    for (const command of commands.slice(0, afterCommands)) await connection.transmit(command)
    expect(await codeOf(connection.transmit(commands[afterCommands] as Uint8Array))).toBe('torn')
    expect(await codeOf(connection.transmit(QUERY))).toBe('removed')
    expect(reader.card).toBeUndefined()
    expect(tries(card)).toEqual(tries(twin))
    reader.insert(card)
    expect(writeHex(await reader.connect().transmit(QUERY))).toBe('6986')
  })
})

describe('a card in a file', () => {
  test('has spent its try before it answers', () => {
    const path = scratch()
    const card = openCardFile(path, 'piv-strict')
    card.transmit(SELECT)
    card.transmit(WRONG)
    expect(JSON.parse(readFileSync(path, 'utf8')).pin.left).toBe(2)
    const again = openCardFile(path, 'piv-strict')
    again.transmit(SELECT)
    expect(writeHex(again.transmit(QUERY))).toBe('63C2')
    expect(again.save()).toEqual(card.save())
  })

  test('is its owner’s alone', () => {
    const path = scratch()
    openCardFile(path, 'gids')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('is not what another file holds', () => {
    const path = scratch()
    openCardFile(path, 'gids')
    expect(() => openCardFile(path, 'yubikey')).toThrow(CardFileError)
    for (const text of ['{', '{}', 'null']) {
      writeFileSync(path, text)
      expect(() => openCardFile(path, 'gids')).toThrow(CardFileError)
    }
  })
})
