import { ascii } from '@unlatch/card'
import { type HolderSession, Problem } from '@unlatch/contract'
import { VIRTUAL_CARD_KINDS, VirtualReader } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import { acceptsPin, createCard, now, OLD_PIN, problemOf } from './blocked-cards.fixture.ts'
import { openHolderSession } from './open-holder-session.ts'
import type { ServerClient } from './ports.ts'

const SESSION: HolderSession = { sessionId: 's1', personName: 'Ada', until: '2999-01-01T00:00:00.000Z' }

/** A card that works, and a server that asks it for no proof. */
function stage(kind: (typeof VIRTUAL_CARD_KINDS)[number], opening?: Problem) {
  const { card } = createCard(kind)
  card.forget()
  const reader = new VirtualReader('reader')
  reader.insert(card)
  const asked: string[] = []
  const server = {
    async openHolderSession({ cardUuid }) {
      asked.push(cardUuid)
      if (opening) throw opening
      return { sessionId: 's1', proof: null }
    },
    proveHolderSession: async () => SESSION,
  } satisfies Partial<ServerClient> as unknown as ServerClient
  const tools = { readers: virtualReaders([reader]), server, keySha256: 'AA', now }
  const state = { isSame: true }
  const open = (typed: string, hasConsent = false) => {
    const pin = ascii(typed)
    return openHolderSession(tools, 'reader', async () => state.isSame, pin, hasConsent).finally(() => {
      // Whatever happened, it is not left in memory.
      expect(pin.every((octet) => octet === 0)).toBe(true)
    })
  }
  return { card, open, asked, state }
}

const comparing = (heard: readonly string[]) => heard.filter((command) => /^0020008[0-9A-F]{3}/.test(command))

describe.each(VIRTUAL_CARD_KINDS)('%s', (kind) => {
  test('the card compares the PIN, and the server is asked for the session', async () => {
    const { card, open, asked } = stage(kind)
    expect(await open(OLD_PIN)).toEqual(SESSION)
    expect(asked).toHaveLength(1)
    expect(acceptsPin(card, OLD_PIN)).toBe(true)
  })

  test('a wrong PIN costs one try, and the server hears nothing; the last one is not spent without a word', async () => {
    const { open, asked } = stage(kind)
    expect(await problemOf(open('999999'))).toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 2 } })
    expect(await problemOf(open('999999'))).toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 1 } })
    expect(await problemOf(open('999999'))).toMatchObject({ code: 'last-try' })
    expect(await problemOf(open('999999', true))).toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 0 } })
    expect(asked).toEqual([])
  })

  test('what cannot be a PIN, and another card: the card is not asked', async () => {
    const { card, open, state } = stage(kind)
    expect(await problemOf(open('12'))).toMatchObject({ code: 'pin-malformed' })
    state.isSame = false
    expect(await problemOf(open(OLD_PIN))).toMatchObject({ code: 'card-removed' })
    expect(comparing(card.heard)).toEqual([])
  })

  test('what the server refuses is said', async () => {
    const { open } = stage(kind, new Problem('card-suspended'))
    expect(await problemOf(open(OLD_PIN))).toMatchObject({ code: 'card-suspended' })
  })
})
