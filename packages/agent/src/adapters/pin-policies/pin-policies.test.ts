import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIPS_201_3, type PinPolicy, Problem } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPinPolicies } from './pin-policies.ts'

/** The rules of a card's PIN, with the server and without it. */

let folder: string
let path: string
let answer: () => Promise<PinPolicy | null>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-policies-'))
  path = join(folder, 'pin-policies.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const CARD = '00112233445566778899AABBCCDDEEFF'
const EIGHT: PinPolicy = { ...FIPS_201_3, minLength: 8 }
const open = () => openPinPolicies({ pinPolicy: () => answer() }, path, () => FIPS_201_3)
const unreachable = () => Promise.reject(new Problem('server-unreachable'))

it('what the server says holds, and is kept for when it cannot be reached, over a restart', async () => {
  answer = async () => EIGHT
  expect(await open().of(CARD)).toEqual(EIGHT)
  answer = unreachable
  expect(await open().of(CARD)).toEqual(EIGHT)
  expect(await open().of('FF'.repeat(16))).toEqual(FIPS_201_3)
})

it('a card that has no rules of its own any more has the organisation’s', async () => {
  answer = async () => EIGHT
  await open().of(CARD)
  answer = async () => null
  expect(await open().of(CARD)).toEqual(FIPS_201_3)
  answer = unreachable
  expect(await open().of(CARD)).toEqual(FIPS_201_3)
})

it('keeps the last two hundred cards, and reads on after a file that makes no sense', async () => {
  writeFileSync(path, '{')
  answer = async () => EIGHT
  const policies = open()
  for (let i = 0; i < 201; i++) await policies.of(`${i}`)
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toHaveLength(200)
  answer = unreachable
  expect(await policies.of('x')).toEqual(FIPS_201_3)
})

it('numbers about the holder hold while the server is there, and are written nowhere', async () => {
  const personal = { saltHex: 'AB'.repeat(16), hashes: ['CD'.repeat(32)] }
  answer = async () => ({ ...EIGHT, personal })
  expect(await open().of(CARD)).toEqual({ ...EIGHT, personal })
  expect(readFileSync(path, 'utf8')).not.toContain('CDCD')
  answer = unreachable
  expect(await open().of(CARD)).toEqual(EIGHT)
})
