import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CanonicalValue, writeCanonicalJson } from './canonical-json.ts'

describe('[RFC 8785, 3.2] canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [
      { '€': 'Euro Sign', '\r': 'CR', '1': 'One', '\u0080': 'Control', '😀': 'Smiley', ö: 'o', '\ufb33': 'Dalet' },
      '{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Smiley","\ufb33":"Dalet"}',
    ],
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [-0, '0'],
    [{}, '{}'],
    [[], '[]'],
  ] as [CanonicalValue, string][])('%j', (value, text) => expect(writeCanonicalJson(value)).toBe(text))

  it('no fraction, no lone surrogate', () => {
    for (const bad of [1.5, Number.NaN, 2 ** 53, '\ud800', { '\udc00': 1 }]) {
      expect(() => writeCanonicalJson(bad as CanonicalValue)).toThrow(RangeError)
    }
  })

  it('one text for one value, which JSON reads back', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value')),
      ),
    })).value as fc.Arbitrary<CanonicalValue>
    void fc.assert(
      fc.property(value, (any) => {
        const text = writeCanonicalJson(any)
        expect(writeCanonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })
})
