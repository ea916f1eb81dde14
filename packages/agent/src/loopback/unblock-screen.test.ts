import { ascii } from '@unlatch/card'
import type { ProblemCode } from '@unlatch/contract'
import { VIRTUAL_CARD_KINDS } from '@unlatch/virtual-cards'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  acceptsPin,
  CARD_UUID,
  createCard,
  misheard,
  NEW_PIN,
  resetsIn,
  type Staged,
  stageCard,
} from '../tasks/blocked-cards.fixture.ts'
import type { ServerClient } from '../tasks/ports.ts'
import { toolsOf, until } from './screen.fixture.ts'
import type { ScreenTools } from './screen-tools.ts'
import { UnblockScreen } from './unblock-screen.ts'

function open(staged: Staged, more: Partial<ScreenTools> = {}): UnblockScreen {
  const screen = new UnblockScreen(toolsOf(staged, more))
  onTestFinished(() => screen.close())
  return screen
}

const attemptOf = (state: { attemptId: string | null }) => state.attemptId ?? 'none'

/** From OK to an accepted cryptogram. */
async function toNewPin(screen: UnblockScreen, staged: Staged, puk?: string): Promise<string> {
  await until(screen, 'blocked')
  await screen.begin()
  const state = await until(screen, 'challenge')
  await screen.enterCryptogram(attemptOf(state), ascii(staged.desk.answer(state.challenge?.code ?? '', puk)))
  await until(screen, 'new-pin')
  return attemptOf(state)
}

const refused = (promise: Promise<unknown>, code: ProblemCode) =>
  expect(promise).rejects.toThrow(expect.objectContaining({ code }))

test.each(VIRTUAL_CARD_KINDS)('%s: blocked, challenge, new PIN, done', async (kind) => {
  const staged = stageCard(kind)
  let contacts = 0
  const screen = open(staged, { contactServer: async () => void contacts++ })
  const blocked = await until(screen, 'blocked')
  expect(blocked).toMatchObject({
    card: { reader: 'reader', telephoneWay: kind === 'gids' ? 'native-admin-key' : 'masked-puk' },
    challenge: null,
    attemptId: null,
    problem: null,
  })
  const attemptId = await toNewPin(screen, staged)
  await screen.setNewPin(attemptId, ascii(NEW_PIN), false)
  const done = await until(screen, 'done')
  expect(done.receipt === null).toBe(kind === 'gids')
  expect(done).toMatchObject({ attemptId: null, challenge: null, problem: null })
  expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  expect(contacts).toBe(1)
})

test('no reader, no card, a card that is not blocked, a blocked card', async () => {
  const staged = stageCard('yubikey')
  const none = open(staged, { readers: { ...staged.tools.readers, list: async () => [] } })
  expect((await until(none, 'no-reader')).card).toBeNull()
  staged.reader.remove()
  const screen = open(staged)
  await until(screen, 'no-card')
  staged.reader.insert(createCard('gids').card)
  expect((await until(screen, 'not-blocked')).card).toMatchObject({ family: 'gids' })
  staged.reader.insert(staged.card)
  expect((await until(screen, 'blocked')).card).toMatchObject({ family: 'piv' })
})

test('a card swapped between two looks is looked at', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  await until(screen, 'blocked')
  const { card } = createCard('gids')
  staged.reader.remove()
  staged.reader.insert(card)
  expect((await until(screen, 'not-blocked')).card).toMatchObject({ family: 'gids' })
})

test('OK without a card', async () => {
  const staged = stageCard('yubikey')
  staged.reader.remove()
  const screen = open(staged)
  await until(screen, 'no-card')
  await refused(screen.begin(), 'no-card')
})

test('OK pressed twice draws one challenge, and the card can be let go', async () => {
  const staged = stageCard('gids')
  const screen = open(staged)
  await until(screen, 'blocked')
  await Promise.all([screen.begin(), screen.begin()])
  const state = await until(screen, 'challenge', 'failed')
  expect(state).toMatchObject({ phase: 'challenge', problem: null })
  await screen.close()
  expect(() => staged.reader.connect()).not.toThrow()
})

test('a new challenge on demand: another one, the old attempt is over', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  const attemptId = await toNewPin(screen, staged)
  await screen.again()
  const state = await until(screen, 'challenge')
  expect(state.attemptId).not.toBe(attemptId)
  await refused(screen.setNewPin(attemptId, ascii(NEW_PIN), false), 'attempt-ended')
})

test('a mistyped cryptogram is told by its groups; five end the attempt', async () => {
  const staged = stageCard('gids')
  const screen = open(staged)
  await until(screen, 'blocked')
  await screen.begin()
  const { challenge, ...state } = await until(screen, 'challenge')
  const wrong = misheard(staged.desk.answer(challenge?.code ?? ''))
  for (const entriesLeft of [4, 3, 2, 1]) {
    await refused(screen.enterCryptogram(attemptOf(state), ascii(wrong)), 'cryptogram-mistyped')
    expect((await until(screen, 'challenge')).cryptogram).toEqual({ entriesLeft, wrongGroups: [1] })
  }
  await refused(screen.enterCryptogram(attemptOf(state), ascii(wrong)), 'attempt-ended')
  expect(await until(screen, 'failed')).toMatchObject({ attemptId: null, problem: { code: 'attempt-ended' } })
  await screen.again()
  expect((await until(screen, 'challenge')).cryptogram).toEqual({ entriesLeft: 5, wrongGroups: [] })
})

describe('removed during the call', () => {
  test.each(VIRTUAL_CARD_KINDS)('%s: said at once; put back, a new challenge is made by itself', async (kind) => {
    const staged = stageCard(kind)
    const screen = open(staged)
    const attemptId = await toNewPin(screen, staged)
    staged.reader.remove()
    expect(await until(screen, 'no-card')).toMatchObject({ attemptId: null, problem: { code: 'card-removed' } })
    staged.reader.insert(staged.card)
    const state = await until(screen, 'challenge')
    expect(state.attemptId).not.toBe(attemptId)
    expect(state.problem).toBeNull()
    await screen.enterCryptogram(attemptOf(state), ascii(staged.desk.answer(state.challenge?.code ?? '')))
    await screen.setNewPin(attemptOf(state), ascii(NEW_PIN), false)
    await until(screen, 'done')
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('another card put in instead, not blocked: no challenge', async () => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    await toNewPin(screen, staged)
    staged.reader.remove()
    await until(screen, 'no-card')
    staged.reader.insert(createCard('yubikey').card)
    expect(await until(screen, 'not-blocked')).toMatchObject({ attemptId: null, challenge: null })
  })

  test('before the call a removal asks for nothing', async () => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    await until(screen, 'blocked')
    staged.reader.remove()
    await until(screen, 'no-card')
    staged.reader.insert(staged.card)
    expect(await until(screen, 'blocked', 'challenge')).toMatchObject({ phase: 'blocked' })
  })
})

describe('a new PIN', () => {
  test('that breaks the rules, or is refused: asked again, with the problem', async () => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    const attemptId = await toNewPin(screen, staged)
    await refused(screen.setNewPin(attemptId, ascii('123456'), false), 'pin-policy')
    expect(await until(screen, 'new-pin')).toMatchObject({
      attemptId,
      problem: { code: 'pin-policy', facts: { rules: ['sequence'] } },
    })
    await screen.setNewPin(attemptId, ascii(NEW_PIN), false)
    expect((await until(screen, 'done')).problem).toBeNull()
  })

  test('the last try: consent is asked for', async () => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    for (let tries = 0; tries < 2; tries++) {
      const attemptId = await toNewPin(screen, staged, '11223344')
      await refused(screen.setNewPin(attemptId, ascii(NEW_PIN), false), 'puk-refused')
      expect(await until(screen, 'failed')).toMatchObject({
        problem: { code: 'puk-refused' },
        receipt: expect.stringMatching(/^[23]\d{3}$/),
      })
      staged.reader.remove()
      staged.reader.insert(staged.card)
    }
    const attemptId = await toNewPin(screen, staged)
    await refused(screen.setNewPin(attemptId, ascii(NEW_PIN), false), 'last-try')
    expect(await until(screen, 'new-pin')).toMatchObject({ needsConsent: true })
    await screen.setNewPin(attemptId, ascii(NEW_PIN), true)
    await until(screen, 'done')
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })

  test('sent twice at once: one reaches the card', async () => {
    const staged = stageCard('piv-lenient')
    const screen = open(staged)
    const attemptId = await toNewPin(screen, staged)
    const [first, second] = await Promise.allSettled([
      screen.setNewPin(attemptId, ascii(NEW_PIN), false),
      screen.setNewPin(attemptId, ascii('314159'), false),
    ])
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
    expect(await until(screen, 'done', 'failed')).toMatchObject({ phase: 'done', problem: null })
    expect(resetsIn(staged.card.heard)).toHaveLength(1)
  })

  test('torn: outcome unknown with its receipt; the card put back is looked at', async () => {
    const staged = stageCard('yubikey')
    const screen = open(staged)
    const attemptId = await toNewPin(screen, staged)
    staged.reader.cutPower({ afterCommands: 1, moment: 'after' })
    await refused(screen.setNewPin(attemptId, ascii(NEW_PIN), false), 'outcome-unknown')
    expect(await until(screen, 'failed')).toMatchObject({ receipt: expect.stringMatching(/^9/) })
    staged.reader.insert(staged.card)
    await until(screen, 'not-blocked')
    expect(acceptsPin(staged.card, NEW_PIN)).toBe(true)
  })
})

describe('an end stays until the card goes', () => {
  test.each(['done', 'failed'] as const)('%s survives what the readers tell for nothing', async (phase) => {
    const staged = stageCard('yubikey')
    let tell = () => {}
    const readers = {
      ...staged.tools.readers,
      watch(listener: () => void) {
        tell = listener
        return staged.tools.readers.watch(listener)
      },
    }
    const screen = open(staged, { readers })
    const attemptId = await toNewPin(screen, staged, phase === 'done' ? undefined : '11223344')
    await screen.setNewPin(attemptId, ascii(NEW_PIN), false).catch(() => {})
    const { receipt, version } = await until(screen, phase)
    tell()
    tell()
    const later = await screen.state(version + 1, new AbortController().signal)
    expect(later).toMatchObject({ phase, receipt })
    staged.reader.remove()
    const after = await screen.state(later.version, new AbortController().signal)
    expect(after).toMatchObject({ phase, receipt })
    staged.reader.insert(staged.card)
    expect(await until(screen, 'blocked', 'not-blocked')).toMatchObject({ receipt: null, problem: null })
  })
})

test('a page that waits is woken when the screen closes', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged)
  const { version } = await until(screen, 'blocked')
  const waiting = screen.state(version + 100, new AbortController().signal)
  await screen.close()
  expect((await waiting).phase).toBe('blocked')
})

test('a server that cannot be told changes nothing for the cardholder', async () => {
  const staged = stageCard('yubikey')
  const screen = open(staged, { contactServer: () => Promise.reject(new Error('no network')) })
  await screen.setNewPin(await toNewPin(screen, staged), ascii(NEW_PIN), false)
  expect((await until(screen, 'done', 'failed')).phase).toBe('done')
})

test('an unblock that is handed over names the operator who asks now, and asks for nothing anew', async () => {
  const staged = stageCard('yubikey')
  let operatorName: string | undefined = 'Olivia Operator'
  const progress: Partial<ServerClient> = { unblockProgress: async () => ({ state: 'asked', operatorName }) }
  const server = progress as ServerClient
  const screen = open(staged, { connected: { server, keySha256: '' } })
  const listeners = new Set<() => void>()
  const news = {
    signal: new AbortController().signal,
    onNudge(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const job = {
    kind: 'unblock',
    unblockId: 'unblock-1',
    cardId: 'card-1',
    cardUuid: Buffer.from(CARD_UUID).toString('hex').toUpperCase(),
    reader: 'reader',
    operatorName,
    personName: 'Ada Lindqvist',
    cardLabel: 'Staff card',
    printedSerial: 'UN-1',
    isRemote: true,
    code: '42',
  } as const
  await until(screen, 'blocked')
  const unblocking = screen.unblock(job, news).catch((error) => error)
  let state = await until(screen, 'asked')
  expect(state.asked?.operatorName).toBe('Olivia Operator')
  const nudge = async () => {
    for (const listener of listeners) listener()
    return screen.state(state.version, AbortSignal.timeout(300))
  }
  expect((await nudge()).version).toBe(state.version)
  operatorName = 'Otto Operator'
  state = await nudge()
  expect(state).toMatchObject({ phase: 'asked', asked: { operatorName: 'Otto Operator', code: '42' } })
  // A server of before tells no name.
  operatorName = undefined
  expect((await nudge()).version).toBe(state.version)
  await screen.decline()
  expect(await unblocking).toMatchObject({ code: 'unblock-declined' })
  expect(listeners.size).toBe(0)
})
