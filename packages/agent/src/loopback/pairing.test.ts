import { beforeEach, expect, test } from 'vitest'
import { Pairing } from './pairing.ts'

let at: number
let pairing: Pairing

beforeEach(() => {
  at = Date.parse('2026-11-23T09:00:00Z')
  pairing = new Pairing(() => new Date(at))
})

const ended = expect.objectContaining({ code: 'session-ended' })

test('a token is exchanged for a bearer value that opens the session', () => {
  const bearer = pairing.exchange(pairing.makeToken())
  expect(bearer).toMatch(/^[\w-]{32}$/)
  expect(() => pairing.expectBearer(`Bearer ${bearer}`)).not.toThrow()
})

test('a second use is refused, and ends the session that the first one opened', () => {
  const token = pairing.makeToken()
  const bearer = pairing.exchange(token)
  expect(() => pairing.exchange(token)).toThrow(ended)
  expect(() => pairing.expectBearer(`Bearer ${bearer}`)).toThrow(ended)
})

test('another page’s session goes on', () => {
  const [mine, other] = [pairing.makeToken(), pairing.makeToken()]
  const bearer = pairing.exchange(mine)
  pairing.exchange(other)
  expect(() => pairing.exchange(other)).toThrow(ended)
  expect(() => pairing.expectBearer(`Bearer ${bearer}`)).not.toThrow()
})

test('a token is good for a minute', () => {
  const [first, second] = [pairing.makeToken(), pairing.makeToken()]
  at += 60_000
  pairing.exchange(first)
  at += 1
  expect(() => pairing.exchange(second)).toThrow(ended)
})

test.each(['', 'x', 'a'.repeat(64)])('"%s" is no token', (token) => {
  pairing.makeToken()
  expect(() => pairing.exchange(token)).toThrow(ended)
})

test.each([undefined, '', 'Bearer ', 'Bearer x', 'Basic abc'])('%s is no bearer value', (authorization) => {
  pairing.exchange(pairing.makeToken())
  expect(() => pairing.expectBearer(authorization)).toThrow(ended)
})

test('a bearer value of another launch', () => {
  const other = new Pairing(() => new Date(at))
  const bearer = other.exchange(other.makeToken())
  expect(() => pairing.expectBearer(`Bearer ${bearer}`)).toThrow(ended)
})

test('tokens are never the same', () => {
  expect(new Set(Array.from({ length: 100 }, () => pairing.makeToken())).size).toBe(100)
})
