import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ReaderError } from '../../tasks/ports.ts'
import { PcscConnection } from './pcsc-connection.ts'
import { PcscFailure, type PcscLibrary } from './pcsc-library.ts'
import { commandErrorOf, readerErrorOf } from './pcsc-status.ts'

const OK = Uint8Array.of(0x90, 0x00)
const SHARING_VIOLATION = 0x8010000b
const REMOVED_CARD = 0x80100069

/** A library that notes what it was asked, and answers as told. */
function pretend(answers: Partial<PcscLibrary> = {}) {
  const asked: string[] = []
  const note =
    <T>(call: string, answer: T) =>
    (): T => {
      asked.push(call)
      return answer
    }
  const card = { handle: 1, protocol: 2 }
  const library: PcscLibrary = {
    establishContext: note('establish', 7),
    releaseContext: note('release', undefined),
    listReaders: note('list', ['R']),
    getStatusChange: note('change', Promise.resolve([])),
    cancel: note('cancel', undefined),
    connect: note('connect', Promise.resolve(card)),
    reconnect: note('reconnect', Promise.resolve(card)),
    disconnect: note('disconnect', Promise.resolve()),
    beginTransaction: note('begin', Promise.resolve()),
    status: note('status', Promise.resolve()),
    transmit: note('transmit', Promise.resolve(OK)),
    ...answers,
  }
  return { library, asked }
}

const failing = (status: number) => async (): Promise<never> => {
  throw new PcscFailure('call', status)
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: ReaderError) => error.code,
  )

afterEach(() => {
  vi.useRealTimers()
})

describe('a held card', () => {
  test('is looked at every two seconds, which keeps its transaction alive', async () => {
    vi.useFakeTimers()
    const { library, asked } = pretend()
    const connection = await PcscConnection.open(library, 'R', 0)
    await vi.advanceTimersByTimeAsync(11_000)
    expect(asked.filter((call) => call === 'status')).toHaveLength(5)
    await connection.disconnect()
    await vi.advanceTimersByTimeAsync(11_000)
    expect(asked.filter((call) => call === 'status')).toHaveLength(5)
    expect(asked.slice(-2)).toEqual(['disconnect', 'release'])
  })

  test('is not looked at while a command is under way', async () => {
    vi.useFakeTimers()
    const { promise, resolve } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    const { library, asked } = pretend({ transmit: () => promise })
    const connection = await PcscConnection.open(library, 'R', 0)
    const answer = connection.transmit(OK)
    await vi.advanceTimersByTimeAsync(7_000)
    expect(asked).not.toContain('status')
    resolve(OK)
    expect(await answer).toEqual(OK)
    await connection.disconnect()
  })

  test('tells of its loss while nothing is sent', async () => {
    vi.useFakeTimers()
    const { library, asked } = pretend({ status: failing(REMOVED_CARD) })
    const connection = await PcscConnection.open(library, 'R', 0)
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await connection.whenEnded).code).toBe('removed')
    expect(await codeOf(connection.transmit(OK))).toBe('removed')
    await connection.disconnect()
    expect(asked.filter((call) => call === 'release')).toHaveLength(1)
  })

  test('answers with less than a status word: the outcome is unknown, and the connection over', async () => {
    const { library } = pretend({ transmit: async () => new Uint8Array(1) })
    const connection = await PcscConnection.open(library, 'R', 0)
    expect(await codeOf(connection.transmit(OK))).toBe('torn')
    expect(await codeOf(connection.transmit(OK))).toBe('torn')
  })

  test('is closed once', async () => {
    const { library, asked } = pretend()
    const connection = await PcscConnection.open(library, 'R', 0)
    await Promise.all([connection.disconnect(), connection.disconnect()])
    expect(await codeOf(connection.transmit(OK))).toBe('closed')
    expect(asked.filter((call) => call === 'disconnect')).toHaveLength(1)
  })
})

describe('taking hold', () => {
  test('of a card that another program lets go soon', async () => {
    vi.useFakeTimers()
    let refusals = 3
    const { library } = pretend()
    const { connect } = library
    library.connect = (...args) => (refusals-- > 0 ? failing(SHARING_VIOLATION)() : connect(...args))
    const opening = PcscConnection.open(library, 'R', 5_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await (await opening).disconnect()
    expect(refusals).toBe(-1)
  })

  test('of a card that another program keeps', async () => {
    vi.useFakeTimers()
    const { library, asked } = pretend({ connect: failing(SHARING_VIOLATION) })
    const opening = codeOf(PcscConnection.open(library, 'R', 5_000))
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await opening).toBe('in-use')
    expect(asked).toContain('release')
  })

  test('of a card in another program’s transaction: one that begins too late is ended at once', async () => {
    vi.useFakeTimers()
    const { promise, resolve } = Promise.withResolvers<void>()
    const { library, asked } = pretend({ beginTransaction: () => promise })
    const opening = codeOf(PcscConnection.open(library, 'R', 5_000))
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await opening).toBe('in-use')
    expect(asked).not.toContain('release')
    resolve()
    await vi.advanceTimersByTimeAsync(1)
    expect(asked.slice(-2)).toEqual(['disconnect', 'release'])
  })

  test.each([
    [REMOVED_CARD, 'no-card'],
    [0x8010000c, 'no-card'],
    [0x80100066, 'no-card'],
    [0x80100009, 'no-reader'],
    [0x8010001d, 'service-stopped'],
  ])('when connecting answers %i: %s', async (status, code) => {
    const { library } = pretend({ connect: failing(status) })
    expect(await codeOf(PcscConnection.open(library, 'R', 0))).toBe(code)
  })

  test('where there is no service', async () => {
    const { library } = pretend({
      establishContext: () => {
        throw new PcscFailure('SCardEstablishContext', 0x8010001d)
      },
    })
    expect(await codeOf(PcscConnection.open(library, 'R', 0))).toBe('no-service')
  })
})

test.each([
  ['removed', 0x80100069, 'removed', 'removed'],
  ['reset by another program', 0x80100068, 'reset', 'reset'],
  ['reader unplugged', 0x80100017, 'removed', 'removed'],
  ['unpowered', 0x80100067, 'no-card', 'torn'],
  ['lost on the way', 0x8010002f, 'service-stopped', 'torn'],
  ['service stopped', 0x8010001e, 'service-stopped', 'service-stopped'],
  ['context of a service that was restarted', 0x80100003, 'service-stopped', 'service-stopped'],
])('%s', (_, status, otherwise, duringCommand) => {
  const failure = new PcscFailure('call', status)
  expect(readerErrorOf(failure).code).toBe(otherwise)
  expect(commandErrorOf(failure).code).toBe(duringCommand)
})
