import { describe, expect, it } from 'vitest'
import { issuedPuk, type PukRecord } from './puk-record.ts'
import { afterChange, afterHolderChange, afterProbe, planRotation } from './rotation.ts'

const g = (counter: number, epoch = 0) => ({ epoch, counter })
const fresh = issuedPuk(g(1), { triesLimit: 3, restoredByUnblock: 'yes', isRotatable: true })
const exposed: PukRecord = { ...fresh, exposedSince: '2026-11-23T09:00:00.000Z', exposedTo: 'person-1' }
const intended: PukRecord = { ...exposed, candidates: [g(1), g(2)] }

describe('[piv-unblock/v1, The PUK record] what a station does', () => {
  it.each([
    ['nobody outside knows it', fresh, { kind: 'end', end: 'not-needed' }],
    ['exposed', exposed, { kind: 'change', from: g(1), to: g(2), record: { candidates: [g(1), g(2)] } }],
    ['factory value', { ...fresh, candidates: ['factory' as const] }, { kind: 'change', from: 'factory', to: g(2) }],
    ['the card takes no other', { ...exposed, isRotatable: false }, { kind: 'end', end: 'not-possible' }],
    ['torn', intended, { kind: 'probe', candidate: g(2) }],
    ['torn, older last', { ...intended, candidates: [g(2), g(1)] }, { kind: 'probe', candidate: g(2) }],
    ['torn over a restore', { ...intended, candidates: [g(9), g(1, 1)] }, { kind: 'probe', candidate: g(1, 1) }],
    ['torn, one try left', { ...intended, triesAtLeast: 1 }, { kind: 'end', end: 'consent-needed' }],
    ['torn, no try left', { ...intended, triesAtLeast: 0 }, { kind: 'end', end: 'not-possible' }],
    ['all refused', { ...exposed, candidates: [], refused: [g(1)] }, { kind: 'end', end: 'consent-needed' }],
    ['of six digits, not ours', { ...exposed, form: 'other' as const }, { kind: 'end', end: 'not-possible' }],
    ['nothing live is known', { ...exposed, candidates: [] }, { kind: 'end', end: 'not-possible' }],
    ['imported', { ...exposed, candidates: ['imported' as const] }, { kind: 'change', from: 'imported', to: g(2) }],
  ])('%s', (_, record, step) => expect(planRotation(record, g(2))).toMatchObject(step))
})

describe('[piv-unblock/v1, The PUK record] with consent, or at the computer of the holder', () => {
  const consent = { isStation: true, hasConsent: true }
  const holder = { isStation: false, hasConsent: false }
  it.each([
    ['one try, the likeliest first', { ...intended, triesAtLeast: 1 }, consent, { kind: 'probe', candidate: g(1) }],
    [
      'the last one refused',
      { ...exposed, candidates: [], refused: [g(1), g(3)] },
      consent,
      { kind: 'probe', candidate: g(3) },
    ],
    [
      'none left',
      { ...exposed, candidates: [], refused: [g(1)], triesAtLeast: 0 },
      consent,
      { kind: 'end', end: 'not-possible' },
    ],
    ['holder: the one that is sure', exposed, holder, { kind: 'change', from: g(1), to: g(2) }],
    ['holder: never where it is not', intended, holder, { kind: 'end', end: 'not-possible' }],
    [
      'holder: no factory value',
      { ...exposed, candidates: ['factory' as const] },
      holder,
      { kind: 'end', end: 'not-possible' },
    ],
  ])('%s', (_, record, at, step) => expect(planRotation(record, g(2), at)).toMatchObject(step))

  it.each([
    ['9000 may be a lie', null, { candidates: [g(2), g(1)], triesAtLeast: 3, exposedSince: exposed.exposedSince }],
    ['63C1', { code: 'reference-incorrect' as const, retriesLeft: 1 }, { candidates: [g(1), g(2)], triesAtLeast: 1 }],
    ['6983 may be a lie', { code: 'reference-blocked' as const }, { candidates: [g(1), g(2)], triesAtLeast: 1 }],
    ['6A80', { code: 'reference-refused' as const }, { candidates: [g(1), g(2)], triesAtLeast: 3, isRotatable: true }],
  ])('%s', (_, answer, record) => expect(afterHolderChange(intended, g(1), g(2), answer)).toMatchObject(record))
})

describe('[piv-unblock/v1, The PUK record] rotation answered at a station', () => {
  it.each([
    ['9000', null, { candidates: [g(2)], triesAtLeast: 3, exposedSince: null }],
    ['6A81, 6D00', { code: 'not-supported' as const }, { candidates: [g(1)], isRotatable: false }],
    ['6A88', { code: 'not-found' as const }, { candidates: [g(1)], isRotatable: false }],
    ['6A80', { code: 'reference-refused' as const }, { candidates: [g(1)], isRotatable: true }],
    ['6985', { code: 'conditions-not-satisfied' as const }, { candidates: [g(1)], isRotatable: true }],
    [
      '63C2',
      { code: 'reference-incorrect' as const, retriesLeft: 2 },
      { candidates: [], refused: [g(1)], triesAtLeast: 2 },
    ],
    ['6300', { code: 'reference-incorrect' as const }, { candidates: [], refused: [g(1)], triesAtLeast: 2 }],
    ['6983', { code: 'reference-blocked' as const }, { candidates: [], triesAtLeast: 0 }],
    ['nonsense', { code: 'bad-response' as const }, { candidates: [g(1), g(2)], triesAtLeast: 3 }],
  ])('%s', (_, answer, record) => expect(afterChange(intended, g(2), answer)).toMatchObject(record))
})

describe('[piv-unblock/v1, The PUK record] torn rotation, probed', () => {
  it.each([
    ['9000', null, { candidates: [g(2)], triesAtLeast: 3 }],
    ['6A80: it matched', { code: 'reference-refused' as const }, { candidates: [g(2)] }],
    [
      '63C2: it is not live',
      { code: 'reference-incorrect' as const, retriesLeft: 2 },
      { candidates: [g(1)], triesAtLeast: 2 },
    ],
    ['6983', { code: 'reference-blocked' as const }, { candidates: [], triesAtLeast: 0 }],
    ['nonsense', { code: 'bad-response' as const }, { candidates: [g(1), g(2)] }],
  ])('%s', (_, answer, record) => expect(afterProbe(intended, g(2), answer)).toMatchObject(record))
})
