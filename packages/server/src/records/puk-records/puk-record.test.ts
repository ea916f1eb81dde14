import { describe, expect, it } from 'vitest'
import { afterOutcome, afterRelease, findReleaseObstacle, issuedPuk, type PukRecord } from './puk-record.ts'

const g = (counter: number) => ({ epoch: 0, counter })
const yubikey = issuedPuk(g(1), { triesLimit: 3, restoredByUnblock: 'yes', isRotatable: true })
const unknown = issuedPuk(g(1), { triesLimit: null, restoredByUnblock: 'no-or-unknown', isRotatable: true })
const torn: PukRecord = { ...yubikey, candidates: [g(2), g(1)] }
const exposed = { at: '2026-11-23T09:00:00.000Z', to: 'person-1' }

describe('[piv-unblock/v1, The PUK record] events', () => {
  it('issued: one candidate, all tries, not exposed; three tries where the card does not tell', () => {
    expect(unknown).toMatchObject({ candidates: [g(1)], triesAtLeast: 3, triesLimit: 3, exposedSince: null })
  })

  it('released: exposed from the first time on; a try only with several candidates', () => {
    expect(afterRelease(yubikey, exposed)).toMatchObject({
      triesAtLeast: 3,
      exposedSince: exposed.at,
      exposedTo: 'person-1',
    })
    expect(afterRelease(afterRelease(yubikey, exposed), { at: 'later', to: 'x' })).toMatchObject({
      exposedSince: exposed.at,
    })
    expect(afterRelease(torn, exposed)).toMatchObject({ triesAtLeast: 2, candidates: [g(2), g(1)] })
  })

  it('receipt 0: the one that was sent; the counter as the family restores it', () => {
    const done = { code: 'unblocked' } as const
    expect(afterOutcome(afterRelease({ ...torn, triesAtLeast: 3 }, exposed), g(2), done, 1)).toMatchObject({
      candidates: [g(2)],
      triesAtLeast: 3,
    })
    const tired = { ...unknown, triesAtLeast: 2 }
    expect(afterOutcome(tired, g(1), done, 0)).toMatchObject({ triesAtLeast: 2 })
    expect(afterOutcome({ ...tired, candidates: [g(2), g(1)], triesAtLeast: 1 }, g(1), done, 1)).toMatchObject({
      candidates: [g(1)],
      triesAtLeast: 2,
    })
  })

  it('receipts 1 to 8: without the one that was sent, tries as told; the refused one is kept aside', () => {
    const released = afterRelease(torn, exposed)
    expect(afterOutcome(released, g(2), { code: 'refused', triesLeft: 2 }, 1)).toMatchObject({
      candidates: [g(1)],
      refused: [g(2)],
      triesAtLeast: 2,
    })
    expect(afterOutcome(released, g(2), { code: 'refused', triesLeft: 0 }, 1)).toMatchObject({
      candidates: [],
      refused: [g(2), g(1)],
      triesAtLeast: 0,
    })
    expect(afterOutcome(yubikey, g(1), { code: 'refused', triesLeft: 2 }, 0)).toMatchObject({
      candidates: [],
      triesAtLeast: 2,
    })
  })

  it('receipt 9: a try less, also with one candidate; with several it is off already', () => {
    expect(afterOutcome(yubikey, g(1), { code: 'unknown' }, 0)).toMatchObject({ candidates: [g(1)], triesAtLeast: 2 })
    expect(afterOutcome(afterRelease(torn, exposed), g(2), { code: 'unknown' }, 1)).toMatchObject({ triesAtLeast: 2 })
  })
})

describe('[piv-unblock/v1, The PUK record] release', () => {
  const may = (record: PukRecord, isSupervisor = false, hasOutstandingRelease = false) =>
    findReleaseObstacle(record, { isSupervisor, hasOutstandingRelease })

  it.each([
    [yubikey, false, false, undefined],
    [yubikey, false, true, undefined],
    [{ ...yubikey, triesAtLeast: 1 }, false, false, 'supervisor-needed'],
    [{ ...yubikey, triesAtLeast: 1 }, true, false, undefined],
    [{ ...yubikey, triesAtLeast: 0 }, true, false, 'card-cannot-be-saved'],
    [{ ...yubikey, candidates: [] }, true, false, 'card-cannot-be-saved'],
    [{ ...yubikey, form: 'other' as const }, true, false, 'card-cannot-be-saved'],
    [{ ...yubikey, candidates: ['imported' as const] }, true, false, 'card-cannot-be-saved'],
    [torn, false, false, undefined],
    [torn, false, true, 'outcome-outstanding'],
    [{ ...torn, triesAtLeast: 2 }, false, false, 'supervisor-needed'],
    [{ ...torn, triesAtLeast: 2 }, true, false, undefined],
    [{ ...torn, triesAtLeast: 1 }, true, false, 'card-cannot-be-saved'],
  ] as const)('case %#', (record, isSupervisor, hasOutstandingRelease, expected) => {
    expect(may(record, isSupervisor, hasOutstandingRelease)).toBe(expected)
  })
})
