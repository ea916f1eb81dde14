import { describe, expect, it } from 'vitest'
import { codeAt } from './one-time.ts'

const SECRET = new TextEncoder().encode('12345678901234567890')

describe('the code of a secret at a counter', () => {
  it.each(
    ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map(
      (code, counter) => ({ counter, code }),
    ),
  )('RFC 4226, appendix D: $counter, $code', ({ counter, code }) => {
    expect(codeAt(SECRET, counter)).toBe(code)
  })

  // Eight digits there; six are the last ones of them.
  it.each([
    { seconds: 59, code: '94287082' },
    { seconds: 1_111_111_109, code: '07081804' },
    { seconds: 1_111_111_111, code: '14050471' },
    { seconds: 1_234_567_890, code: '89005924' },
    { seconds: 2_000_000_000, code: '69279037' },
    { seconds: 20_000_000_000, code: '65353130' },
  ])('RFC 6238, appendix B: $seconds seconds, $code', ({ seconds, code }) => {
    expect(codeAt(SECRET, Math.floor(seconds / 30))).toBe(code.slice(2))
  })
})
