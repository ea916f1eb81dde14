import { ascii } from '@unlatch/card'
import { FIPS_201_3, type ScreenState } from '@unlatch/contract'
import { VIRTUAL_CARD_KINDS } from '@unlatch/virtual-cards'
import { describe, expect, onTestFinished, test } from 'vitest'
import { acceptsPin, NEW_PIN, PUK, pukTries, resetsIn, type Staged, stageCard } from '../tasks/blocked-cards.fixture.ts'
import { openPages, pair, seal, toolsOf, until } from './screen.fixture.ts'
import type { ScreenTools } from './screen-tools.ts'
import { UnblockScreen } from './unblock-screen.ts'

const PIV_KINDS = VIRTUAL_CARD_KINDS.filter((kind) => kind !== 'gids')
const WRONG_PUC = '11223344'

function open(staged: Staged, more: Partial<ScreenTools> = {}): UnblockScreen {
  const screen = new UnblockScreen(toolsOf(staged, more))
  onTestFinished(() => screen.close())
  return screen
}

/** From *I have a PUC* to its fields. */
async function toPuc(screen: UnblockScreen) {
  await until(screen, 'blocked', 'failed')
  await screen.beginWithPuc()
  const state = await until(screen, 'puc')
  return { ...state, id: state.attemptId ?? 'none' }
}

const pins = (puc: string, newPin = NEW_PIN) => ({ puc: ascii(puc), newPin: ascii(newPin) })
const refused = (promise: Promise<unknown>, code: string) =>
  expect(promise).rejects.toThrow(expect.objectContaining({ code }))

test.each(PIV_KINDS)(
  '%s: blocked, PUC and new PIN, done; the server is told and the card makes its contact',
  async (kind) => {
    const staged = stageCard(kind)
    const asked: string[] = []
    const screen = open(staged, {
      contactServer: async () => void asked.push('server'),
      contactCard: async (reader) => asked.push(reader),
    })
    expect(await until(screen, 'blocked')).toMatchObject({ card: { hasPuc: true }, puc: null })
    const state = await toPuc(screen)
    const triesLeft = kind.startsWith('yubikey') ? 3 : null
    expect(state).toMatchObject({ puc: { triesLeft }, challenge: null, cryptogram: null, needsConsent: false })
    const secrets = pins(PUK)
    await screen.setPinWithPuc(state.id, secrets, false)
    expect(await until(screen, 'done')).toMatchObject({
      receipt: null,
      problem: null,
      attemptId: null,
      puc: null,
      isWithPuc: true,
    })
    expect([...secrets.puc, ...secrets.newPin].every((octet) => octet === 0)).toBe(true)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
    await expect.poll(() => asked).toEqual(['server', 'reader'])
  },
)

test('the new PIN follows the rules of the card, before the card sees it', async () => {
  const staged = stageCard('yubikey')
  const asked: string[] = []
  const eight = { ...FIPS_201_3, minLength: 8 }
  const policies = {
    async of(cardUuidHex: string) {
      asked.push(cardUuidHex)
      return eight
    },
  }
  const screen = open(staged, { policies })
  expect(await until(screen, 'blocked')).toMatchObject({ policy: { minLength: 8 } })
  const state = await toPuc(screen)
  await refused(screen.setPinWithPuc(state.id, pins(PUK, NEW_PIN.slice(0, 6)), false), 'pin-policy')
  expect(resetsIn(staged.card.heard)).toEqual([])
  await screen.setPinWithPuc(state.id, pins(PUK, '49071285'), false)
  await until(screen, 'done')
  expect(asked[0]).toMatch(/^[0-9A-F]{32}$/)
})

test('a card that is PUC only: no dead end, the PUC is what is left', async () => {
  const staged = stageCard('yubikey', { nineE: 'none' })
  const screen = open(staged)
  await until(screen, 'blocked')
  await screen.begin()
  expect(await until(screen, 'blocked', 'failed')).toMatchObject({
    phase: 'blocked',
    card: { telephoneWay: 'none', hasPuc: true },
    problem: null,
  })
  await screen.setPinWithPuc((await toPuc(screen)).id, pins(PUK), false)
  await until(screen, 'done')
  expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
})

test('a GIDS card has no PUC', async () => {
  const screen = open(stageCard('gids'))
  expect(await until(screen, 'blocked')).toMatchObject({ card: { hasPuc: false } })
  await screen.beginWithPuc()
  expect(await until(screen, 'failed')).toMatchObject({ problem: { code: 'card-not-supported' } })
})

test('pressed twice: one attempt; back again: the choice, and nothing of a challenge', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  await until(screen, 'blocked')
  await Promise.all([screen.beginWithPuc(), screen.beginWithPuc()])
  const { attemptId } = await until(screen, 'puc')
  await screen.again()
  expect(await until(screen, 'blocked', 'challenge')).toMatchObject({ phase: 'blocked', attemptId: null })
  await refused(screen.setPinWithPuc(attemptId ?? '', pins(PUK), false), 'attempt-ended')
  await screen.begin()
  const call = await until(screen, 'challenge')
  expect(call).toMatchObject({ puc: null, isWithPuc: false })
  // Each way takes its own secrets alone.
  await refused(screen.setPinWithPuc(call.attemptId ?? '', pins(PUK), false), 'attempt-ended')
  await screen.again()
  await until(screen, 'challenge')
})

test('no PUC, a PIN that breaks the rules: asked again in the same attempt', async () => {
  const staged = stageCard('piv-lenient')
  const screen = open(staged)
  const { id } = await toPuc(screen)
  await refused(screen.setPinWithPuc(id, pins('1234567'), false), 'puc-malformed')
  expect(await until(screen, 'puc')).toMatchObject({ attemptId: id, problem: { code: 'puc-malformed' } })
  await refused(screen.setPinWithPuc(id, pins(PUK, '123456'), false), 'pin-policy')
  expect(await until(screen, 'puc')).toMatchObject({ attemptId: id, problem: { facts: { rules: ['sequence'] } } })
  expect(resetsIn(staged.card.heard)).toEqual([])
  await refused(screen.enterCryptogram(id, ascii('1')), 'attempt-ended')
  await screen.setPinWithPuc(id, pins(PUK), false)
  await until(screen, 'done')
})

test('refused: how many tries are left; typed again; the last one needs consent, from the beginning', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  for (const triesLeft of [2, 1]) {
    await refused(screen.setPinWithPuc((await toPuc(screen)).id, pins(WRONG_PUC), false), 'puc-refused')
    expect(await until(screen, 'failed')).toMatchObject({ problem: { code: 'puc-refused', facts: { triesLeft } } })
  }
  const last = await toPuc(screen)
  expect(last).toMatchObject({ needsConsent: true, puc: { triesLeft: 1 } })
  await refused(screen.setPinWithPuc(last.id, pins(PUK), false), 'last-try')
  expect(await until(screen, 'puc')).toMatchObject({ needsConsent: true, attemptId: last.id })
  expect(pukTries(staged.card)).toBe(1)
  await screen.setPinWithPuc(last.id, pins(PUK), true)
  await until(screen, 'done')
  expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
})

test('removed while it is typed: said, and the choice is there when it is back', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  await toPuc(screen)
  staged.reader.remove()
  expect(await until(screen, 'no-card')).toMatchObject({
    isWithPuc: true,
    problem: { code: 'card-removed' },
  })
  staged.reader.insert(staged.card)
  expect(await until(screen, 'blocked', 'challenge')).toMatchObject({ phase: 'blocked' })
})

test.each(['before', 'after'] as const)(
  'torn %s the card ran it: not known; put back, it is looked at',
  async (moment) => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    const { id } = await toPuc(screen)
    staged.reader.cutPower({ afterCommands: 1, moment })
    await refused(screen.setPinWithPuc(id, pins(PUK), false), 'outcome-unknown')
    expect(await until(screen, 'failed')).toMatchObject({ receipt: null, problem: { code: 'outcome-unknown' } })
    staged.reader.insert(staged.card)
    expect(await until(screen, 'blocked', 'not-blocked')).toMatchObject({
      phase: moment === 'after' ? 'not-blocked' : 'blocked',
    })
  },
)

describe('over the loopback', () => {
  test('PUC and PIN are sealed, each for its own field and this attempt', async () => {
    const staged = stageCard('yubikey')
    const page = await pair(await openPages(toolsOf(staged)))
    const stateIn = async (phase: ScreenState['phase']) => {
      let state = (await (await page.state()).json()) as ScreenState
      while (state.phase !== phase) state = (await (await page.state(state.version)).json()) as ScreenState
      return state
    }
    const typeOf = async (answer: Response) => ((await answer.json()) as { type: string }).type
    await stateIn('blocked')
    expect((await page.post('/unblock/begin-with-puc')).status).toBe(204)
    const { attemptId: id, sealKey } = await stateIn('puc')
    const attemptId = id ?? 'none'
    const puc = seal(sealKey, attemptId, 'puc', PUK)
    const sealed = seal(sealKey, attemptId, 'new-pin', NEW_PIN)
    const swapped = { attemptId, puc: sealed, sealed: puc, consent: false }
    expect(await typeOf(await page.post('/unblock/puc', swapped))).toBe('/problems/input-invalid')
    const other = { attemptId, puc: seal(sealKey, 'another', 'puc', PUK), sealed, consent: false }
    expect(await typeOf(await page.post('/unblock/puc', other))).toBe('/problems/input-invalid')
    expect(resetsIn(staged.card.heard)).toEqual([])
    expect((await page.post('/unblock/puc', { attemptId, puc, sealed, consent: false })).status).toBe(204)
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })
})
