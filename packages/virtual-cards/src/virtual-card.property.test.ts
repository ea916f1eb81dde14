import { writeCommand } from '@unlatch/card/iso7816'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../test/property-runs.ts'
import { createVirtualCard, VIRTUAL_CARD_KINDS } from './create-virtual-card.ts'
import { personaliseGids } from './personalise/personalise-gids.ts'
import { sendHex } from './send-hex.ts'
import type { VirtualCard, VirtualCardKind } from './virtual-card.ts'

/** Commands that a card might know, with any data; and any octets at all. GENERATE is left out: RSA keys take seconds. */
const command = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .record({
      cla: fc.constantFrom(0x00, 0x10),
      ins: fc.constantFrom(
        0x20,
        0x22,
        0x24,
        0x2c,
        0x44,
        0x87,
        0xa4,
        0xc0,
        0xcb,
        0xdb,
        0xe0,
        0xf6,
        0xf7,
        0xfa,
        0xfe,
        0xff,
      ),
      p1: fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x04, 0x0a, 0x11, 0x3f, 0xff),
      p2: fc.constantFrom(0x00, 0x80, 0x81, 0x9b, 0x9e, 0xff),
      data: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 30 }).map((inside) => Uint8Array.of(0x7c, inside.length, ...inside)),
      ),
    })
    .map((parts) => writeCommand(parts) as Uint8Array),
)

function selected(kind: VirtualCardKind): VirtualCard {
  const card = createVirtualCard(kind)
  if (kind === 'gids')
    personaliseGids(card, { cardId: new Uint8Array(16), adminKey: new Uint8Array(24), pin: '914735' })
  card.reset()
  sendHex(card)(kind === 'gids' ? '00A4040009A0000003974254465900' : '00A4040009A0000003080000100000')
  return card
}

function triesOf(card: VirtualCard): number[] {
  const memory = card.save()
  return memory.kind === 'gids' ? [memory.pin?.left ?? 0] : [memory.pin.left, memory.puk.left]
}

test.each(VIRTUAL_CARD_KINDS)('%s: whatever arrives is answered, and no counter grows', (kind) => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
      const card = selected(kind)
      let before = triesOf(card)
      for (const octets of commands) {
        const answer = card.transmit(octets)
        expect(answer.length).toBeGreaterThanOrEqual(2)
        expect([0x6f]).not.toContain(answer.at(-2))
        const after = triesOf(card)
        expect(after.every((left, i) => left <= (before[i] ?? 0))).toBe(true)
        before = after
      }
    }),
    { numRuns: runs(150) },
  )
})

test.each(VIRTUAL_CARD_KINDS)('%s: its memory is JSON, and comes back the same', (kind) => {
  const card = selected(kind)
  expect(JSON.parse(JSON.stringify(card.save()))).toEqual(card.save())
})
